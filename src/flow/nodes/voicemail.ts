import type { VoicemailNode } from '../flow.ts'
import type { FlowInput } from '../inputs.ts'
import type { Turn } from '../turn.ts'
import type { NodeType } from './node-type.ts'

/**
 * Records a message: greeting, beep, recording. Neither a greeting nor a beep that cannot be played stops it: the
 * message counts. Stages: `greeting`, `beep`, `recording`, `gone` (the caller hung up after speaking).
 */
export const voicemail: NodeType<VoicemailNode> = {
  talks: () => true,

  enter(node, turn) {
    turn.flush()
    turn.act({ stage: 'greeting' })
    if (!turn.play(turn.render(node.prompt), true)) beep(node, turn)
  },

  receive(node, input, turn) {
    switch (input.type) {
      case 'digit':
        return pressed(node, turn)
      case 'play.failed':
        turn.fault('prompt', input.detail)
        return onward(node, turn)
      case 'played':
        return onward(node, turn)
      case 'recorded':
        return recorded(node, input, turn)
      case 'record.failed':
        return turn.fail('recording', input.detail)
      default:
    }
  },
}

/** A key skips the greeting; # in the recording ends it, at the backend. */
function pressed(node: VoicemailNode, turn: Turn): void {
  const digit = turn.takeDigit() ?? ''
  turn.flush()
  if (turn.activity.stage === 'greeting') {
    turn.stopPlay()
    beep(node, turn)
  } else turn.act({ entry: digit })
}

function onward(node: VoicemailNode, turn: Turn): void {
  if (turn.activity.stage === 'greeting') beep(node, turn)
  else record(node, turn)
}

function beep(node: VoicemailNode, turn: Turn): void {
  turn.act({ stage: 'beep' })
  if (!node.beep || !turn.play([{ audio: 'beep' }], false)) record(node, turn)
}

function record(node: VoicemailNode, turn: Turn): void {
  const recording = turn.id('recording')
  turn.act({ stage: 'recording', recording, entry: '' })
  turn.effect({
    type: 'record.start',
    recording,
    mailbox: node.mailbox,
    maxMs: node.maxMs,
    silenceMs: node.silenceMs,
    stopDigits: '#',
  })
}

function recorded(node: VoicemailNode, input: Extract<FlowInput, { type: 'recorded' }>, turn: Turn): void {
  const { recording, reason, durationMs } = input
  const spokenMs = reason === 'silence' ? durationMs - node.silenceMs : durationMs
  const isMessage = spokenMs >= node.minMs
  if (isMessage) {
    turn.effect({ type: 'voicemail.keep', recording, mailbox: node.mailbox })
    turn.update({ outcome: 'voicemail' })
  }
  // The key that ended the recording may be told after it.
  if (reason === 'digit' && turn.activity.entry !== '#') turn.update({ stray: '#' })
  if (reason === 'hangup') turn.act({ stage: 'gone' })
  else turn.goto(isMessage ? node.next : node.empty)
}
