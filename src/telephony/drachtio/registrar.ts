import type { Authentication } from '../authentication.ts'
import { type NameAddr, parseNameAddr } from '../name-addr.ts'
import { decimal, param, quote, splitOutside } from '../sip-grammar.ts'
import { parseUri, uriKey, userOf } from '../sip-uri.ts'
import { challengeOf } from './challenge.ts'
import type { Registration, Registrations } from './registrations.ts'
import type { SipRequest } from './sip-messages.ts'

/** Seconds. A phone that must keep a NAT binding asks for minutes; less than the minimum is a flood (10.3). */
const MIN_EXPIRES = 60
const MAX_EXPIRES = 3_600
/** Desk phone, softphone, mobile and a few that were forgotten. */
const MAX_PLACES = 10

/** A response to REGISTER. */
export interface RegistrarAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

interface Change {
  readonly key: string
  readonly uri: string
  /** 0 removes. */
  readonly expires: number
}

/** The registrar of RFC 3261 10.3. Nothing is registered, and nothing said of who is, without a password. */
export class Registrar {
  readonly #authentication: Authentication<SipRequest>
  readonly #registrations: Registrations
  readonly #now: () => number

  constructor(authentication: Authentication<SipRequest>, registrations: Registrations, now: () => number) {
    this.#authentication = authentication
    this.#registrations = registrations
    this.#now = now
  }

  async receive(request: SipRequest): Promise<RegistrarAnswer> {
    const address = parseNameAddr(request.fields['to']?.[0] ?? '')
    const aor = address && parseUri(address.uri)
    const device = aor && userOf(aor)
    if (!device) return { status: aor ? 404 : 400, headers: {} }
    const proof = await this.#authentication.prove(request)
    if (proof.result === 'none' || proof.result === 'stale') {
      return { status: 401, headers: challengeOf(this.#authentication, proof.result === 'stale') }
    }
    if (proof.result === 'unavailable') return { status: 503, headers: { 'Retry-After': '10' } }
    // A device may register itself only (10.3 step 4).
    if (proof.result !== 'proved' || proof.device !== device) return { status: 403, headers: {} }
    return this.#change(request, device)
  }

  /** All changes or none (10.3 steps 6 and 7). */
  #change(request: SipRequest, device: string): RegistrarAnswer {
    const { fields } = request
    const contacts = (fields['contact'] ?? []).flatMap((field) => splitOutside(field, ','))
    const header = fields['expires']?.[0]
    const kept = this.#registrations.of(device)
    if (contacts.includes('*')) {
      if (contacts.length > 1 || header === undefined || decimal(header, 0) !== 0)
        return { status: 400, headers: {} }
      if (kept.some((each) => isOutdated(each, request))) return { status: 500, headers: {} }
      this.#registrations.removeAll(device)
      return { status: 200, headers: {} }
    }
    const changes: Change[] = []
    for (const contact of contacts) {
      const change = changeOf(contact, header)
      if (!change) return { status: 400, headers: {} }
      if (change.expires > 0 && change.expires < MIN_EXPIRES)
        return { status: 423, headers: { 'Min-Expires': String(MIN_EXPIRES) } }
      const known = this.#registrations.find(device, change.key)
      if (known && isOutdated(known, request)) return { status: 500, headers: {} }
      if (!known && change.expires > 0 && kept.length + changes.length >= MAX_PLACES)
        return { status: 403, headers: {} }
      changes.push(change)
    }
    for (const change of changes) this.#apply(device, request, change)
    return { status: 200, headers: this.#contacts(device) }
  }

  #apply(device: string, { callId, cseq, source }: SipRequest, { key, uri, expires }: Change): void {
    if (expires === 0) return this.#registrations.remove(device, key, 'unregistered')
    const expiresAt = this.#now() + expires * 1_000
    this.#registrations.set(device, key, { uri, source, callId, cseq, expiresAt })
  }

  /** Every place of the device with the seconds that it has left (10.3 step 8). */
  #contacts(device: string): Readonly<Record<string, string>> {
    const places = this.#registrations
      .of(device)
      .map(({ uri, expiresAt }) => `<${uri}>;expires=${Math.ceil((expiresAt - this.#now()) / 1_000)}`)
    return places.length > 0 ? { Contact: places.join(', ') } : {}
  }
}

/** A repeated or overtaken REGISTER changes nothing (10.3 step 7). */
function isOutdated(known: Registration, { callId, cseq }: SipRequest): boolean {
  return known.callId === callId && cseq <= known.cseq
}

function changeOf(contact: string, header: string | undefined): Change | undefined {
  const address = parseNameAddr(contact)
  const uri = address && parseUri(address.uri)
  if (!address || !uri || uri.scheme !== 'sip') return undefined
  // What is no number counts as 3600 (20.10), as does saying nothing.
  const asked = decimal(param(address.params, 'expires') ?? header ?? '', 2 ** 32 - 1) ?? MAX_EXPIRES
  return { key: keyOf(address, uriKey(uri)), uri: address.uri, expires: Math.min(asked, MAX_EXPIRES) }
}

/** A phone that names its instance keeps its place when its address changes (RFC 5626 6). */
function keyOf({ params }: NameAddr, uri: string): string {
  const instance = param(params, '+sip.instance')
  return instance ? `${quote(instance)} ${param(params, 'reg-id') ?? ''}` : uri
}
