import type Srf from 'drachtio-srf'
import type { Logger } from 'pino'
import type { Clock } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import type { Ending } from '../endings.ts'
import { digitOfInfo } from '../info-digits.ts'
import type { Trace } from '../trace.ts'
import { Overdue, within } from './deadline.ts'
import type { DrachtioServer } from './drachtio-server.ts'
import { ended } from './events.ts'
import type { Leg } from './leg.ts'
import { isHold, type SessionOrigin } from './session-description.ts'
import { bodyOf, readFields, statusOf, textOf } from './sip-messages.ts'

/** Timer F (RFC 3261 17.1.2.2) and some: within this every request has its answer. */
const TRANSACTION_MS = 34_000
/** A dialog whose requests may no longer reach us is asked for so often whether it still stands. */
const AUDIT_MS = 10_000

const LOST: Ending = { cause: 'backend-lost', by: 'network' }

/** What dialogs share. */
export interface DialogSurroundings {
  readonly clock: Clock
  readonly logger: Logger
  readonly server: DrachtioServer
  readonly sessionExpiresSeconds: number
  readonly trace: Trace | undefined
}

export const SDP: Readonly<Record<string, string>> = { 'Content-Type': 'application/sdp' }
const ALLOW: Readonly<Record<string, string>> = { Allow: 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE' }

/** A call whose dialog stands (RFC 3261 12 to 15): requests within it, re-INVITE, and its end. */
export class Established {
  readonly #dialog: Srf.Dialog
  readonly #leg: Leg
  readonly #around: DialogSurroundings
  readonly #origin: SessionOrigin
  /** Taken as it comes: the last description of the far end. */
  remoteSdp: string
  readonly #over = Promise.withResolvers<never>()
  #ended = false
  #audited = false
  /** The BYE waits for the connection to drachtio-server. */
  #byeOwed = false

  constructor(dialog: Srf.Dialog, leg: Leg, around: DialogSurroundings, origin: SessionOrigin) {
    this.#dialog = dialog
    this.#leg = leg
    this.#around = around
    this.#origin = origin
    this.remoteSdp = textOf(dialog.remote.sdp)
    this.#over.promise.catch(() => undefined)
    dialog.on('destroy', (request) => this.#isGone(ended(request.source)))
    // A BYE on the heels of the 200 was told before anybody could listen.
    if (Reflect.get(dialog, 'connected') === false) queueMicrotask(() => this.#isGone(ended('network')))
    dialog.on('modify', (request, response) => this.#own(this.#modify(request, response), response))
    dialog.on('update', (request, response) => {
      if (bodyOf(request) === '') response.send(200)
      else this.#own(this.#modify(request, response), response)
    })
    dialog.on('info', (request, response) => this.#info(request, response))
    for (const method of ['refer', 'message', 'notify'] as const) {
      dialog.on(method as 'refer', (_request, response) => response.send(405, { headers: ALLOW }))
    }
  }

  /** The answer that comes in the ACK, after our offer in a 200. */
  onceAcknowledged(answered: (sdp: string) => void): void {
    const once = (request: Srf.SrfRequest): void => {
      this.#dialog.removeListener('ack', once)
      answered(bodyOf(request))
    }
    this.#dialog.on('ack', once)
  }

  /** A re-INVITE of ours. @throws when the far end refuses it, or does not answer, or the call ends meanwhile */
  async offer(sdp: string): Promise<string> {
    const asked = this.#dialog.modify(this.#origin.describe(sdp))
    // One that the end of the call overtakes may be answered by nobody.
    const answered = within(this.#around.clock, TRANSACTION_MS, 're-INVITE', asked)
    const answer = textOf(await Promise.race([answered, this.#over.promise]))
    this.remoteSdp = answer
    return answer
  }

  bye(): void {
    if (this.#ended) return
    this.#end()
    if (this.#around.server.ready) this.#sendBye()
    else this.#byeOwed = true
  }

  /** The connection to drachtio-server stands again, whatever it forgot meanwhile. */
  reconnected(): void {
    this.#around.server.adopt(this.#dialog)
    if (this.#byeOwed) {
      this.#byeOwed = false
      this.#sendBye()
    } else if (!this.#ended && !this.#audited) {
      // drachtio-server sends the requests of this dialog to the connection that is gone, if anywhere.
      this.#audited = true
      this.#audit()
    }
  }

  #end(): void {
    this.#ended = true
    this.#over.reject(new Error('the call has ended'))
  }

  #audit(): void {
    if (this.#ended) return
    const { clock } = this.#around
    const asked = this.#dialog.request({ method: 'OPTIONS' } as Srf.SrfRequest)
    within(clock, TRANSACTION_MS, 'OPTIONS', asked).then(
      (response) => {
        const status = statusOf(response)
        if (status === 481 || status === 408) this.#isGone(LOST)
        else clock.after(AUDIT_MS, () => this.#audit())
      },
      (error: unknown) => {
        if (error instanceof Overdue || this.#around.server.ready) this.#isGone(LOST)
        else this.#audited = false
      },
    )
  }

  /**
   * Not by us. The end of a dialog that we have left is none of the leg's: of two phones that answer, one carries the
   * call, and drachtio-server ends the other one too when its answer crosses our CANCEL.
   */
  #isGone(ending: Ending): void {
    if (this.#ended) return
    this.#end()
    this.#leg.end(ending)
  }

  /** Nobody waits for its answer, least of all when we leave. */
  #sendBye(): void {
    Promise.resolve(this.#dialog.destroy()).catch((error: unknown) =>
      this.#around.logger.debug({ call: this.#leg.id, why: messageOf(error) }, 'a BYE was not answered'),
    )
  }

  /** Re-INVITE (14.2) or UPDATE (RFC 3311) with an offer, or a re-INVITE that wants ours: FreeSWITCH negotiates. */
  async #modify(request: Srf.SrfRequest, response: Srf.SrfResponse): Promise<void> {
    const endpoint = this.#leg.placed?.endpoint
    if (!endpoint || endpoint.gone) return response.send(500, { headers: { 'Retry-After': '2' } })
    const offer = bodyOf(request)
    if (offer === '') {
      this.onceAcknowledged((sdp) => {
        if (sdp !== '') this.#own(this.#taken(sdp), undefined)
      })
      return response.send(200, { body: this.#origin.describe(endpoint.localSdp), headers: SDP })
    }
    const answer = await endpoint.modify(offer)
    response.send(200, { body: this.#origin.describe(answer), headers: SDP })
    this.remoteSdp = offer
    this.#leg.heldByFarEnd(isHold(offer))
  }

  async #taken(sdp: string): Promise<void> {
    await this.#leg.placed?.endpoint.modify(sdp)
    this.remoteSdp = sdp
    this.#leg.heldByFarEnd(isHold(sdp))
  }

  #info(request: Srf.SrfRequest, response: Srf.SrfResponse): void {
    const fields = readFields(request.raw)
    const digit = digitOfInfo(fields['content-type']?.[0], bodyOf(request))
    if (digit === 'unsupported')
      return response.send(415, { headers: { Accept: 'application/dtmf-relay, application/dtmf' } })
    response.send(200)
    if (digit) this.#leg.pressed({ type: 'call.digit', call: this.#leg.id, source: 'info', ...digit })
  }

  /** The session stays as it was when a change is refused (14.2). */
  #own(work: Promise<void>, response: Srf.SrfResponse | undefined): void {
    work.catch((error: unknown) => {
      this.#around.logger.info({ call: this.#leg.id, why: messageOf(error) }, 'a session was not changed')
      response?.send(statusOf(error) === 488 ? 488 : 500)
    })
  }
}
