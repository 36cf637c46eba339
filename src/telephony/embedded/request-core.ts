import type { Logger } from 'pino'
import type { Bindings } from '../bindings.ts'
import type { Registrar } from '../registrar.ts'
import { parseUri, userOf } from '../sip-uri.ts'
import type { AdmissionPolicy } from './admission.ts'
import type { Calls } from './calls.ts'
import type { InboundCall } from './inbound-call.ts'
import type { Admitted } from './offered.ts'
import { sdpOf } from './sdp/body.ts'
import { acceptable } from './sdp/negotiation.ts'
import type { SessionDescription } from './sdp/session-description.ts'
import { dialogKey } from './sip/dialog.ts'
import type { Endpoint, EndpointUser } from './sip/endpoint.ts'
import { Incoming } from './sip/incoming.ts'
import type { Connection, Hop, SipRequest } from './sip/message.ts'
import type { Way } from './sip/registering.ts'
import type { ServerTransaction } from './sip/server-transaction.ts'
import type { Throttle } from './sip/throttle.ts'
import { parseVia, type Via } from './sip/via.ts'
import type { HeaderFields } from './sip/write-message.ts'

/** What we do, and so what Allow says. UPDATE, PRACK, REFER and SUBSCRIBE are known and not offered. */
export const ALLOW: readonly [string, string] = ['Allow', 'INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, REGISTER']
const ACCEPT: readonly [string, string] = [
  'Accept',
  'application/sdp, application/dtmf-relay, application/dtmf',
]
/** Methods of other RFCs: 405; anything else is 501 (RFC 3261 21.4.6, 21.5.2). */
const KNOWN = new Set(['PRACK', 'REFER', 'SUBSCRIBE', 'NOTIFY', 'MESSAGE', 'PUBLISH'])
/** Seconds that a caller beyond the limit is asked to wait (20.33). */
const RETRY_AFTER = '5'

export interface RequestCoreOptions {
  readonly endpoint: Endpoint
  readonly logger: Logger
  readonly calls: Calls
  readonly bindings: Bindings<Way>
  readonly registrar: Registrar<SipRequest, Way>
  readonly admission: AdmissionPolicy
  readonly throttle: Throttle
  /** Does this come from a trunk? */
  readonly isTrunk: (source: Hop) => boolean
  readonly maxCalls: number
  /** UPDATE is taken, for the one thing that `connected-identity.ts` describes. */
  readonly takesUpdate: boolean
  /** Contact and the like of a 200 to OPTIONS. */
  readonly contactFields: (transport: Hop['transport']) => HeaderFields
  /** Makes a call of an admitted INVITE. */
  readonly offer: (
    incoming: Incoming,
    offered: { readonly sdp: SessionDescription | undefined; readonly admitted: Admitted },
    decided: () => void,
  ) => InboundCall
}

/** The core of a user agent server (RFC 3261 8.2): what each request means to us. */
export class RequestCore implements EndpointUser {
  readonly #options: RequestCoreOptions
  /** INVITEs without a final response, for their CANCEL; the call is there once it is admitted. */
  readonly #inviting = new Map<ServerTransaction, InboundCall | undefined>()
  #draining = false

  constructor(options: RequestCoreOptions) {
    this.#options = options
  }

  /** From now on new calls are refused. */
  drain(): void {
    this.#draining = true
  }

