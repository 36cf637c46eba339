import { isDeepStrictEqual } from 'node:util'
import type {
  AcdEffect,
  AcdInput,
  AgentView,
  CapacityRules,
  QueueRules,
  RoutingRules,
} from '../../src/acd/contract.ts'
import type { Engine } from '../../src/acd/engine.ts'
import { ONE_CALL } from '../../src/acd/rules.ts'
import type { EngineSnapshot } from '../../src/acd/snapshot.ts'
import { channelOf, Oracle } from './acd-oracle.ts'

type Contact = EngineSnapshot['contacts'][number]

/**
 * What must be true after every input, whatever came before. Believes inputs, effects and views, and for the steps
 * of contacts the snapshot; who may have whom is worked out by the oracle, person by person.
 */
export class Invariants {
  readonly #engine: Engine
  #rules: RoutingRules = { queues: [], teams: [], capacity: ONE_CALL }
  readonly #queues = new Map<string, QueueRules>()
  readonly #capacities = new Map<string, CapacityRules>()
  readonly #joinedAt = new Map<string, number>()
  readonly #waiting = new Set<string>()
  readonly #connected = new Map<string, string>()
  readonly #offers = new Map<string, { readonly contact: string; readonly agent: string }>()
  readonly #everOffered = new Set<string>()
  readonly #wrapUps = new Set<string>()
  readonly #agents = new Map<string, AgentView>()
  readonly timers = new Map<string, number>()
  readonly stopped: string[] = []
  readonly seen = new Map<string, number>()
  #token = 0
  /** Several contacts may come up at once. */
  #isUpheaval = false
  #going: string | undefined
  /** Queued though it waits: that counts only if its time was up in the same moment. */
  #again: string | undefined
  #now = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  get offers(): readonly string[] {
    return [...this.#offers.keys()]
  }

