import type { Logger } from 'pino'
import { parseNameAddr } from '../../name-addr.ts'
import { param } from '../../sip-grammar.ts'
import type { Trunk } from '../../trunk.ts'
import type { ClientCredentials } from '../sip/client-credentials.ts'
import type { Hop } from '../sip/message.ts'
import type { OutgoingRequest } from '../sip/outgoing.ts'

/** The credentials of a trunk, for nobody but it: one realm, at its own addresses. */
export class TrunkCredentials {
  readonly #trunk: Trunk
  readonly #isOwn: (request: OutgoingRequest, hop: Hop) => boolean
  readonly #logger: Logger
  #realm: string | undefined

  /** @param isOwn does this request go to the trunk itself? */
  constructor(trunk: Trunk, isOwn: (request: OutgoingRequest, hop: Hop) => boolean, logger: Logger) {
    this.#trunk = trunk
    this.#isOwn = isOwn
    this.#logger = logger
    this.#realm = trunk.realm
  }

  /** Undefined where it has none. */
  get(): ClientCredentials | undefined {
    const { credentials } = this.#trunk
    return credentials && { ...credentials, isFor: (...asked) => this.#isFor(...asked) }
  }

  /** A host has asked for credentials in a request that only it can have answered: without a setting, this counts. */
  learn(realm: string): void {
    this.#realm ??= realm
  }

  #isFor(realm: string, request: OutgoingRequest, hop: Hop): boolean {
    const isOwn = this.#isOwn(request, hop)
    // Within a dialog it is the far end of the call that may ask.
    if (isOwn && isOutsideDialog(request)) this.learn(realm)
    if (isOwn && realm === this.#realm) return true
    const { name: trunk } = this.#trunk
    const { method } = request
    this.#logger.warn(
      { trunk, method, realm, expected: this.#realm, host: hop.host },
      'a challenge was not answered: not from the hosts of the trunk, or for another realm',
    )
    return false
  }
}

function isOutsideDialog({ to }: OutgoingRequest): boolean {
  return param(parseNameAddr(to)?.params ?? '', 'tag') === undefined
}