  turnsAway(request: SipRequest): boolean {
    const { calls, maxCalls, endpoint } = this.#options
    const { source, toTag } = request
    if (toTag !== '' && calls.dialogs.has(dialogKey(toTag, request.fromTag))) return false
    if (this.isSilenced(source)) return true
    if (request.method !== 'INVITE' || toTag !== '' || (calls.inbound < maxCalls && !this.#draining))
      return false
    // Without a transaction (8.2.7), so that a flood costs one packet each; the tag is the same for each repetition.
    endpoint.replyStateless(request, 503, `full-${request.via.branch.slice(-12)}`, [
      ['Retry-After', RETRY_AFTER],
    ])
    return true
  }

  /** A registered phone and a trunk are heard, whatever else comes from their address. */
  isSilenced(source: Hop): boolean {
    const { throttle, bindings, isTrunk } = this.#options
    const isPhone = (way: Way): boolean => way.source.host === source.host && way.source.port === source.port
    return throttle.isSilenced(source.host) && !bindings.some(isPhone) && !isTrunk(source)
  }

  request(incoming: Incoming): void {
    const { request } = incoming
    if (request.method === 'CANCEL') return this.#cancel(incoming)
    const required = request.headers.list('require')
    // 8.2.2.3: we have no extension that anybody could require.
    if (required.length > 0) return void incoming.reply(420, [['Unsupported', required.join(', ')]])
    switch (request.method) {
      case 'INVITE':
        return request.toTag === '' ? this.#invite(incoming) : this.#withinDialog(incoming)
      case 'BYE':
      case 'INFO':
        return this.#withinDialog(incoming)
      case 'OPTIONS':
        if (request.toTag !== '') return this.#withinDialog(incoming)
        return void incoming.reply(200, [...this.#options.contactFields(request.source.transport), ACCEPT])
      case 'UPDATE':
        if (this.#options.takesUpdate) return this.#withinDialog(incoming)
        return void incoming.reply(405, [ALLOW])
      case 'REGISTER':
        return this.#own(this.#register(incoming), incoming)
      default:
        incoming.reply(KNOWN.has(request.method) ? 405 : 501, [ALLOW])
    }
  }

  ack(request: SipRequest): void {
    this.#options.calls.dialogs.get(dialogKey(request.toTag, request.fromTag))?.ack(request)
  }

  /** It was the only way to phones that registered over it (RFC 5626 4.4). */
  connectionClosed(connection: Connection): void {
    this.#options.bindings.failed(({ source }) => source.connection === connection)
  }

  async #register(incoming: Incoming): Promise<void> {
    const { status, headers } = await this.#options.registrar.answer(incoming.request)
    incoming.reply(status, headers)
  }

  #withinDialog(incoming: Incoming): void {
    const { request } = incoming
    const dialog = this.#options.calls.dialogs.get(dialogKey(request.toTag, request.fromTag))
    if (dialog) return dialog.receive(incoming)
    const early = this.#earlyCall(request)
    if (early && request.method === 'BYE') {
      // 15.1.2: a caller may end an early dialog by BYE; its INVITE gets 487.
      incoming.reply(200)
      return early.cancelled()
    }
    incoming.reply(481)
  }

  #earlyCall(request: SipRequest): InboundCall | undefined {
    for (const call of this.#inviting.values()) if (call?.isEarly(request)) return call
    return undefined
  }

  /** 9.2: a CANCEL that finds its INVITE is answered 200 whatever becomes of it, with the tag of the INVITE. */
  #cancel(incoming: Incoming): void {
    const invite = this.#options.endpoint.transactions.cancelled(incoming.request)
    if (!invite) return void incoming.reply(481)
    new Incoming(incoming.request, incoming.transaction, invite.tag).reply(200)
    this.#inviting.get(invite)?.cancelled()
    this.#inviting.delete(invite)
  }

  #invite(incoming: Incoming): void {
    const { request } = incoming
    const uri = parseUri(request.uri)
    if (!uri || uri.scheme === 'sips') return void incoming.reply(416)
    // A Via of our own: the request has been here before (16.3 item 4).
    if (this.#hasBeenHere(request)) return void incoming.reply(482)
    this.#inviting.set(incoming.transaction, undefined)
    const admission = this.#options.admission.judge(request, userOf(uri) ?? '')
    if (!(admission instanceof Promise)) return this.#judged(incoming, admission)
    this.#own(
      admission.then((judgement) => this.#judged(incoming, judgement)),
      incoming,
    )
  }

  #judged(incoming: Incoming, admission: Awaited<ReturnType<AdmissionPolicy['judge']>>): void {
    const { request, transaction } = incoming
    if (!this.#inviting.delete(transaction)) return void incoming.reply(487) // cancelled meanwhile
    if (!admission.admitted) return void incoming.reply(admission.status, admission.fields)
    const body = sdpOf(request)
    if (body === 'unsupported') return void incoming.reply(415, [ACCEPT])
    const sdp = typeof body === 'object' ? acceptable(body.sdp) : undefined
    if (body !== 'none' && !sdp) return void incoming.reply(488, [ACCEPT])
    if (body === 'none' && !acceptsSdp(request)) return void incoming.reply(406)
    const decided = (): void => void this.#inviting.delete(transaction)
    const call = this.#options.offer(incoming, { sdp, admitted: admission }, decided)
    if (transaction.open) this.#inviting.set(transaction, call)
  }

  #hasBeenHere(request: SipRequest): boolean {
    const { host, port } = this.#options.endpoint.address()
    const isOurs = (via: Via | undefined): boolean => via?.host === host && (via.port ?? 5060) === port
    const vias = request.headers.list('via')
    return isOurs(request.via) || (vias.length > 1 && vias.some((each) => isOurs(parseVia(each))))
  }

  /** Owns work that waits for a look-up: what fails is answered, and logged. */
  #own(work: Promise<void>, incoming: Incoming): void {
    work.catch((err: unknown) => {
      this.#options.logger.error({ err, method: incoming.request.method }, 'SIP request failed')
      incoming.reply(500)
    })
  }
}

/** RFC 3261 20.1: without Accept, application/sdp is assumed. */
function acceptsSdp(request: SipRequest): boolean {
  const accepted = request.headers.list('accept')
  return accepted.length === 0 || accepted.some((each) => /^(application\/(sdp|\*)|\*\/\*)/i.test(each))
}
