import { parseUri } from '../sip-uri.ts'
import { bestStatus, causeOfStatus } from '../status-causes.ts'
import type { Trunk } from '../trunk.ts'
import type { Destination } from './destination.ts'
import { type DialogSurroundings, Established } from './established.ts'
import type { Leg, Signalling } from './leg.ts'
import { type Answer, Branch, type BranchListener } from './outbound-branch.ts'
import { sdpOf } from './sdp/body.ts'
import { type Agreed, Negotiation } from './sdp/negotiation.ts'
import { isChallenge } from './sip/client-credentials.ts'
import { dialogKey, dialogOfResponse } from './sip/dialog.ts'
import type { SipResponse } from './sip/message.ts'
import type { OutgoingRequest } from './sip/outgoing.ts'
import type { HeaderFields } from './sip/write-message.ts'

export interface OutboundSurroundings {
  readonly mediaHost: string
  /** The INVITE for a destination, with a Call-ID and From tag of its own. */
  readonly invite: (destination: Destination, sdp: string) => OutgoingRequest
  /** What a call to or from this trunk shares with others, with its credentials; undefined: no trunk. */
  readonly dialogs: (trunk: Trunk | undefined) => DialogSurroundings
}

/**
 * Whoever is there says at least 100 within 200 ms (RFC 3261 17.2.1). After four INVITEs without a word nobody is:
 * timer B would take 32 s to say so, and somebody waits for another phone to ring.
 */
const UNHEARD_MS = 4_000

/** Refusals that say nothing of the callee: the one who was asked could not carry the call (RFC 3263 4.3, RFC 5626 11). */
const NOT_CARRIED = new Set([401, 407, 408, 430])

/**
 * A call that we make (RFC 3261 13.2), in rounds: to all destinations of a round at once, each an INVITE of its own.
 * The first 2xx wins; the others are cancelled, and every further 2xx (a phone that answered as the CANCEL crossed, a
 * fork beyond us) is acknowledged and ended with BYE at once. The next round is begun where one could not carry the
 * call and nothing has rung.
 */
