import type { TrunkHealth } from '../../trunk.ts'
import { challengesOf } from '../sip/client-credentials.ts'
import type { ClientTransaction } from '../sip/client-transaction.ts'
import { routed } from '../sip/dialog.ts'
import type { Endpoint } from '../sip/endpoint.ts'
import { newCallId, newTag } from '../sip/random.ts'
import type { Timer } from '../sip/timers.ts'
import type { HeaderFields } from '../sip/write-message.ts'

/** Whoever is there answers OPTIONS at once: timer F would take 32 s to say that nobody is. */
const ANSWER_MS = 4_000
/** What a host answers that cannot take calls, or a proxy before one that is not there (RFC 3261 21.4.9, 21.5.4). */
const NO_SERVICE = new Set([408, 503])

export interface HostCheckOptions extends TrunkHealth {
  readonly endpoint: Endpoint
  /** Where it is, as a SIP URI. */
  readonly uri: string
  readonly fields: () => HeaderFields
  /** Told when its state is first known and when it changes. */
  readonly changed: () => void
  /** Told the realm that it asks credentials for. */
  readonly challenged: (realm: string) => void
}

interface Asking {
  readonly timeout: Timer
  transaction: ClientTransaction | undefined
}

/** Asks one host of a trunk by OPTIONS, again and again, whether it works (RFC 3261 11.1). */
export class HostCheck {
  readonly #options: HostCheckOptions
  #up: boolean | undefined
  #detail = ''
  /** Answers in a row that speak against the present state. */
  #against = 0
  #asking: Asking | undefined
  #next: Timer | undefined

  constructor(options: HostCheckOptions) {
    this.#options = options
  }

  /** Undefined until the first answer, or the lack of it. */
  get up(): boolean | undefined {
    return this.#up
  }

  /** The last answer, for people. */
  get detail(): string {
    return this.#detail
  }

  start(): void {
    const { endpoint, uri, fields } = this.#options
    const own = `sip:${endpoint.address().host}`
    const asking: Asking = {
      timeout: endpoint.timers.after(ANSWER_MS, () => done(undefined)),
      transaction: undefined,
    }
    this.#asking = asking
    const done = (status: number | undefined): void => {
      if (this.#asking !== asking) return
      this.#finish()
      this.#judge(status)
      this.#next = endpoint.timers.after(this.#options.everyMs, () => this.start())
    }
    endpoint.request(
      {
        method: 'OPTIONS',
        callId: newCallId(),
        from: `<${own}>;tag=${newTag()}`,
        to: `<${uri}>`,
        cseq: 1,
        ...routed(uri, []),
        fields: [...fields(), ['Accept', 'application/sdp']],
      },
      undefined,
      {
        response: (response) => {
          for (const { realm } of challengesOf(response)) this.#options.challenged(realm)
          if (response.status >= 200) done(response.status)
        },
        failed: () => done(undefined),
      },
      (transaction) => {
        asking.transaction = transaction
      },
    )
  }

  stop(): void {
    this.#next?.cancel()
    this.#finish()
  }

  #finish(): void {
    this.#asking?.timeout.cancel()
    this.#asking?.transaction?.end()
    this.#asking = undefined
  }

  /** The first answer counts by itself; after that it takes as many in a row as the settings say. */
  #judge(status: number | undefined): void {
    const works = status !== undefined && !NO_SERVICE.has(status)
    this.#detail = status === undefined ? 'no answer to OPTIONS' : `OPTIONS answered with ${status}`
    this.#against = works === this.#up ? 0 : this.#against + 1
    const { failures, successes } = this.#options
    const needed = this.#up === undefined ? 1 : works ? successes : failures
    if (this.#against < needed) return
    this.#up = works
    this.#against = 0
    this.#options.changed()
  }
}
