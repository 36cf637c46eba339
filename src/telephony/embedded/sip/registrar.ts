import type { Authentication } from '../../authentication.ts'
import { type NameAddr, parseNameAddr } from '../../name-addr.ts'
import { decimal, param, quote } from '../../sip-grammar.ts'
import { parseUri, uriKey, userOf } from '../../sip-uri.ts'
import type { Binding, Bindings } from './bindings.ts'
import { flowOf } from './dialog.ts'
import type { Incoming } from './incoming.ts'
import type { SipRequest } from './message.ts'
import type { HeaderFields } from './write-message.ts'

export interface RegistrarOptions {
  readonly authentication: Authentication<SipRequest>
  readonly bindings: Bindings
  readonly now: () => number
  /** Told of failures and successes per source, for the throttle. */
  readonly failed: (request: SipRequest) => void
  readonly succeeded: (request: SipRequest) => void
}

/** Seconds. A phone that must keep a NAT binding asks for minutes; less than the minimum is a flood (10.3). */
const MIN_EXPIRES = 60
const MAX_EXPIRES = 3_600
const DEFAULT_EXPIRES = 3_600
/** Desk phone, softphone, mobile and a few that were forgotten. */
const MAX_BINDINGS = 10

interface Change {
  readonly key: string
  readonly uri: string
  /** 0 removes. */
  readonly expires: number
}

type Plan =
  | { readonly changes: readonly Change[] | 'remove-all' }
  | { readonly status: number; readonly fields?: HeaderFields }

/** The headers of a 401. */
export function challengeFields(challenges: readonly string[]): HeaderFields {
  return challenges.map((challenge) => ['WWW-Authenticate', challenge])
}

/** The registrar of RFC 3261 10.3. Nothing is registered, and nothing said of who is, without a password. */
export class Registrar {
  readonly #options: RegistrarOptions

  constructor(options: RegistrarOptions) {
    this.#options = options
  }

  async receive(incoming: Incoming): Promise<void> {
    const { authentication, failed, succeeded } = this.#options
    const { request } = incoming
    const address = parseNameAddr(request.headers.get('to') ?? '')
    const aor = address && parseUri(address.uri)
    const device = aor && userOf(aor)
    if (!device || !parseUri(request.uri)) return void incoming.reply(aor ? 404 : 400)
    const proof = await authentication.prove(request)
    if (proof.result === 'none' || proof.result === 'stale') {
      return void incoming.reply(401, challengeFields(authentication.challenges(proof.result === 'stale')))
    }
    if (proof.result === 'unavailable') return void incoming.reply(503, [['Retry-After', '10']])
    // A device may register itself only (10.3 step 4).
    if (proof.result !== 'proved' || proof.device !== device) {
      failed(request)
      return void incoming.reply(403)
    }
    succeeded(request)
    const plan = this.#plan(request, device)
    if ('status' in plan) return void incoming.reply(plan.status, plan.fields)
    this.#apply(request, device, plan.changes)
    incoming.reply(200, this.#contacts(device))
  }

  /** All changes or none (10.3 steps 6 and 7). */
  #plan(request: SipRequest, device: string): Plan {
    const contacts = request.headers.list('contact')
    const header = request.headers.get('expires')
    if (contacts.includes('*')) {
      if (contacts.length > 1 || header === undefined || decimal(header, 0) !== 0) return { status: 400 }
      const outdated = this.#options.bindings.of(device).some((each) => isOutdated(each, request))
      return outdated ? { status: 500 } : { changes: 'remove-all' }
    }
    const changes: Change[] = []
    for (const contact of contacts) {
      const change = this.#change(contact, header)
      if (!change) return { status: 400 }
      if (change.expires > 0 && change.expires < MIN_EXPIRES) {
        return { status: 423, fields: [['Min-Expires', String(MIN_EXPIRES)]] }
      }
      const known = this.#options.bindings.find(device, change.key)
      if (known && isOutdated(known, request)) return { status: 500 }
      changes.push(change)
    }
    const places = new Set(changes.filter((each) => each.expires > 0).map((each) => each.key))
    const kept = this.#options.bindings.of(device).length
    const added = [...places].filter((key) => !this.#options.bindings.find(device, key)).length
    return kept + added > MAX_BINDINGS && added > 0 ? { status: 403 } : { changes }
  }

  #change(contact: string, header: string | undefined): Change | undefined {
    const address = parseNameAddr(contact)
    const uri = address && parseUri(address.uri)
    if (!address || !uri || uri.scheme !== 'sip') return undefined
    const asked = param(address.params, 'expires') ?? header
    // What is no number counts as 3600 (20.10), as does saying nothing.
    const expires = asked === undefined ? DEFAULT_EXPIRES : (decimal(asked, 2 ** 32 - 1) ?? DEFAULT_EXPIRES)
    return { key: keyOf(address, uriKey(uri)), uri: address.uri, expires: Math.min(expires, MAX_EXPIRES) }
  }

  #apply(request: SipRequest, device: string, changes: readonly Change[] | 'remove-all'): void {
    const { bindings, now } = this.#options
    if (changes === 'remove-all') return bindings.removeAll(device)
    const { callId, cseq, source } = request
    const flow = flowOf(request)
    for (const { key, uri, expires } of changes) {
      if (expires === 0) bindings.remove(device, key, 'unregistered')
      else bindings.set(device, key, { uri, source, flow, callId, cseq, expiresAt: now() + expires * 1000 })
    }
  }

  /** Every place of the device with the seconds that it has left (10.3 step 8). */
  #contacts(device: string): HeaderFields {
    const { bindings, now } = this.#options
    return bindings
      .of(device)
      .map(({ uri, expiresAt }) => ['Contact', `<${uri}>;expires=${Math.ceil((expiresAt - now()) / 1000)}`])
  }
}

/** A repeated or overtaken REGISTER changes nothing (10.3 step 7). */
function isOutdated(known: Binding, { callId, cseq }: SipRequest): boolean {
  return known.callId === callId && cseq <= known.cseq
}

/** A phone that names its instance keeps its place when its address changes (RFC 5626 6). */
function keyOf({ params }: NameAddr, uri: string): string {
  const instance = param(params, '+sip.instance')
  return instance ? `${quote(instance)} ${param(params, 'reg-id') ?? ''}` : uri
}