export class OutboundCall implements Signalling {
  readonly #around: OutboundSurroundings
  readonly #leg: Leg
  readonly #command: string
  readonly #ringMs: number
  /** Those that are still to come. */
  readonly #rounds: (readonly Destination[])[]
  /** Of this round, without a final answer. */
  readonly #branches = new Set<Branch>()
  #refusals: number[] = []
  #sdp = ''
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
    rounds: readonly (readonly Destination[])[],
    ringMs: number,
  ) {
    this.#around = around
    this.#leg = leg
    this.#command = command
    this.#rounds = [...rounds]
    this.#ringMs = ringMs
  }

  mediaReady(port: number): void {
    if (this.#released) return
    this.#negotiation = new Negotiation({ host: this.#around.mediaHost, port }, this.#leg.session)
    this.#sdp = this.#negotiation.offer()
    this.#startRound()
    if (this.#released) return
    // After that of the round: where the two run out together, nobody was there.
    this.#ringing = this.#dialogs.endpoint.timers.after(this.#ringMs, () => this.#noAnswer())
  }

  #startRound(): void {
    const { endpoint } = this.#dialogs
    this.#unheard?.cancel()
    this.#unheard = endpoint.timers.after(Math.min(UNHEARD_MS, this.#ringMs), () => this.#nobodyThere())
    this.#branches.clear()
    this.#refusals = []
    this.#heard = false
    this.#isThere = false
    const listener: BranchListener = {
      progress: (branch, response) => this.#receiveProgress(branch, response),
      accepted: (branch, response) => this.#receiveAnswer(branch, response),
      refused: (branch, status, answer) => this.#receiveRefusal(branch, status, answer),
    }
    const branches = (this.#rounds.shift() ?? []).map(
      (destination) =>
        new Branch(endpoint, destination, listener, this.#around.invite(destination, this.#sdp)),
    )
    for (const branch of branches) this.#branches.add(branch)
    for (const branch of branches) branch.start()
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
    if (this.#isThere) return
    this.#cancelAll()
    if (this.#rounds.length > 0) this.#startRound()
    else this.#leg.hangUp({ cause: 'unreachable', by: 'network', status: 408 })
  }

  #stopTimers(): void {
    this.#ringing?.cancel()
    this.#unheard?.cancel()
  }

  #cancelAll(except?: Branch): void {
    for (const branch of this.#branches) if (branch !== except) branch.cancel()
  }

  /**
   * 180, or 183 with SDP; each kind is told once. Other provisional responses say nothing (21.1), but that somebody
   * is being looked for: then nobody else is asked.
   */
  #receiveProgress(branch: Branch, response: SipResponse): void {
    if (!this.#branches.has(branch)) return
    this.#isThere = true
    if (response.status > 100) this.#rounds.length = 0
    const early = response.status === 183 && typeof sdpOf(response) === 'object'
    const kind = early ? 'early-media' : response.status === 180 ? 'ringing' : undefined
    if (!kind || kind === this.#progress || this.#released || this.#established) return
    this.#progress = kind
    this.#leg.emit({ type: 'call.progress', call: this.#leg.id, kind })
  }

  #receiveAnswer(branch: Branch, response: SipResponse): void {
    const around = this.#around.dialogs(branch.destination.trunk)
    const known = around.dialogs.get(dialogKey(response.fromTag, response.toTag))
    if (known) return this.#acknowledge(branch, known)
    const negotiation = this.#negotiation
    if (!negotiation) return
    const dialog = dialogOfResponse(branch.invite, response, branch.destination.flow)
    const established = new Established(around, this.#leg, dialog, negotiation)
    this.#acknowledge(branch, established)
    // Too late, or not the first: whoever answered must not be left in a call with nobody (13.2.2.4, 15).
    const isLate = this.#released || this.#established !== undefined || !this.#branches.has(branch)
    if (isLate) return established.bye()
    this.#stopTimers()
    this.#established = established
    this.#cancelAll(branch)
    const agreed = this.#agreement(branch, response, negotiation)
    if (!agreed) return this.#leg.hangUp({ cause: 'unsupported', by: 'local', status: 488 })
    this.#leg.setRemote(agreed.remote)
    this.#leg.answered(this.#command, branch.destination.trunk?.name)
  }

  /** The answer is in the 2xx; some put it into a provisional response only. */
  #agreement(branch: Branch, response: SipResponse, negotiation: Negotiation): Agreed | undefined {
    const body = sdpOf(response)
    const sdp = typeof body === 'object' ? body.sdp : branch.earlySdp
    return sdp === undefined ? undefined : negotiation.accept(sdp)
  }

  #acknowledge(branch: Branch, established: Established): void {
    const { invite } = branch
    const ack = established.dialog.request('ACK', [], undefined, invite.cseq)
    // Credentials as in the INVITE (13.2.2.4), but for nobody else: the callee may be reached past those who asked.
    const isSameHop = parseUri(ack.nextHop)?.host === parseUri(invite.nextHop)?.host
    const auth: HeaderFields = invite.fields.filter(([name]) => /^(Proxy-)?Authorization$/.test(name))
    this.#dialogs.endpoint.sendAck(isSameHop ? { ...ack, fields: auth } : ack, established.dialog.flow)
  }

  #receiveRefusal(branch: Branch, status: number, answer: Answer | undefined): void {
    if (!this.#branches.has(branch)) return
    if (answer && isChallenge(answer.response) && !this.#released) {
      const { authorize } = this.#around.dialogs(branch.destination.trunk)
      const again = authorize(branch.invite, answer.response, answer.hop, branch.invite.cseq + 1)
      if (again) return branch.restart(again, answer.hop)
    }
    this.#branches.delete(branch)
    this.#refusals.push(status)
    this.#heard ||= answer !== undefined
    this.#isThere ||= this.#heard
    if (this.#established || this.#released) return
    // 6xx: nobody else may be asked either (16.7 step 5).
    if (status < 600 && this.#branches.size > 0) return
    const best = bestStatus(this.#refusals)
    if (this.#rounds.length > 0 && (NOT_CARRIED.has(best) || (best >= 500 && best < 600)))
      return this.#startRound()
    this.#stopTimers()
    // Where nobody said anything at all, there was nobody; 408 and 503 are then our own words (8.1.3.1).
    if (this.#heard) this.#leg.hangUp({ cause: causeOfStatus(best), by: 'remote', status: best })
    else this.#leg.hangUp({ cause: 'unreachable', by: 'network', status: best })
  }

  get #dialogs(): DialogSurroundings {
    return this.#around.dialogs(undefined)
  }
}
