import { isToken } from '../sip-grammar.ts'
import { parseUri, transportOf } from '../sip-uri.ts'
import type { Destination } from './destination.ts'
import type { OutboundOptions } from './options.ts'
import { authorize, type ClientCredentials, isChallenge } from './sip/client-credentials.ts'
import { type Dialog, routed } from './sip/dialog.ts'
import type { Endpoint } from './sip/endpoint.ts'
import type { Hop, SipResponse } from './sip/message.ts'
import type { OutgoingRequest } from './sip/outgoing.ts'
import { newCallId, newTag } from './sip/random.ts'
import { type HeaderFields, oneLine } from './sip/write-message.ts'

/** Headers that callers of `dial` may not set: they are the protocol's own. */
const OWN_HEADERS =
  /^(via|v|from|f|to|t|call-id|i|cseq|contact|m|route|record-route|max-forwards|content-length|l|content-type|c|content-encoding|e|allow|authorization|proxy-authorization|require|proxy-require|supported|k|expires|user-agent)$/i

/** Writes the requests that we begin ourselves, with credentials where a far end asks for them (RFC 3261 22). */
export class OutboundRequests {
  readonly #endpoint: Endpoint
  readonly #outbound: OutboundOptions | undefined
  readonly #contactFields: (transport: Hop['transport']) => HeaderFields

  constructor(
    endpoint: Endpoint,
    outbound: OutboundOptions | undefined,
    contactFields: (transport: Hop['transport']) => HeaderFields,
  ) {
    this.#endpoint = endpoint
    this.#outbound = outbound
    this.#contactFields = contactFields
  }

  /** A new call: a dialog of its own for every destination. */
  invite({ uri, flow, parts: { from, to, headers } }: Destination, sdp: string): OutgoingRequest {
    const proxy = this.#outbound?.proxy
    const next = parseUri(proxy ?? uri)
    const transport = flow?.transport ?? (next ? transportOf(next) : 'udp')
    return {
      method: 'INVITE',
      callId: newCallId(),
      from: `${from};tag=${newTag()}`,
      to,
      cseq: 1,
      ...routed(uri, proxy === undefined ? [] : [`<${proxy};lr>`]),
      fields: [...this.#contactFields(transport), ...customHeaders(headers)],
      content: { type: 'application/sdp', text: sdp },
    }
  }

  /**
   * The request again with the answer to a challenge; undefined when we cannot give one.
   * @param hop where the request went
   * @param credentials those of a trunk, in place of our own
   */
  authorize(
    request: OutgoingRequest,
    response: SipResponse,
    hop: Hop,
    cseq: number,
    credentials: ClientCredentials | undefined = this.#outbound,
  ): OutgoingRequest | undefined {
    return credentials && authorize(request, response, hop, credentials, cseq)
  }

  /** BYE; its final answer, or none, ends the dialog (15.1.1). */
  bye(dialog: Dialog, done: () => void, credentials: ClientCredentials | undefined = this.#outbound): void {
    const send = (request: OutgoingRequest, flow: Hop | undefined): void => {
      this.#endpoint.request(request, flow, {
        response: (response, hop) => {
          if (response.status < 200) return
          const again =
            credentials && isChallenge(response)
              ? authorize(request, response, hop, credentials, dialog.nextCseq())
              : undefined
          if (again) send(again, hop)
          else done()
        },
        failed: done,
      })
    }
    send(dialog.request('BYE'), dialog.flow)
  }
}

function customHeaders(headers: Readonly<Record<string, string>>): HeaderFields {
  return Object.entries(headers)
    .filter(([name]) => isToken(name) && !OWN_HEADERS.test(name))
    .map(([name, value]) => [name, oneLine(value)])
}
