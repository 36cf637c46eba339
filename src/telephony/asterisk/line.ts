import type { Logger } from 'pino'
import type { CallId, CommandId } from '../../call/call.ts'
import type { CallEvent, CommandFailure } from '../../call/events.ts'
import type { Cancel, Clock } from '../../clock/clock.ts'
import type { Ari } from './ari.ts'
import type { AriError } from './ari-error.ts'
import type { AriEvent } from './events.ts'
import type { MediaServer } from './media-server.ts'

/** What the parts of a leg (what plays, records, bridges, rings) need of the leg. */
export interface Line {
  readonly call: CallId
  /** Its channel at Asterisk; absent while it rings. */
  readonly channel: string | undefined
  readonly server: LineServer
  readonly clock: Clock
  readonly logger: Logger
  readonly media: MediaServer
  /** Reports the event, unless the leg is over. */
  emit(event: CallEvent): void
  done(command: CommandId): void
  fail(command: CommandId, reason: CommandFailure, detail: string): void
  /** Runs `run` after `ms` unless the leg is over before. */
  after(ms: number, run: () => void): Cancel
  /**
   * Sends a request when those before it have been answered, so that Asterisk gets them in order. Once the leg has no
   * channel any more it fails as `gone`.
   */
  ask(send: (channel: string) => Promise<void>, failed?: (error: AriError) => void): Promise<void>
  /** Resolves when everything asked so far has been answered. */
  idle(): Promise<void>
}

/** What we make at Asterisk. */
export type Kind = 'call' | 'snoop' | 'bridge' | 'play' | 'recording'

/** What they need of the Asterisk that it is at. */
export interface LineServer {
  readonly name: string
  readonly ari: Ari
  /** A name for something that we make at Asterisk; by it we know it again after a restart. */
  newId(kind: Kind): string
  /** From now on `handle` is told what Asterisk says of this channel, playback or recording. */
  own(id: string, handle: (event: AriEvent) => void): void
  disown(id: string): void
  /** Refuses an unanswered call with this SIP status. Asterisk puts no header of ours into it: no Retry-After. */
  refuse(channel: string, status: number): Promise<void>
  /** The SIP dialog of a leg, for the trace. */
  traces(call: CallId, sipCallId: string): void
}
