/**
 * A call that we make (RFC 3261 13.2). It goes to a list of places, and where those do not carry it to the next list:
 * all phones of a device at once, trunks one after the other. The first 2xx wins; the others are cancelled, and every
 * further 2xx (a phone that answered as the CANCEL crossed) is acknowledged and ended with BYE at once.
 */
import type Srf from 'drachtio-srf'
import type { Cancel } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import type { Ending } from '../endings.ts'
import { bestStatus } from '../status-causes.ts'
import { type DialogSurroundings, Established } from './established.ts'
import { progress, refused } from './events.ts'
import type { Leg, Signalling } from './leg.ts'
import type { MediaServers, Placed } from './media-servers.ts'
import { SessionOrigin } from './session-description.ts'
import { timerOfOffer } from './session-timers.ts'
import { bodyOf, statusOf } from './sip-messages.ts'
import type { Auth } from './trunk-auth.ts'

/** One place where an outbound leg rings. */
export interface Destination {
  /** Request-URI. */
  readonly uri: string
  /** SIP URI of the hop to send it to; undefined: the Request-URI says it. */
  readonly proxy: string | undefined
  /** From, To and what else goes along. */
  readonly headers: Readonly<Record<string, string>>
  /** Answers a challenge. */
  readonly auth?: Auth
  /** The trunk that this is. */
  readonly trunk?: string
}

/**
 * Whoever is there says at least 100 within 200 ms (RFC 3261 17.2.1). After four INVITEs without a word nobody is:
 * timer B would take 32 s to say so, and somebody waits for another phone to ring.
 */
const UNHEARD_MS = 4_000

interface Branch {
  readonly destination: Destination
  request: Srf.SrfRequest | undefined
  heard: boolean
  cancelled: boolean
}

export class OutboundCall implements Signalling {
  readonly #around: DialogSurroundings
  readonly #servers: MediaServers
  readonly #leg: Leg
  readonly #command: string
  readonly #lists: (readonly Destination[])[]
  readonly #ringMs: number
  readonly #origin = new SessionOrigin()
  readonly #branches = new Set<Branch>()
  #placed: Placed | undefined
  #refusals: number[] = []
  #heard = false
  #progress: 'ringing' | 'early-media' | undefined
  #ringing: Cancel | undefined
  #unheard: Cancel | undefined
  #released = false
  #established: Established | undefined
  #answered = false

  constructor(
    around: DialogSurroundings,
    servers: MediaServers,
    leg: Leg,
    command: { readonly id: string; readonly ringMs: number },
    lists: readonly (readonly Destination[])[],
  ) {
    this.#around = around
    this.#servers = servers
    this.#leg = leg
    this.#command = command.id
    this.#ringMs = command.ringMs
    this.#lists = [...lists]
  }

  get remoteSdp(): string | undefined {
    return this.#established?.remoteSdp
  }

  start(): void {
    this.#ringing = this.#around.clock.after(this.#ringMs, () =>
      this.#leg.hangUp({ cause: 'no-answer', by: 'network', status: 408 }),
    )
    this.#servers.endpoint(undefined).then(
      (placed) => {
        if (this.#released) return placed.endpoint.destroy()
        this.#placed = placed
        this.#leg.place(placed)
        this.#invite()
      },
      (error: unknown) => {
        this.#around.logger.warn({ call: this.#leg.id, why: messageOf(error) }, 'a call could not be made')
        this.#leg.hangUp({ cause: 'backend-lost', by: 'network', status: 503 })
      },
    )
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

  async offer(sdp: string): Promise<string> {
    if (!this.#established) throw new Error('the call has not been answered')
    return this.#established.offer(sdp)
  }

  reconnected(): void {
    this.#established?.reconnected()
    // What rang when the connection went away rings still.
    for (const branch of this.#branches) {
      if (branch.request) this.#around.server.adopt({ req: branch.request })
      branch.cancelled = false
      this.#cancel(branch)
    }
  }

  #invite(): void {
    this.#heard = false
    this.#refusals = []
    const { clock } = this.#around
    this.#unheard = clock.after(Math.min(UNHEARD_MS, this.#ringMs), () => {
      if (!this.#heard) this.#notCarried({ cause: 'unreachable', by: 'network', status: 408 })
    })
    for (const destination of this.#lists.shift() ?? []) this.#send(destination)
  }

