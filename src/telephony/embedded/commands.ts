import type { CallCommand, CallCommandType } from '../../call/commands.ts'
import type { CommandFailure } from '../../call/events.ts'
import { hangUpEnding, REFUSALS } from '../endings.ts'
import type { Leg } from './leg.ts'

/** What commands need of the backend. */
export interface CommandSurroundings {
  leg(call: string): Leg | undefined
  dial(command: Extract<CallCommand, { type: 'dial' }>): void
}

type Of<Type extends CallCommandType> = Extract<CallCommand, { type: Type }>
type Handlers = {
  [Type in CallCommandType]: (leg: Leg, command: Of<Type>, around: CommandSurroundings) => void
}

/** Carries a command out. Its ending comes as an event: from media, from the far end, or right away. */
export function executeCommand(
  command: CallCommand,
  around: CommandSurroundings,
  failed: (reason: CommandFailure, detail: string) => void,
): void {
  if (command.type === 'dial') return around.dial(command)
  const leg = around.leg(command.call)
  if (!leg) return failed('no-such-call', `there is no call ${command.call}`)
  // `call.ended` is on its way, and ends this command too.
  if (leg.state === 'ending') return
  if (leg.state === 'new' && needsAudio(command.type)) {
    return failed('wrong-state', `${command.type} was asked for before the call was answered`)
  }
  run(leg, command, around)
}

function run<Type extends CallCommandType>(leg: Leg, command: Of<Type>, around: CommandSurroundings): void {
  const handler: (leg: Leg, command: Of<Type>, around: CommandSurroundings) => void =
    HANDLERS[command.type as Type]
  handler(leg, command, around)
}

function needsAudio(type: CallCommandType): boolean {
  return type !== 'answer' && type !== 'reject' && type !== 'hangup'
}

const ON_HOLD = 'the call is on hold'
const NOT_BRIDGED = 'the call is not bridged'

/** One entry for every command: a new one does not compile until it is here. */
const HANDLERS: Handlers = {
  answer: (leg, { id }) => {
    if (leg.state !== 'new' || !leg.signalling?.answer(id))
      refuse(leg, id, 'only an offered call can be answered')
  },
  reject: (leg, { id, cause, retryAfterSeconds }) => {
    if (leg.direction !== 'inbound' || leg.state !== 'new')
      return refuse(leg, id, 'only an offered call can be rejected')
    const refusal = REFUSALS[cause]
    leg.hangUp({ ...refusal, by: 'local' }, refusal.status, retryAfterSeconds)
  },
  play: (leg, { id, items, interruptible }) => {
    if (leg.held) return refuse(leg, id, ON_HOLD)
    leg.interruptible = interruptible ? id : undefined
    begin(leg, id, 'play')
    leg.send({ type: 'play', command: id, items, interruptible })
  },
  whisper: (leg, { id, items }) => {
    if (leg.held) return refuse(leg, id, ON_HOLD)
    if (!leg.bridgedWith) return refuse(leg, id, NOT_BRIDGED)
    begin(leg, id, 'whisper')
    leg.send({ type: 'whisper', command: id, items })
  },
  'play.stop': (leg, { id }) => {
    begin(leg, id, 'play.stop')
    leg.send({ type: 'stop', command: id, what: 'play' })
  },
  'music.start': (leg, { id, file }) => {
    if (leg.held) return refuse(leg, id, ON_HOLD)
    begin(leg, id, 'music.start')
    leg.send({ type: 'music', command: id, file })
  },
  'music.stop': (leg, { id }) => {
    // The music of a hold is not what this stops.
    if (leg.held) return leg.emit({ type: 'command.done', call: leg.id, command: id })
    begin(leg, id, 'music.stop')
    leg.send({ type: 'stop', command: id, what: 'music' })
  },
  dial: (_leg, command, around) => around.dial(command),
  'digits.send': (leg, { id, digits }) => {
    begin(leg, id, 'digits.send')
    leg.send({ type: 'digits', command: id, digits })
  },
  'record.start': (leg, { id, file, maxMs, silenceMs, stopDigits }) => {
    leg.recording = { command: id, stopDigits: stopDigits ?? '' }
    begin(leg, id, 'record.start')
    leg.send({
      type: 'record',
      command: id,
      file,
      maxMs,
      ...(silenceMs !== undefined && { silenceMs }),
      ...(stopDigits !== undefined && { stopDigits }),
    })
  },
  'record.stop': (leg, { id }) => {
    begin(leg, id, 'record.stop')
    leg.send({ type: 'record-stop', command: id })
  },
  bridge: (leg, command, around) => {
    const peer = around.leg(command.with)
    if (!peer || peer === leg)
      return refuse(leg, command.id, `there is no other call ${command.with}`, 'no-such-call')
    if (peer.state !== 'answered') return refuse(leg, command.id, `${command.with} has not been answered`)
    if (isBridged(leg) || isBridged(peer))
      return refuse(leg, command.id, 'one of the calls is bridged already')
    if (leg.held || peer.held) return refuse(leg, command.id, 'one of the calls is on hold')
    leg.bridging = peer
    begin(leg, command.id, 'bridge')
    leg.send({ type: 'bridge', with: peer.session, command: command.id })
  },
  unbridge: (leg, { id }) => {
    if (!leg.bridgedWith) return refuse(leg, id, NOT_BRIDGED)
    begin(leg, id, 'unbridge')
    leg.send({ type: 'unbridge', command: id })
  },
  hold: (leg, { id, file }) => {
    if (leg.held) return refuse(leg, id, ON_HOLD)
    leg.held = true
    begin(leg, id, 'hold')
    leg.send({ type: 'hold', command: id, ...(file !== undefined && { file }) })
  },
  unhold: (leg, { id }) => {
    if (!leg.held) return refuse(leg, id, 'the call is not on hold')
    leg.held = false
    begin(leg, id, 'unhold')
    leg.send({ type: 'unhold', command: id })
  },
  hangup: (leg) => leg.hangUp(hangUpEnding(leg)),
}

function begin(leg: Leg, command: string, type: CallCommandType): void {
  leg.pending.set(command, type)
}

function isBridged(leg: Leg): boolean {
  return leg.bridgedWith !== undefined || leg.bridging !== undefined
}

function refuse(leg: Leg, command: string, detail: string, reason: CommandFailure = 'wrong-state'): void {
  leg.emit({ type: 'command.failed', call: leg.id, command, reason, detail })
}
