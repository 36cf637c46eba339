import type { Agent } from './agent.ts'
import { Bits } from './bits.ts'
import { Classes, link } from './classes.ts'
import { NOBODY_BY_NAME } from './contact.ts'
import type { AgentId, Channel } from './ids.ts'
import type { ContactClass, Lane, NamedEntry, Place, Plan, PlanStep, Profile, Queue, Stage } from './model.ts'
import { NamedLines } from './named-lines.ts'
import { afterwardsOf, agentsOf, planKey, stageOf, stepsOf, unionOf } from './plan.ts'
import { Profiles } from './profiles.ts'
import { delaysPassed } from './queue.ts'
import { type Able, allOf, type Requirement } from './requirement.ts'
import type { SeatOrder } from './routing/seat-order.ts'
import type { CapacityRules } from './rules.ts'

/** Plans that no contact has at the moment, and that are kept for the next one. */
const PLANS_KEPT = 1_000

/**
 * Who waits and who is free, in such an order that a decision looks at the first of each kind only. Knows nothing of
 * time and of what is to happen: it is told who may be where.
 */
export class FloorIndex {
  readonly profiles: Profiles
  readonly classes = new Classes()
  readonly named = new NamedLines()
  readonly #lanes = new Map<Channel, Lane>()
  readonly #plans = new Map<string, Plan>()
  readonly #unused = new Set<Plan>()
  readonly #agents: ReadonlyMap<AgentId, Agent>

