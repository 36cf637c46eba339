import type { CallId } from '../call/call.ts'
import type { Cancel, Clock } from '../clock/clock.ts'
import type { Devices } from './devices.ts'
import type { Parts } from './parts.ts'
import { type StandingEnd, StandingLeg, type StandingOptions } from './standing-leg.ts'

/** A call that was lost is made again after so long, where the phone is still registered. */
const REDIAL_MS = 5_000

/** How the agent's phone is used. */
export interface PhoneSettings {
  /** Calls are taken without the agent's doing. */
  readonly autoAnswer: boolean
  /** One call stands while the agent works, and offers come on it. */
  readonly standing: boolean
}

export const PLAIN_PHONE: PhoneSettings = { autoAnswer: false, standing: false }

export interface StandingLegsOptions extends StandingOptions {
  /** What becomes of a second standing call of one agent: the first is given up for it, or it is refused. */
  readonly second: 'take-over' | 'refuse'
}

interface Surroundings extends Pick<Parts, 'board' | 'logger' | 'prompts' | 'acd'> {
  readonly clock: Clock
  readonly devices: Devices
}

/**
 * The standing calls of all agents. Those whose phone is set so are dialled when they sign in; everybody may dial in to a
 * service number, which signs them in. Without its call such a phone cannot be rung. Hanging up signs the phone off
 * until the agent says that they work again; a call that was lost is made again.
 */
export class StandingLegs {
  readonly #around: Surroundings
  readonly #options: StandingLegsOptions
  readonly #legs = new Map<string, StandingLeg>()
  #phones: ReadonlyMap<string, PhoneSettings> = new Map()
  /** On the floor. */
  readonly #present = new Set<string>()
  /** Hung up, or did not take the call. */
  readonly #signedOff = new Set<string>()
  /** Came by dialling in, and go by hanging up. */
  readonly #cameByPhone = new Set<string>()
  readonly #redials = new Map<string, Cancel>()
  #isStopped = false

  constructor(around: Surroundings, options: StandingLegsOptions) {
    this.#around = around
    this.#options = options
  }

  /** @param phones by agent; replaces what was known. A call that is not wanted any more is let go after the talk on it. */
  assign(phones: ReadonlyMap<string, PhoneSettings>): void {
    this.#phones = phones
    for (const [agent, leg] of this.#legs) if (!leg.isLent) this.#letGoUnwanted(agent, leg)
  }

  /** Dials whoever is to have a call and has none. */
  tend(): void {
    for (const agent of this.#phones.keys()) this.#tend(agent)
  }

  phoneOf(agent: string): PhoneSettings {
    return this.#phones.get(agent) ?? PLAIN_PHONE
  }

  /** The agent's standing call, while it is up. */
  of(agent: string): StandingLeg | undefined {
    const leg = this.#legs.get(agent)
    return leg?.isUp ? leg : undefined
  }

  /** Whether the agent can be offered something on a standing call; undefined where the phone is rung instead. */
  stands(agent: string): boolean | undefined {
    if (this.of(agent)) return true
    return this.#isWanted(agent) ? false : undefined
  }

  /** The agent is on the floor, or has left it. */
  present(agent: string, isPresent: boolean): void {
    if (isPresent === this.#present.has(agent)) return
    if (isPresent) {
      this.#present.add(agent)
      return this.#tend(agent)
    }
    this.#present.delete(agent)
    this.#legs.get(agent)?.hangUp()
  }

  /** The agent says that they work: a phone that was signed off is dialled again. */
  works(agent: string): void {
    this.#signedOff.delete(agent)
    this.#tend(agent)
  }

  /** The phone has registered. */
  reachable(device: string): void {
    const agent = this.#around.devices.ownerOf(device)
    if (agent !== undefined) this.#tend(agent)
  }

  /** An agent calls the service number. @param device that has proved itself */
  dialledIn(call: CallId, device: string | undefined): void {
    const { board, logger, devices } = this.#around
    const agent = device === undefined ? undefined : devices.ownerOf(device)
    if (agent === undefined) {
      logger.warn({ call, device }, 'somebody who is no agent called the number for standing calls')
      return void board.order({ type: 'reject', call, cause: 'not-allowed' })
    }
    const earlier = this.#legs.get(agent)
    if (earlier && (this.#options.second === 'refuse' || earlier.isLent)) {
      logger.warn({ call, agent, earlier: earlier.call }, 'a second standing call was refused')
      return void board.order({ type: 'reject', call, cause: 'busy' })
    }
    this.#signedOff.delete(agent)
    if (!this.#present.has(agent)) this.#cameByPhone.add(agent)
    this.#make(agent, call).answer()
    earlier?.hangUp()
  }

  /** The server stops. */
  stop(): void {
    for (const cancel of this.#redials.values()) cancel()
    this.#redials.clear()
    this.#isStopped = true
    for (const leg of this.#legs.values()) leg.hangUp()
  }

  #isWanted(agent: string): boolean {
    return this.phoneOf(agent).standing
  }

  #letGoUnwanted(agent: string, leg: StandingLeg): void {
    if (!this.#isWanted(agent) && !this.#cameByPhone.has(agent)) leg.hangUp()
  }

  /** Dials where a call is wanted and there is none. */
  #tend(agent: string): void {
    if (!this.#isWanted(agent) || !this.#present.has(agent) || this.#signedOff.has(agent)) return
    if (this.#isStopped || this.#legs.has(agent) || this.#redials.has(agent)) return
    const device = this.#around.devices.of(agent)
    if (device !== undefined) this.#make(agent).dial({ device }, this.phoneOf(agent).autoAnswer)
  }

  #make(agent: string, call?: CallId): StandingLeg {
    const leg: StandingLeg = new StandingLeg(
      this.#around,
      this.#options,
      agent,
      {
        up: () => this.#isUp(agent, leg),
        free: () => this.#letGoUnwanted(agent, leg),
        over: (why) => this.#isOver(agent, leg, why),
      },
      call,
    )
    this.#legs.set(agent, leg)
    this.#around.logger.info({ agent, call: leg.call }, 'standing call')
    return leg
  }

  #isUp(agent: string, leg: StandingLeg): void {
    if (this.#legs.get(agent) !== leg) return
    const { acd, logger, devices } = this.#around
    logger.info({ agent, call: leg.call }, 'standing call is up')
    devices.check(agent)
    if (!this.#cameByPhone.has(agent)) return
    acd.put({ type: 'agent.signed-in', agent })
    acd.put({ type: 'agent.available', agent })
  }

  #isOver(agent: string, leg: StandingLeg, why: StandingEnd): void {
    if (this.#legs.get(agent) !== leg) return
    const { acd, clock, devices, logger } = this.#around
    this.#legs.delete(agent)
    logger.info({ agent, call: leg.call, why }, 'standing call is over')
    if (why === 'hung-up' || why === 'not-taken') this.#signedOff.add(agent)
    devices.check(agent)
    if (this.#cameByPhone.delete(agent) && why === 'hung-up') acd.put({ type: 'agent.signed-out', agent })
    if (why !== 'lost' || !this.#present.has(agent)) return
    const again = (): void => {
      this.#redials.delete(agent)
      this.#tend(agent)
    }
    this.#redials.set(agent, clock.after(REDIAL_MS, again))
  }
}
