import { SwitchroomError } from '../../../errors.ts'
import { parseNameAddr } from '../../name-addr.ts'
import { decimal, param } from '../../sip-grammar.ts'
import { escapeUser, parseUri, uriKey } from '../../sip-uri.ts'
import { authorize, type ClientCredentials, isChallenge } from './client-credentials.ts'
import { routed } from './dialog.ts'
import type { Endpoint } from './endpoint.ts'
import type { Hop, SipResponse } from './message.ts'
import type { OutgoingRequest } from './outgoing.ts'
import { newCallId, newTag } from './random.ts'
import type { Timer } from './timers.ts'

export interface RegistrationOptions extends ClientCredentials {
  /** SIP URI of the server, for example `sip:127.0.0.1:5060`. */
  readonly registrar: string
  /** Host part of our address there (default: the registrar's). */
  readonly domain?: string
  /** Contact URI: where calls shall come. */
  readonly contact: string
  /** Seconds (default 300). */
  readonly expires?: number
  /** A refresh failed (the reason), or has worked again (undefined). */
  readonly changed?: (failure: SwitchroomError | undefined) => void
}

/** After a failed refresh it is tried again this often, milliseconds. */
const RETRY_MS = 5_000
const DEFAULT_EXPIRES = 300

/** The phone's side of REGISTER (RFC 3261 10.2): registers, refreshes before it expires, unregisters. */
export class Registration {
  readonly #endpoint: Endpoint
  readonly #options: RegistrationOptions
  readonly #callId = newCallId()
  readonly #tag = newTag()
  readonly #address: string
  #expires: number
  #cseq = 0
  #refresh: Timer | undefined
  #stopped = false

  /** @throws SwitchroomError USAGE when `registrar` is no SIP URI */
  constructor(endpoint: Endpoint, options: RegistrationOptions) {
    this.#endpoint = endpoint
    this.#options = options
    this.#expires = options.expires ?? DEFAULT_EXPIRES
    const uri = parseUri(options.registrar)
    if (!uri || uri.scheme !== 'sip') {
      throw new SwitchroomError('USAGE', `${options.registrar} is no SIP URI; expected sip:<host>:<port>`)
    }
    const host = uri.port === undefined ? uri.host : `${uri.host}:${uri.port}`
    this.#address = `sip:${escapeUser(options.username)}@${options.domain ?? host}`
  }

  /**
   * Resolves when we are registered, and stay so until `stop`.
   * @throws SwitchroomError NOT_SIGNED_IN (refused), SERVER_UNREACHABLE (no answer)
   */
  async start(): Promise<void> {
    await this.#register(this.#expires)
    if (!this.#stopped) this.#refreshAfter(this.#refreshMs())
  }

  /** Unregisters; resolves when the server has confirmed or did not answer. */
  async stop(): Promise<void> {
    if (this.#stopped) return
    this.abandon()
    await this.#register(0).catch(() => undefined)
  }

  /** Refreshes no more, and leaves the binding to its end; from `changed`, for example. */
  abandon(): void {
    this.#stopped = true
    this.#refresh?.cancel()
  }

  /** Well before the end, and early enough for one lost attempt (32 s). */
  #refreshMs(): number {
    return Math.max(this.#expires / 2, this.#expires - 40) * 1000
  }

  #refreshAfter(delayMs: number): void {
    this.#refresh = this.#endpoint.timers.after(delayMs, () => {
      this.#register(this.#expires).then(
        () => this.#refreshed(undefined),
        (error: unknown) => this.#refreshed(error),
      )
    })
  }

  #refreshed(error: unknown): void {
    if (this.#stopped) return
    this.#options.changed?.(error instanceof SwitchroomError ? error : undefined)
    if (this.#stopped) return
    this.#refreshAfter(error === undefined ? this.#refreshMs() : RETRY_MS)
  }

  #register(expires: number): Promise<void> {
    const { contact, registrar } = this.#options
    return new Promise((resolve, reject) => {
      const failed = (status: number): void => reject(this.#failure(status))
      const send = (request: OutgoingRequest, flow: Hop | undefined): void => {
        const response = (each: SipResponse, hop: Hop): void => {
          if (each.status < 200) return
          if (each.status < 300) {
            if (expires > 0) this.#expires = grantedExpires(each, contact) ?? expires
            return resolve()
          }
          const again = this.#again(request, each, hop)
          if (again) send(again, hop)
          else failed(each.status)
        }
        this.#endpoint.request(request, flow, { response, failed })
      }
      const first: OutgoingRequest = {
        method: 'REGISTER',
        callId: this.#callId,
        from: `<${this.#address}>;tag=${this.#tag}`,
        to: `<${this.#address}>`,
        cseq: ++this.#cseq,
        ...routed(registrar, []),
        fields: [
          ['Contact', `<${contact}>`],
          ['Expires', String(expires)],
        ],
      }
      send(first, undefined)
    })
  }

  /** With credentials, or for as long as the server wants at least (423, RFC 3261 10.2.8). */
  #again(request: OutgoingRequest, response: SipResponse, hop: Hop): OutgoingRequest | undefined {
    if (isChallenge(response)) return authorize(request, response, hop, this.#options, ++this.#cseq)
    const least = decimal(response.headers.get('min-expires') ?? '', 2 ** 31)
    if (response.status !== 423 || least === undefined || least <= this.#expires) return undefined
    this.#expires = least
    const others = request.fields.filter(([name]) => !/^(Expires|(Proxy-)?Authorization)$/.test(name))
    return { ...request, cseq: ++this.#cseq, fields: [...others, ['Expires', String(least)]] }
  }

  #failure(status: number): SwitchroomError {
    const { registrar, username } = this.#options
    if (status === 401 || status === 403 || status === 404 || status === 407) {
      return new SwitchroomError('NOT_SIGNED_IN', `${registrar} does not accept ${username} (${status})`, {
        remedy: 'Check the name and the password of the phone.',
      })
    }
    return new SwitchroomError(
      'SERVER_UNREACHABLE',
      `${registrar} did not register ${username} (${status})`,
      {
        remedy: 'Check the address, and that the server is running.',
      },
    )
  }
}

/**
 * What the server made of our wish: the parameter of our own contact among those that it lists (10.2.1.1). The only
 * one is ours, also where it was rewritten on its way.
 */
function grantedExpires(response: SipResponse, contact: string): number | undefined {
  const own = keyOf(contact)
  const listed = response.headers.list('contact').flatMap((value) => parseNameAddr(value) ?? [])
  const ours = listed.length === 1 ? listed[0] : listed.find(({ uri }) => keyOf(uri) === own)
  const granted = ours && decimal(param(ours.params, 'expires') ?? '', 2 ** 31)
  return granted ?? decimal(response.headers.get('expires') ?? '', 2 ** 31)
}

function keyOf(text: string): string | undefined {
  const uri = parseUri(text)
  return uri && uriKey(uri)
}
