import { bestStatus, causeOfStatus } from '../status-causes.ts'
import { type DialogSurroundings, Established } from './established.ts'
import type { Leg, Signalling } from './leg.ts'
import { Branch } from './outbound-branch.ts'
import { sdpOf } from './sdp/body.ts'
import { type Agreed, Negotiation } from './sdp/negotiation.ts'
import { isChallenge } from './sip/client-credentials.ts'
import { dialogKey, dialogOfResponse } from './sip/dialog.ts'
import type { Hop, SipResponse } from './sip/message.ts'
import type { OutgoingRequest } from './sip/outgoing.ts'
import type { HeaderFields } from './sip/write-message.ts'

/** One place where an outbound leg rings. */
export interface Destination {
  /** Request-URI. */
  readonly uri: string
  /** Where the phone registered from; undefined: the URI says it. */
  readonly flow: Hop | undefined
}

export interface OutboundSurroundings extends DialogSurroundings {
  readonly mediaHost: string
  /** The INVITE for a destination, with a Call-ID and From tag of its own. */
  readonly invite: (destination: Destination, sdp: string) => OutgoingRequest
}

/**
 * Whoever is there says at least 100 within 200 ms (RFC 3261 17.2.1). After four INVITEs without a word nobody is:
 * timer B would take 32 s to say so, and somebody waits for another phone to ring.
 */
const UNHEARD_MS = 4_000

/**
 * A call that we make (RFC 3261 13.2): to all destinations at once, each an INVITE of its own. The first 2xx
 * wins; the others are cancelled, and every further 2xx (a phone that answered as the CANCEL crossed, a fork
 * beyond us) is acknowledged and ended with BYE at once.
 */
export class OutboundCall implements Signalling {
  readonly #around: OutboundSurroundings
  readonly #leg: Leg
  readonly #command: string
  readonly #destinations: readonly Destination[]
  readonly #ringMs: number
  readonly #branches = new Set<Branch>()
  readonly #refusals: number[] = []
  #heard = false
  #isThere = false
  #negotiation: Negotiation | undefined
  #ringing: { cancel(): void } | undefined
  #unheard: { cancel(): void } | undefined
  #progress: 'ringing' | 'early-media' | undefined
  #released = false
  #established: Established | undefined

  constructor(
    around: OutboundSurroundings,
    leg: Leg,
    command: string,
    destinations: readonly Destination[],
    ringMs: number,
  ) {
    this.#around = around
    this.#leg = leg
    this.#command = command
    this.#destinations = destinations
    this.#ringMs = ringMs
  }

  mediaReady(port: number): void {
    if (this.#released) return
    const { endpoint, mediaHost } = this.#around
    this.#negotiation = new Negotiation({ host: mediaHost, port }, this.#leg.session)
    const sdp = this.#negotiation.offer()
    this.#unheard = endpoint.timers.after(Math.min(UNHEARD_MS, this.#ringMs), () => this.#nobodyThere())
    this.#ringing = endpoint.timers.after(this.#ringMs, () => this.#noAnswer())
    for (const { uri, flow } of this.#destinations) {
      this.#branches.add(
        new Branch(
          endpoint,
          flow,
          {
            progress: (response) => this.#receiveProgress(response),
            accepted: (branch, response) => this.#receiveAnswer(branch, response),
            refused: (branch, status, response) => this.#receiveRefusal(branch, status, response),
          },
          this.#around.invite({ uri, flow }, sdp),
        ),
      )
    }
    for (const branch of this.#branches) branch.start()
  }

  answer(): boolean {
    return false
  }

  release(): void {
    this.#released = true
    this.#stopTimers()
    if (this.#established) this.#established.bye()
    else this.#cancelAll()
  }

  hold(holds: boolean): void {
    this.#established?.hold(holds)
  }

  #noAnswer(): void {
    this.#leg.hangUp({ cause: 'no-answer', by: 'network', status: 408 })
  }

  #nobodyThere(): void {
    if (!this.#isThere) this.#leg.hangUp({ cause: 'unreachable', by: 'network', status: 408 })
  }

  #stopTimers(): void {
    this.#ringing?.cancel()
    this.#unheard?.cancel()
  }

  #cancelAll(except?: Branch): void {
    for (const branch of this.#branches) if (branch !== except) branch.cancel()
  }

  /** 180, or 183 with SDP; each kind is told once. Other provisional responses say nothing (21.1). */
  #receiveProgress(response: SipResponse): void {
    this.#isThere = true
    const early = response.status === 183 && typeof sdpOf(response) === 'object'
    const kind = early ? 'early-media' : response.status === 180 ? 'ringing' : undefined
    if (!kind || kind === this.#progress || this.#released || this.#established) return
    this.#progress = kind
    this.#leg.emit({ type: 'call.progress', call: this.#leg.id, kind })
  }

  #receiveAnswer(branch: Branch, response: SipResponse): void {
    const known = this.#around.dialogs.get(dialogKey(response.fromTag, response.toTag))
    if (known) return this.#acknowledge(branch, known)
    const negotiation = this.#negotiation
    if (!negotiation) return
    const dialog = dialogOfResponse(branch.invite, response, branch.flow)
    const established = new Established(this.#around, this.#leg, dialog, negotiation)
    this.#acknowledge(branch, established)
    // Too late, or not the first: whoever answered must not be left in a call with nobody (13.2.2.4, 15).
    if (this.#released || this.#established) return established.bye()
    this.#stopTimers()
    this.#established = established
    this.#cancelAll(branch)
    const agreed = this.#agreement(branch, response, negotiation)
    if (!agreed) return this.#leg.hangUp({ cause: 'unsupported', by: 'local', status: 488 })
    this.#leg.setRemote(agreed.remote)
    this.#leg.answered(this.#command)
  }

  /** The answer is in the 2xx; some put it into a provisional response only. */
  #agreement(branch: Branch, response: SipResponse, negotiation: Negotiation): Agreed | undefined {
    const body = sdpOf(response)
    const sdp = typeof body === 'object' ? body.sdp : branch.earlySdp
    return sdp === undefined ? undefined : negotiation.accept(sdp)
  }

  #acknowledge(branch: Branch, established: Established): void {
    const auth: HeaderFields = branch.invite.fields.filter(([name]) => /^(Proxy-)?Authorization$/.test(name))
    const ack = established.dialog.request('ACK', auth, undefined, branch.invite.cseq)
    this.#around.endpoint.sendAck(ack, established.dialog.flow)
  }

  #receiveRefusal(branch: Branch, status: number, response: SipResponse | undefined): void {
    if (response && isChallenge(response) && !this.#released) {
      const again = this.#around.authorize(branch.invite, response, branch.invite.cseq + 1)
      if (again) return branch.restart(again)
    }
    this.#branches.delete(branch)
    this.#refusals.push(status)
    this.#heard ||= response !== undefined
    this.#isThere ||= this.#heard
    if (this.#established || this.#released) return
    // 6xx: nobody else may be asked either (16.7 step 5).
    if (status < 600 && this.#branches.size > 0) return
    this.#stopTimers()
    const best = bestStatus(this.#refusals)
    // Where nobody said anything at all, there was nobody; 408 and 503 are then our own words (8.1.3.1).
    if (this.#heard) this.#leg.hangUp({ cause: causeOfStatus(best), by: 'remote', status: best })
    else this.#leg.hangUp({ cause: 'unreachable', by: 'network', status: best })
  }
}
