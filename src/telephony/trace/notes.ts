import type { CallId, MediaReport } from '../../call/call.ts'
import type { CallEvent } from '../../call/events.ts'
import type { TraceNote } from '../call-trace.ts'

export interface Happenings {
  readonly calls: readonly [CallId, ...CallId[]]
  readonly happenings: readonly Pick<TraceNote, 'what' | 'detail'>[]
}

/** What an event adds to the messages that it came of; undefined where they say it all, or nobody may know (digits). */
export function happeningsOf(event: CallEvent): Happenings | undefined {
  switch (event.type) {
    case 'call.answered':
      return { calls: [event.call], happenings: [{ what: 'rtp-started' }] }
    case 'call.media-lost':
      return { calls: [event.call], happenings: [{ what: 'rtp-lost', detail: `${event.silentMs} ms` }] }
    case 'call.media-back':
      return { calls: [event.call], happenings: [{ what: 'rtp-back' }] }
    case 'call.held':
      return { calls: [event.call], happenings: [{ what: 'held' }] }
    case 'call.unheld':
      return { calls: [event.call], happenings: [{ what: 'unheld' }] }
    case 'call.bridged':
      return { calls: event.calls, happenings: [{ what: 'bridged' }] }
    case 'call.unbridged':
      return { calls: event.calls, happenings: [{ what: 'parted' }] }
    case 'call.ended': {
      const { call, cause, by, media } = event
      const ended = { what: 'ended', detail: `${cause}, by ${by}` } as const
      const measured = media && ({ what: 'rtp-ended', detail: measuredText(media) } as const)
      return { calls: [call], happenings: measured ? [measured, ended] : [ended] }
    }
    default:
      return undefined
  }
}

function measuredText({ codec, packetsReceived, packetsLost, packetsSent, jitterMs }: MediaReport): string {
  return `${codec}: received ${packetsReceived}, lost ${packetsLost}, sent ${packetsSent}, jitter ${jitterMs.toFixed(1)} ms`
}
