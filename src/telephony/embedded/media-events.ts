import type { CallEvent } from '../../call/events.ts'
import type { Leg } from './leg.ts'
import type { MediaEvent } from './media/protocol.ts'

/** Commands of ours to media, which no one outside has asked for: their endings are not reported. */
const INTERNAL = 'internal:'

/** What an event of the media worker means for its leg. */
export function receiveMediaEvent(leg: Leg, event: MediaEvent): void {
  switch (event.type) {
    case 'opened':
      if (leg.state === 'new') leg.signalling?.mediaReady(event.port)
      return
    case 'open-failed':
      leg.hangUp({ cause: 'backend-lost', by: 'network' }, 503)
      return
    case 'digit':
      if (leg.state !== 'ending') {
        leg.emit({
          type: 'call.digit',
          call: leg.id,
          digit: event.digit,
          source: event.source,
          durationMs: 0,
        })
      }
      return
    case 'lost':
      leg.mediaLost(event)
      return
    case 'back':
      leg.mediaBack()
      return
    case 'closed':
      leg.closed(event.report)
      return
    case 'level':
      leg.level(event.dbov)
      return
    case 'digit-end':
      return
    default:
      receiveResult(leg, event)
  }
}

type Result = Extract<MediaEvent, { type: 'played' | 'recorded' | 'done' | 'failed' }>

/** The ending of a command. */
function receiveResult(leg: Leg, event: Result): void {
  const command = leg.pending.get(event.command)
  leg.pending.delete(event.command)
  if (command === undefined) return
  if (event.type === 'failed') {
    if (command === 'hold') leg.held = false
    const { reason, detail } = event
    leg.emit({ type: 'command.failed', call: leg.id, command: event.command, reason, detail })
  } else if (event.type === 'played') leg.emit(playedEvent(leg, event))
  else if (event.type === 'recorded') leg.emit(recordedEvent(leg, event))
  else if (command === 'bridge') bridged(leg, event.command)
  else if (command === 'unbridge') unbridged(leg, event.command)
  else leg.emit({ type: 'command.done', call: leg.id, command: event.command })
}

function playedEvent(leg: Leg, event: Extract<MediaEvent, { type: 'played' }>): CallEvent {
  const interrupted = leg.interrupted === event.command && event.reason === 'stopped'
  if (leg.interruptible === event.command) leg.interruptible = undefined
  const reason = interrupted ? 'interrupted' : event.reason
  return { type: 'call.played', call: leg.id, command: event.command, reason }
}

function recordedEvent(leg: Leg, event: Extract<MediaEvent, { type: 'recorded' }>): CallEvent {
  const { command, file, durationMs } = event
  const byDigit = leg.stoppedByDigit === command && event.reason === 'stopped'
  if (leg.recording?.command === command) leg.recording = undefined
  return {
    type: 'call.recorded',
    call: leg.id,
    command,
    file,
    durationMs,
    reason: byDigit ? 'digit' : event.reason,
  }
}

/** Both legs must still be there: what ended meanwhile was never bridged. */
function bridged(leg: Leg, command: string): void {
  const peer = leg.bridging
  leg.bridging = undefined
  if (leg.state !== 'answered') return
  if (!peer || peer.state !== 'answered') {
    const detail = 'the other call ended before the two were bridged'
    leg.emit({ type: 'command.failed', call: leg.id, command, reason: 'no-such-call', detail })
    return
  }
  leg.bridgedWith = peer
  peer.bridgedWith = leg
  leg.emit({ type: 'call.bridged', calls: [leg.id, peer.id], command })
  if (peer.identity) leg.signalling?.identify?.(peer.identity)
  if (leg.identity) peer.signalling?.identify?.(leg.identity)
}

function unbridged(leg: Leg, command: string): void {
  const peer = leg.bridgedWith
  if (!peer) return
  leg.bridgedWith = undefined
  peer.bridgedWith = undefined
  leg.emit({ type: 'call.unbridged', calls: [leg.id, peer.id], command })
}

/** A key that came by signalling: media cannot know that it cuts a play or ends a recording, so it is told. */
export function digitByInfo(leg: Leg, digit: string, durationMs: number): void {
  if (leg.state === 'ending') return
  leg.emit({ type: 'call.digit', call: leg.id, digit, source: 'info', durationMs })
  if (leg.interruptible !== undefined) {
    leg.interrupted = leg.interruptible
    leg.send({ type: 'stop', command: `${INTERNAL}${leg.interruptible}`, what: 'play' })
  }
  if (leg.recording?.stopDigits.includes(digit)) {
    leg.stoppedByDigit = leg.recording.command
    leg.send({ type: 'record-stop', command: `${INTERNAL}${leg.recording.command}` })
  }
}
