import type { Trunk } from '../trunk.ts'
import type { Hop } from './sip/message.ts'

/** One place where an outbound leg rings. */
export interface Destination {
  /** Request-URI. */
  readonly uri: string
  /** Where the phone registered from; undefined: the URI says it. */
  readonly flow: Hop | undefined
  /** The trunk that leads there. */
  readonly trunk?: Trunk
  readonly parts: InviteParts
}

/** What an INVITE says besides where it goes. */
export interface InviteParts {
  /** From value without tag. */
  readonly from: string
  /** To value. */
  readonly to: string
  readonly headers: Readonly<Record<string, string>>
}
