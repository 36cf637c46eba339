import { parseNameAddr } from '../../name-addr.ts'
import { param } from '../../sip-grammar.ts'
import { parseUri } from '../../sip-uri.ts'
import type { Hop, SipRequest, SipResponse } from './message.ts'
import type { OutgoingRequest } from './outgoing.ts'
import type { Content, HeaderFields } from './write-message.ts'

/** Names a dialog by its tags; ours are unique, so that the Call-ID need only be compared. */
export function dialogKey(localTag: string, remoteTag: string): string {
  return `${localTag} ${remoteTag}`
}

/** How a request within a dialog stands to those before it (RFC 3261 12.2.2). */
export type Order = 'in-order' | 'too-old'

interface DialogParts {
  readonly callId: string
  readonly localTag: string
  readonly remoteTag: string
  /** Our From value, with tag. */
  readonly local: string
  /** Their address as our To value, with tag. */
  readonly remote: string
  readonly remoteTarget: string
  /** Route values, nearest hop first. */
  readonly routes: readonly string[]
  readonly localCseq: number
  readonly remoteCseq: number
  /** Where requests go instead of to the address in the remote target; see `flowOf`. */
  readonly flow: Hop | undefined
}

/** The state that two user agents share about one call (RFC 3261 12). */
export class Dialog {
  readonly callId: string
  readonly localTag: string
  readonly remoteTag: string
  readonly routes: readonly string[]
  readonly flow: Hop | undefined
  readonly #local: string
  readonly #remote: string
  #remoteTarget: string
  #localCseq: number
  #remoteCseq: number

  constructor(parts: DialogParts) {
    this.callId = parts.callId
    this.localTag = parts.localTag
    this.remoteTag = parts.remoteTag
    this.routes = parts.routes
    this.flow = parts.flow
    this.#local = parts.local
    this.#remote = parts.remote
    this.#remoteTarget = parts.remoteTarget
    this.#localCseq = parts.localCseq
    this.#remoteCseq = parts.remoteCseq
  }

  /** Among our dialogs; one INVITE of ours may set up several with the same local tag (13.2.2.4). */
  get key(): string {
    return dialogKey(this.localTag, this.remoteTag)
  }

  get remoteTarget(): string {
    return this.#remoteTarget
  }

  /** Is this request one of ours? The tags have found the dialog; the Call-ID must agree too (12.2.2). */
  matches(callId: string): boolean {
    return callId === this.callId
  }

  /** Takes note of the CSeq of a request from the far end; a lower one than before is too old: 500 (12.2.2). */
  order(request: SipRequest): Order {
    if (request.cseq <= this.#remoteCseq) return 'too-old'
    this.#remoteCseq = request.cseq
    return 'in-order'
  }

  /** A target refresh request, or a 2xx to one, may change where requests go (12.2.1.2, 12.2.2). */
  refreshTarget(message: SipRequest | SipResponse): void {
    this.#remoteTarget = contactOf(message) ?? this.#remoteTarget
  }

  /** Our next CSeq number. */
  nextCseq(): number {
    return ++this.#localCseq
  }

  /** A request within the dialog (12.2.1.1). ACK takes the number of its INVITE instead of the next. */
  request(method: string, fields: HeaderFields = [], content?: Content, cseq?: number): OutgoingRequest {
    const route = routed(this.#remoteTarget, this.routes)
    return {
      method,
      callId: this.callId,
      from: this.#local,
      to: this.#remote,
      cseq: cseq ?? this.nextCseq(),
      ...route,
      fields,
      ...(content && { content }),
    }
  }
}

/**
 * Request-URI, Route and next hop of a request (8.1.2, 12.2.1.1). A first route without `lr` is a strict router,
 * which wants its own address as Request-URI and the target as the last route.
 */
export function routed(
  target: string,
  routes: readonly string[],
): Pick<OutgoingRequest, 'uri' | 'routes' | 'nextHop'> {
  const first = routes[0]
  const uri = first === undefined ? undefined : parseNameAddr(first)?.uri
  if (uri === undefined) return { uri: target, routes, nextHop: target }
  const loose = param(uri.slice(uri.indexOf(';') + 1), 'lr') !== undefined
  if (loose) return { uri: target, routes, nextHop: uri }
  return { uri, routes: [...routes.slice(1), `<${target}>`], nextHop: uri }
}

/** The dialog that a 2xx of ours sets up (12.1.1). */
export function dialogOfInvite(invite: SipRequest, localTag: string): Dialog {
  const routes = invite.headers.list('record-route')
  return new Dialog({
    callId: invite.callId,
    localTag,
    remoteTag: invite.fromTag,
    local: `${invite.headers.get('to') ?? ''};tag=${localTag}`,
    remote: invite.headers.get('from') ?? '',
    remoteTarget: contactOf(invite) ?? '',
    routes,
    localCseq: 0,
    remoteCseq: invite.cseq,
    flow: routes.length === 0 ? flowOf(invite) : undefined,
  })
}

/**
 * The dialog that a 2xx to an INVITE of ours sets up (12.1.2).
 * @param flow where a registered phone is reached, whatever address its Contact believes in
 */
export function dialogOfResponse(
  invite: OutgoingRequest,
  response: SipResponse,
  flow: Hop | undefined,
): Dialog {
  const routes = response.headers.list('record-route').toReversed()
  return new Dialog({
    callId: invite.callId,
    localTag: response.fromTag,
    remoteTag: response.toTag,
    local: invite.from,
    remote: response.headers.get('to') ?? invite.to,
    remoteTarget: contactOf(response) ?? invite.uri,
    routes,
    localCseq: invite.cseq,
    remoteCseq: -1,
    flow: routes.length === 0 ? flow : undefined,
  })
}

/**
 * A phone behind address translation shows a Via, and so a Contact, that nobody outside can reach: requests go
 * back to where its INVITE or REGISTER came from. The same over TCP, where the connection is the only sure way.
 * @returns undefined when the Contact can be trusted to lead there
 */
export function flowOf({ via, source }: SipRequest): Hop | undefined {
  return source.transport === 'tcp' || via.host !== source.host ? source : undefined
}

/** The URI of the first Contact, if it is one that we can call. */
export function contactOf(message: SipRequest | SipResponse): string | undefined {
  const contact = message.headers.list('contact')[0]
  const uri = contact === undefined ? undefined : parseNameAddr(contact)?.uri
  return uri !== undefined && parseUri(uri) ? uri : undefined
}