  /** @param agents everybody who is known, kept up to date by the owner */
  constructor(
    channels: Iterable<Channel>,
    orders: ReadonlySet<SeatOrder>,
    agents: ReadonlyMap<AgentId, Agent>,
  ) {
    for (const channel of channels) {
      const lane = {
        channel,
        index: this.#lanes.size,
        waiting: new Bits(),
        heads: new Float64Array(16),
        free: new Bits(),
        doing: new Int32Array(64),
      }
      this.#lanes.set(channel, lane)
    }
    this.profiles = new Profiles([...this.#lanes.values()], orders)
    this.#agents = agents
  }

  hasChannel(channel: Channel): boolean {
    return this.#lanes.has(channel)
  }

  lanes(): Iterable<Lane> {
    return this.#lanes.values()
  }

  /** Plans that some contact has. */
  *plans(): Iterable<Plan> {
    for (const plan of this.#plans.values()) if (plan.contacts > 0) yield plan
  }

  addAgent(agent: Agent, able: Able, capacity: CapacityRules): void {
    this.profiles.add(agent, able, capacity, (profile) => {
      for (const one of this.classes.values()) link(profile, one)
    })
    for (const entry of this.named.of(agent.id)) this.named.check(entry, this.#precedence(entry))
  }

  removeAgent(agent: Agent): void {
    const gone = this.profiles.remove(agent)
    if (gone) for (const one of this.classes.values()) one.profiles.delete(gone.index)
    for (const entry of this.named.of(agent.id)) this.named.check(entry, undefined)
  }

  /** Gives a contact the plan that its queue and its wishes make. */
  enter(place: Place, queue: Queue): Plan {
    const key = planKey(place.contact)
    const plan = this.#plans.get(key) ?? this.#newPlan(key, place, queue)
    plan.contacts++
    this.#unused.delete(plan)
    place.plan = plan
    return plan
  }

  leave(place: Place): void {
    this.stopWaiting(place)
    const { plan } = place
    place.plan = undefined
    place.stage = undefined
    if (!plan || --plan.contacts > 0) return
    this.#unused.add(plan)
    if (this.#unused.size <= PLANS_KEPT) return
    const [oldest] = this.#unused
    if (oldest) this.#forget(oldest)
  }

  /** Sets the stage by the contact's step and the time it has waited; to be called while it does not wait. */
  setStage(place: Place, now: number): void {
    const { plan, contact } = place
    if (!plan) return
    const passed = delaysPassed(plan.queue, now - contact.joinedAt)
    const number = contact.step * (plan.queue.delays.length + 1) + passed
    const known = plan.stages.get(number)
    const stage = known ?? stageOf(plan, contact.step, passed, (...asked) => this.#classIn(plan, ...asked))
    if (!known) plan.stages.set(number, stage)
    place.stage = stage
  }

  wait(place: Place): void {
    const { stage } = place
    if (!stage || place.waitingIn) return
    place.waitingIn = stage.waits
    stage.waits.waiting.add(place, place.key)
    stage.waits.lane.waiting.add(stage.waits.index)
    if (stage.waits.waiting.first === place) noteHead(stage.waits)
    if (stage.named.length === 0) return
    place.named = stage.named.flatMap(({ gate, ...step }) =>
      agentsOf(step, place.contact).map((agent) => ({ place, agent, gate, precedence: 0, at: -1 })),
    )
    for (const entry of place.named) this.named.add(entry, this.#precedence(entry))
  }

  stopWaiting(place: Place): void {
    const { waitingIn } = place
    if (!waitingIn) return
    place.waitingIn = undefined
    const wasFirst = waitingIn.waiting.first === place
    waitingIn.waiting.forget()
    if (wasFirst) noteHead(waitingIn)
    if (waitingIn.waiting.size === 0) waitingIn.lane.waiting.delete(waitingIn.index)
    for (const entry of place.named) this.named.delete(entry)
    place.named = NOBODY_BY_NAME
  }

  /** Whether anybody who is known could ever serve the contact, busy or not. */
  isServable({ plan, contact }: Place): boolean {
    if (!plan) return false
    if (plan.afterwards.do !== 'stay' || plan.ever.profiles.next(0) >= 0) return true
    return plan.steps.some(
      ({ agents, required }) =>
        agents !== undefined &&
        agentsOf({ agents }, contact).some((id) => {
          const profile = this.#profileOf(id)
          const gate = this.gateOf(plan, { required })
          return profile !== undefined && gate.profiles.has(profile.index)
        }),
    )
  }

  /** Whoever meets what a step asks, whatever the delays. */
  gateOf(plan: Plan, { required }: Pick<PlanStep, 'required'>): ContactClass {
    return this.#classIn(plan, required, plan.queue.delays.length)
  }

  /** Strict class and preference of a contact for an agent who is named; undefined when they may not have it. */
  #precedence(entry: NamedEntry): number | undefined {
    const profile = this.#profileOf(entry.agent)
    const { front } = entry.place.contact
    if (!profile || !entry.gate.profiles.has(profile.index)) return undefined
    // What a supervisor gives somebody comes before everything else.
    const isAssigned = front?.agent === entry.agent && front.because !== 'last-agent'
    return isAssigned ? 0 : profile.precedence[entry.gate.index]
  }

  #profileOf(id: AgentId): Profile | undefined {
    const agent = this.#agents.get(id)
    return agent && this.profiles.profileOf(agent)
  }

  #newPlan(key: string, { contact }: Place, queue: Queue): Plan {
    const lane = this.#lanes.get(contact.channel)
    if (!lane) throw new RangeError(`there is no lane for channel ${contact.channel}`)
    const steps = stepsOf(contact, queue)
    const classes: ContactClass[] = []
    const all = queue.delays.length
    const plan: Plan = {
      key,
      queue,
      lane,
      steps,
      afterwards: afterwardsOf(contact, queue),
      stages: new Map<number, Stage>(),
      ever: this.#class(queue, lane, unionOf(steps), all, classes),
      base: this.#class(queue, lane, allOf([queue.membership, contact.requirement]), all, classes),
      classes,
      contacts: 0,
    }
    this.#plans.set(key, plan)
    return plan
  }

  #classIn(plan: Plan, required: Requirement, passed: number): ContactClass {
    return this.#class(plan.queue, plan.lane, required, passed, plan.classes)
  }

  /** @param held the classes of the plan, to which this one is added */
  #class(
    queue: Queue,
    lane: Lane,
    required: Requirement,
    passed: number,
    held: ContactClass[],
  ): ContactClass {
    const delayMs = passed === 0 ? 0 : (queue.delays[passed - 1] ?? 0)
    const one = this.classes.of(queue, lane, required, delayMs, (made) => {
      for (const profile of this.profiles.values()) link(profile, made)
    })
    if (!held.includes(one)) {
      held.push(one)
      one.plans++
    }
    return one
  }

  #forget(plan: Plan): void {
    this.#unused.delete(plan)
    this.#plans.delete(plan.key)
    for (const one of plan.classes) {
      if (--one.plans > 0) continue
      for (const profile of this.profiles.values()) profile.classes.delete(one.index)
      this.classes.delete(one)
    }
  }
}

/** Keeps who waits first where a decision finds it without looking at contacts. */
function noteHead({ index, lane, waiting }: ContactClass): void {
  if (2 * index + 1 >= lane.heads.length) {
    const heads = new Float64Array(Math.max(2 * index + 2, lane.heads.length * 2))
    heads.set(lane.heads)
    lane.heads = heads
  }
  lane.heads[2 * index] = waiting.first?.key ?? 0
  lane.heads[2 * index + 1] = waiting.first?.arrival ?? 0
}