  get wrapUps(): readonly string[] {
    return [...this.#wrapUps]
  }

  get waiting(): readonly string[] {
    return [...this.#waiting].filter((contact) => !contact.endsWith('b'))
  }

  get dialling(): readonly string[] {
    return this.callbacks.filter((id) => this.#engine.contact(id)?.callback?.stage === 'dialling')
  }

  get callbacks(): readonly string[] {
    return this.#engine.contacts().flatMap(({ contact, callback }) => (callback ? [contact] : []))
  }

  get connected(): readonly string[] {
    return [...this.#connected.keys()]
  }

  /** To be called with every input, before it is known what the engine did with it. */
  before(input: AcdInput, now: number): void {
    this.#now = Math.max(this.#now, now)
    if (input.type === 'timer') this.timers.delete(input.timer)
    this.#isUpheaval = input.type === 'rules.configured' || input.type === 'queue.hours'
    if (input.type === 'rules.configured') {
      this.#rules = input.rules
      for (const rules of input.rules.queues) this.#queues.set(rules.id, rules)
    }
    if (input.type === 'agent.known') {
      if (input.capacity) this.#capacities.set(input.agent, input.capacity)
      else this.#capacities.delete(input.agent)
    }
    this.#again = undefined
    if (input.type === 'contact.queued') {
      if (this.#waiting.has(input.contact)) this.#again = input.contact
      else if (!this.#connected.has(input.contact)) this.#comes(input.contact)
    }
    if (input.type === 'contact.returned' && this.#connected.delete(input.contact)) {
      this.#waiting.add(input.contact)
    }
    this.#going = undefined
    if (input.type === 'contact.left' || input.type === 'contact.ended') {
      if (this.#waiting.has(input.contact)) this.#going = input.contact
      this.#waiting.delete(input.contact)
      this.#connected.delete(input.contact)
    }
  }

  after(effects: readonly AcdEffect[]): void {
    const snapshot = this.#engine.snapshot()
    const oracle = new Oracle(this.#rules, this.#queues, this.#capacities)
    for (const effect of effects) {
      this.#count(effect.type)
      if (effect.type === 'contact.moved' || effect.type.startsWith('callback.')) this.#isUpheaval = true
      this.#follow(effect, oracle)
    }
    const agents = this.#engine.agents()
    this.#nobodyIsLost(snapshot.contacts)
    this.#workFits(snapshot.contacts, agents)
    this.#tablesHold(agents)
    for (const agent of agents) same(this.#agents.get(agent.agent), agent, 'what was told')
    this.#nobodyIdlesWhileSomebodyWaits(snapshot, agents, oracle)
    this.#nobodyWasOvertaken(effects, snapshot, oracle)
    this.#placesAreInOrder(snapshot.contacts)
    this.#stepsRun(snapshot.contacts, oracle)
    const running = this.#engine.timers().map((timer): [string, number] => [timer.timer, timer.at])
    same(new Map(running), this.timers, 'timers that run')
  }

  #comes(contact: string): void {
    this.#joinedAt.set(contact, this.#now)
    this.#waiting.add(contact)
  }

  #mayBeGone(contact: string): boolean {
    return contact === this.#going || contact === this.#again
  }

  #isThere(contact: string): boolean {
    return this.#engine.contact(contact) !== undefined
  }

  #count(kind: string): void {
    this.seen.set(kind, (this.seen.get(kind) ?? 0) + 1)
  }

  #follow(effect: AcdEffect, oracle: Oracle): void {
    switch (effect.type) {
      case 'offer.made':
        return this.#offerMade(effect, oracle)
      case 'offer.ended': {
        const { offer, contact, agent, outcome } = effect
        same(this.#offers.get(offer), { contact, agent }, 'the offer that ended stood')
        this.#offers.delete(offer)
        return this.#count(outcome)
      }
      case 'contact.connected':
        must(!this.#connected.has(effect.contact), 'connected once')
        must(this.#waiting.delete(effect.contact), 'only who waits is connected')
        this.#connected.set(effect.contact, effect.agent)
        return
      case 'contact.turned-away':
      case 'contact.unserved':
      case 'contact.exited':
        // Its time may have been up before the input came that takes it back.
        must(this.#waiting.delete(effect.contact) || this.#mayBeGone(effect.contact), 'only who waits goes')
        if (this.#again === effect.contact && this.#isThere(effect.contact)) this.#comes(effect.contact)
        return
      case 'contact.resumed':
        must(effect.joinedAt <= this.#now, 'nobody comes back to a place in the future')
        this.#joinedAt.set(effect.contact, effect.joinedAt)
        return
      case 'callback.kept':
      case 'callback.retry':
      case 'callback.ended':
      case 'callback.dial':
        return this.#followCallback(effect)
      case 'wrap-up.extended':
        must(this.#wrapUps.has(`${effect.agent} ${effect.contact}`), 'only a wrap-up is extended')
        return
      case 'wrap-up.started':
        this.#wrapUps.add(`${effect.agent} ${effect.contact}`)
        return
      case 'wrap-up.ended':
        must(this.#wrapUps.delete(`${effect.agent} ${effect.contact}`), 'a wrap-up ends once')
        return
      case 'timer.start':
        must(!this.timers.has(effect.timer), 'timer ids are not used twice')
        must(effect.at >= this.#now, 'no timer is set for the past')
        this.timers.set(effect.timer, effect.at)
        return
      case 'timer.stop':
        must(this.timers.delete(effect.timer), 'only a timer that runs is stopped')
        this.stopped.push(effect.timer)
        return
      case 'agent.changed':
        this.#agents.set(effect.agent.agent, effect.agent)
        return
      case 'contact.moved':
        must(effect.from !== effect.to, 'moved elsewhere')
        must(this.#waiting.has(effect.contact) || this.#going === effect.contact, 'only who waits is moved')
    }
  }

  #followCallback(effect: Extract<AcdEffect, { type: `callback.${string}` }>): void {
    const { contact } = effect
    if (effect.type === 'callback.kept') {
      must(this.#waiting.delete(contact), 'only who waits turns into a callback')
      this.#waiting.add(effect.callback)
      this.#joinedAt.set(effect.callback, this.#joinedAt.get(contact) ?? Number.NaN)
    } else if (effect.type === 'callback.retry') {
      must(effect.at >= this.#now, 'the next call is not in the past')
      if (this.#connected.delete(contact)) this.#waiting.add(contact)
      must(this.#waiting.has(contact), 'only a callback that is there is tried again')
    } else if (effect.type === 'callback.dial') {
      must(this.#connected.get(contact) === effect.agent, 'who is on the line when a customer is called')
      must(effect.agent !== undefined || this.#waiting.has(contact), 'only who waits is called')
    } else if (effect.type === 'callback.ended') {
      this.#count(effect.outcome)
      // Of one that is cancelled the end is told besides, or was the input.
      if (effect.outcome === 'answered' || effect.outcome === 'cancelled') return
      must(this.#waiting.delete(contact) || this.#connected.delete(contact), 'a callback ends once')
    }
  }

  #offerMade(offer: Extract<AcdEffect, { type: 'offer.made' }>, oracle: Oracle): void {
    must(!this.#everOffered.has(offer.offer), 'offer ids are not used twice')
    this.#everOffered.add(offer.offer)
    must(offer.token > this.#token, 'the token rises')
    this.#token = offer.token
    must(this.#waiting.has(offer.contact), 'only who waits is offered')
    const ringsAll = this.#queues.get(offer.queue)?.strategy === 'ring-all'
    for (const other of this.#offers.values()) {
      must(other.contact !== offer.contact || ringsAll, 'one live offer per contact, unless all are rung')
      must(other.contact !== offer.contact || other.agent !== offer.agent, 'each is rung once')
    }
    this.#offers.set(offer.offer, { contact: offer.contact, agent: offer.agent })
    const { candidates, chosen } = offer.why
    must(chosen === offer.agent && candidates[0]?.agent === chosen, 'the explanation begins with the chosen')
    must(new Set(candidates.map(({ agent }) => agent)).size === candidates.length, 'each is named once')
    const agent = this.#engine.agent(offer.agent)
    if (!agent) throw new Error('nobody is offered anything who is not there')
    must(oracle.capacityOf(offer.agent).slots[channelOf(offer.contact)] !== 0, 'who takes the channel')
  }

  #nobodyIsLost(contacts: readonly Contact[]): void {
    const known = contacts.map(({ id }) => id).sort()
    same(known, [...this.#waiting, ...this.#connected.keys()].sort(), 'all contacts')
    for (const { id, joinedAt } of contacts)
      same(joinedAt, this.#joinedAt.get(id), 'the time of joining is kept')
    for (const { id, state, offers } of contacts) {
      must((state === 'connected') === this.#connected.has(id), 'who is connected')
      must(
        (state === 'waiting' || state === 'callback') === (offers.length === 0),
        'who has offers is offered',
      )
    }
    for (const { id, state, callback } of contacts) {
      must(state !== 'callback' || callback !== undefined, 'only callbacks are held')
      must(callback?.stage !== 'later' || state === 'callback', `${id} is not offered before its time`)
    }
    const standing = contacts.flatMap(({ state, offers }) =>
      state === 'offered' ? offers.map(({ id }) => id) : [],
    )
    same(standing.sort(), [...this.#offers.keys()].sort(), 'live offers')
  }

  /** What agents have in hand is what contacts and wrap-ups say, and never more than they may have. */
  #workFits(contacts: readonly Contact[], agents: readonly AgentView[]): void {
    const expected = new Map<string, string[]>()
    const add = (agent: string, what: string): void => {
      expected.set(agent, [...(expected.get(agent) ?? []), what])
    }
    for (const { id, state, offers } of contacts) {
      for (const offer of offers) add(offer.agent, `${id} ${state === 'connected' ? 'connected' : 'offered'}`)
    }
    for (const wrapUp of this.#wrapUps) {
      const [agent = '', contact = ''] = wrapUp.split(' ')
      add(agent, `${contact} wrapping`)
    }
    for (const agent of agents) {
      const work = agent.work ?? (agent.slot === 'free' ? [] : [{ contact: agent.contact, slot: agent.slot }])
      const found = work.map(({ contact, slot }) => `${contact} ${slot === 'reserved' ? 'offered' : slot}`)
      same(found.sort(), (expected.get(agent.agent) ?? []).sort(), `the work of ${agent.agent}`)
    }
  }

  #tablesHold(agents: readonly AgentView[]): void {
    for (const agent of agents) {
      const idle = agent.slot === 'free'
      must(agent.presence === 'available' || idle, `${agent.agent} is ${agent.presence}`)
      must(!idle || agent.pending === undefined, 'nothing is pending without work')
      must(agent.presence !== 'paused' || agent.reason !== undefined, 'a pause has a reason')
      const ready = agent.presence === 'available' && idle && agent.device === 'ok'
      must((agent.idleSince !== undefined) === ready, 'only who is ready is idle')
    }
  }

  #nobodyIdlesWhileSomebodyWaits(
    snapshot: EngineSnapshot,
    agents: readonly AgentView[],
    oracle: Oracle,
  ): void {
    const known = new Set(snapshot.agents.filter(({ forgotten }) => !forgotten).map(({ id }) => id))
    for (const contact of snapshot.contacts) {
      if (contact.state !== 'waiting') continue
      const server = agents.find(
        (agent) =>
          known.has(agent.agent) &&
          oracle.isFree(agent, contact.channel) &&
          oracle.mayHave(agent, contact, this.#now),
      )
      must(server === undefined, `${server?.agent} is free although ${contact.id} waits`)
      const hope = agents.some((agent) => known.has(agent.agent) && oracle.couldEverHave(agent, contact))
      must(hope || !oracle.staysForEver(contact), `nobody could ever serve ${contact.id}`)
    }
  }

  /**
   * Whoever was given somebody could not have had anybody who still waits in front of them. Where several come
   * together, as with new rules, each contact has its own idea of who is best: then there is no such order.
   */
  #nobodyWasOvertaken(effects: readonly AcdEffect[], snapshot: EngineSnapshot, oracle: Oracle): void {
    const contacts = new Map(snapshot.contacts.map((contact) => [contact.id, contact]))
    const [only, ...others] = effects.filter(({ type }) => type === 'offer.made')
    for (const effect of only && others.length === 0 && !this.#isUpheaval ? [only] : []) {
      const offered = effect.type === 'offer.made' ? contacts.get(effect.contact) : undefined
      if (effect.type !== 'offer.made' || !offered) continue
      const agent = this.#engine.agent(effect.agent)
      if (!agent) continue
      for (const other of snapshot.contacts) {
        if (other.state !== 'waiting' || other.channel !== offered.channel) continue
        if (other.refusedBy.includes(agent.agent) || !oracle.mayHave(agent, other, this.#now)) continue
        must(!isBefore(other, offered, agent, oracle), `${other.id} was passed over for ${offered.id}`)
      }
    }
  }

  #placesAreInOrder(contacts: readonly Contact[]): void {
    const inLine = this.#engine.contacts().filter(({ position }) => position !== undefined)
    for (const queue of this.#queues.keys()) {
      const expected = contacts
        .filter((contact) => contact.queue === queue && contact.state !== 'connected')
        .sort((one, other) => keyOf(one) - keyOf(other) || one.arrival - other.arrival)
      const found = inLine.filter((contact) => contact.queue === queue)
      same(
        found.map(({ contact, position }) => `${position} ${contact}`),
        expected.map(({ id }, index) => `${index + 1} ${id}`),
        'positions',
      )
    }
  }

  #stepsRun(contacts: readonly Contact[], oracle: Oracle): void {
    for (const contact of contacts) {
      if (contact.state === 'connected') continue
      must(oracle.stepRuns(contact, this.#now), `step ${contact.step + 1} of ${contact.id} is over`)
      const why = this.#engine.whyWaiting(contact.id, this.#now)
      must(why !== undefined && why.waitedMs === this.#now - contact.joinedAt, 'why it waits')
    }
  }
}

function isBefore(one: Contact, other: Contact, agent: AgentView, oracle: Oracle): boolean {
  const [strict, preference] = oracle.precedence(agent, one)
  const [otherStrict, otherPreference] = oracle.precedence(agent, other)
  const order =
    strict - otherStrict ||
    preference - otherPreference ||
    keyOf(one) - keyOf(other) ||
    one.arrival - other.arrival
  return order < 0
}

function keyOf({ joinedAt, headStartMs, adjustmentMs, boostMs }: Contact): number {
  return joinedAt - headStartMs - adjustmentMs - boostMs
}

/** Plain comparisons: an assertion library's take a hundred times as long, and there are millions of them. */
function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(`not true: ${what}`)
}

export function same(found: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(found, expected)) return
  throw new Error(`${what}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`)
}