  #send(destination: Destination): void {
    const branch: Branch = { destination, request: undefined, heard: false, cancelled: false }
    this.#branches.add(branch)
    const { srf } = this.#around.server
    const { uri, proxy, headers, auth } = destination
    const options: Srf.CreateUACOptions = {
      localSdp: this.#origin.describe(this.#placed?.endpoint.localSdp ?? ''),
      headers: { ...timerOfOffer(this.#around.sessionExpiresSeconds), ...headers },
      ...(proxy !== undefined && { proxy }),
      // It takes a function too, though its types do not say so.
      ...(auth && { auth: auth as unknown as NonNullable<Srf.CreateUACOptions['auth']> }),
    }
    srf
      .createUAC(uri, options, {
        // It gives an error first, though its types do not say so.
        cbRequest: (...[, request]: readonly unknown[]) => {
          branch.request = request as Srf.SrfRequest | undefined
          const sipCallId = branch.request?.get('call-id')
          if (sipCallId) this.#around.trace?.leg(this.#leg.id, sipCallId)
          if (branch.cancelled) this.#withdraw(branch)
        },
        cbProvisional: (response) => this.#receiveProgress(branch, response),
      })
      .then(
        (dialog) => this.#receiveAnswer(branch, dialog),
        (error: unknown) => this.#receiveRefusal(branch, statusOf(error)),
      )
  }

  #receiveProgress(branch: Branch, response: Srf.SrfResponse): void {
    const status = statusOf(response) ?? 100
    branch.heard = true
    this.#heard = true
    const kind = progress(status, bodyOf(response))
    if (!kind || kind === this.#progress || this.#released || this.#answered) return
    this.#progress = kind
    this.#leg.emit({ type: 'call.progress', call: this.#leg.id, kind })
  }

  #receiveAnswer(branch: Branch, dialog: Srf.Dialog): void {
    this.#branches.delete(branch)
    this.#heard = true
    const established = new Established(dialog, this.#leg, this.#around, this.#origin)
    // Too late, or not the first: whoever answered must not be left in a call with nobody (13.2.2.4, 15).
    if (this.#released || this.#answered || !this.#placed) return established.bye()
    this.#answered = true
    this.#established = established
    const { trunk } = branch.destination
    this.#leg.answering = { command: this.#command, ...(trunk !== undefined && { trunk }) }
    this.#stopTimers()
    this.#cancelAll()
    this.#placed.endpoint.modify(established.remoteSdp).then(
      () => this.#leg.answered(this.#command, trunk),
      () => this.#leg.hangUp({ cause: 'unsupported', by: 'local', status: 488 }),
    )
  }

  #receiveRefusal(branch: Branch, status: number | undefined): void {
    this.#branches.delete(branch)
    if (this.#answered || this.#released) return
    // Without a status drachtio-server could not even send it.
    this.#refusals.push(status ?? 503)
    this.#heard ||= status !== undefined && branch.heard
    // 6xx: nobody else may be asked either (16.7 step 5).
    if ((status ?? 503) < 600 && this.#branches.size > 0) return
    const best = bestStatus(this.#refusals)
    if (status === undefined || (!branch.heard && status === 408)) {
      return this.#notCarried({ cause: 'unreachable', by: 'network', status: best })
    }
    if (isAboutTheWay(best)) return this.#notCarried(refused(best))
    this.#over(refused(best))
  }

  /** Nobody there, or one that cannot carry it: the next list has its turn, unless somebody's phone rings already. */
  #notCarried(ending: Ending): void {
    this.#cancelAll()
    if (this.#progress || this.#lists.length === 0) return this.#over(ending)
    this.#unheard?.()
    this.#branches.clear()
    this.#invite()
  }

  #over(ending: Ending): void {
    this.#stopTimers()
    this.#leg.hangUp(ending)
  }

  #cancelAll(): void {
    for (const branch of this.#branches) this.#cancel(branch)
  }

  #cancel(branch: Branch): void {
    if (branch.cancelled) return
    branch.cancelled = true
    this.#withdraw(branch)
  }

  /** Before drachtio-server has said that the INVITE is out there is nothing to cancel yet. */
  #withdraw({ request }: Branch): void {
    if (!request) return
    try {
      request.cancel((error) => {
        if (error) this.#around.logger.debug({ call: this.#leg.id }, 'a CANCEL came too late')
      })
    } catch (error) {
      this.#around.logger.debug({ call: this.#leg.id, why: messageOf(error) }, 'a CANCEL could not be sent')
    }
  }

  #stopTimers(): void {
    this.#ringing?.()
    this.#unheard?.()
  }
}

/** Answers after which another way may carry the call (RFC 3263 4.3): the others are about the callee. */
function isAboutTheWay(status: number): boolean {
  return status === 408 || status === 430 || (status >= 500 && status < 600)
}
