import type { Authentication } from './authentication.ts'
import type { Binding, Bindings } from './bindings.ts'
import { type NameAddr, parseNameAddr } from './name-addr.ts'
import { decimal, param, quote } from './sip-grammar.ts'
import { parseUri, uriKey, userOf } from './sip-uri.ts'

/** Seconds. A phone that must keep a NAT binding asks for minutes; less than the minimum is a flood (10.3). */
const MIN_EXPIRES = 60
const MAX_EXPIRES = 3_600
const DEFAULT_EXPIRES = 3_600
/** Desk phone, softphone, mobile and a few that were forgotten. */
const MAX_BINDINGS = 10

interface RequestLine {
  readonly method: string
  readonly uri: string
}

/** What a REGISTER says. */
export interface Registering<Way> {
  /** Value of To. */
  readonly to: string
  /** Values of Contact, one each. */
  readonly contacts: readonly string[]
  /** Value of Expires. */
  readonly expires: string | undefined
  readonly callId: string
  readonly cseq: number
  /** How calls get to where it comes from. */
  readonly way: Way
}

/** A response to REGISTER; a header may stand in it more than once. */
export interface RegistrarAnswer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
}

export interface RegistrarOptions<Request extends RequestLine, Way> {
  readonly authentication: Authentication<Request>
  readonly bindings: Bindings<Way>
  readonly now: () => number
  readonly read: (request: Request) => Registering<Way>
  /** Told who proved to be what it claims, and who did not. */
  readonly succeeded?: (request: Request) => void
  readonly failed?: (request: Request) => void
}

interface Change {
  readonly key: string
  readonly uri: string
  /** 0 removes. */
  readonly expires: number
}

/**
 * The registrar of RFC 3261 10.3, for every backend that phones register at. Nothing is registered, and nothing said
 * of who is, without a password.
 */
export class Registrar<Request extends RequestLine, Way> {
  readonly #options: RegistrarOptions<Request, Way>

  constructor(options: RegistrarOptions<Request, Way>) {
    this.#options = options
  }

  async answer(request: Request): Promise<RegistrarAnswer> {
    const { authentication, read, succeeded, failed } = this.#options
    const registering = read(request)
    const aor = parseUri(parseNameAddr(registering.to)?.uri ?? '')
    const device = aor && userOf(aor)
    if (!device || !parseUri(request.uri)) return refusal(aor ? 404 : 400)
    const proof = await authentication.prove(request)
    if (proof.result === 'none' || proof.result === 'stale') {
      return { status: 401, headers: authentication.challenge(proof.result === 'stale') }
    }
    if (proof.result === 'unavailable') return refusal(503, ['Retry-After', '10'])
    // A device may register itself only (10.3 step 4).
    if (proof.result !== 'proved' || proof.device !== device) {
      failed?.(request)
      return refusal(403)
    }
    succeeded?.(request)
    return this.#change(device, registering)
  }

  /** All changes or none (10.3 steps 6 and 7). */
  #change(device: string, registering: Registering<Way>): RegistrarAnswer {
    const { bindings } = this.#options
    const { contacts, expires: header } = registering
    const kept = bindings.of(device)
    if (contacts.includes('*')) {
      if (contacts.length > 1 || header === undefined || decimal(header, 0) !== 0) return refusal(400)
      if (kept.some((each) => isOutdated(each, registering))) return refusal(500)
      bindings.removeAll(device)
      return { status: 200, headers: [] }
    }
    const changes: Change[] = []
    for (const contact of contacts) {
      const change = changeOf(contact, header)
      if (!change) return refusal(400)
      if (change.expires > 0 && change.expires < MIN_EXPIRES) {
        return refusal(423, ['Min-Expires', String(MIN_EXPIRES)])
      }
      const known = bindings.find(device, change.key)
      if (known && isOutdated(known, registering)) return refusal(500)
      changes.push(change)
    }
    const places = new Set(changes.filter(({ expires }) => expires > 0).map(({ key }) => key))
    const added = [...places].filter((key) => !bindings.find(device, key)).length
    if (added > 0 && kept.length + added > MAX_BINDINGS) return refusal(403)
    for (const change of changes) this.#apply(device, registering, change)
    return { status: 200, headers: this.#contacts(device) }
  }

  #apply(device: string, { callId, cseq, way }: Registering<Way>, { key, uri, expires }: Change): void {
    const { bindings, now } = this.#options
    if (expires === 0) bindings.remove(device, key, 'unregistered')
    else bindings.set(device, key, { uri, way, callId, cseq, expiresAt: now() + expires * 1_000 })
  }

  /** Every place of the device with the seconds that it has left (10.3 step 8). */
  #contacts(device: string): RegistrarAnswer['headers'] {
    const { bindings, now } = this.#options
    return bindings
      .of(device)
      .map(({ uri, expiresAt }) => ['Contact', `<${uri}>;expires=${Math.ceil((expiresAt - now()) / 1_000)}`])
  }
}

function refusal(status: number, ...headers: RegistrarAnswer['headers']): RegistrarAnswer {
  return { status, headers }
}

/** A repeated or overtaken REGISTER changes nothing (10.3 step 7). */
function isOutdated(
  known: Binding<unknown>,
  { callId, cseq }: { readonly callId: string; readonly cseq: number },
): boolean {
  return known.callId === callId && cseq <= known.cseq
}

function changeOf(contact: string, header: string | undefined): Change | undefined {
  const address = parseNameAddr(contact)
  const uri = address && parseUri(address.uri)
  if (!address || !uri || uri.scheme !== 'sip') return undefined
  // What is no number counts as 3600 (20.10), as does saying nothing.
  const asked = decimal(param(address.params, 'expires') ?? header ?? '', 2 ** 32 - 1) ?? DEFAULT_EXPIRES
  return { key: keyOf(address, uriKey(uri)), uri: address.uri, expires: Math.min(asked, MAX_EXPIRES) }
}

/** A phone that names its instance keeps its place when its address changes (RFC 5626 6). */
function keyOf({ params }: NameAddr, uri: string): string {
  const instance = param(params, '+sip.instance')
  return instance ? `${quote(instance)} ${param(params, 'reg-id') ?? ''}` : uri
}
