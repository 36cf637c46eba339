import { isDeepStrictEqual } from 'node:util'
import type {
  AcdEffect,
  AcdInput,
  AgentView,
  ContactRequest,
  ContactView,
  QueueRules,
} from '../../src/acd/contract.ts'
import type { Engine } from '../../src/acd/engine.ts'
import { meets } from '../../src/acd/requirement.ts'

interface Waiting extends ContactRequest {
  readonly place: number
  readonly arrival: number
  readonly refusedBy: Set<string>
}

/**
 * A second, slower opinion on what the engine does: it believes only inputs, effects and views, and works out for
 * itself, person by person, what must be true after every step.
 */
export class Invariants {
  readonly #engine: Engine
  #rules = new Map<string, QueueRules>()
  readonly #contacts = new Map<string, Waiting>()
  readonly #offers = new Map<string, { readonly contact: string; readonly agent: string }>()
  readonly #everOffered = new Set<string>()
  readonly #connected = new Map<string, string>()
  /** What was known of those who are connected, in case that they come back. */
  readonly #served = new Map<string, Waiting>()
  readonly #wrapUps = new Set<string>()
  readonly #agents = new Map<string, AgentView>()
  readonly timers = new Map<string, number>()
  readonly stopped: string[] = []
  #arrivals = 0
  #token = 0
  readonly seen = new Map<string, number>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  get offers(): readonly string[] {
    return [...this.#offers.keys()]
  }

  get wrapUps(): readonly string[] {
    return [...this.#wrapUps]
  }

  /** To be called with every input, before it is known what the engine did with it. */
  before(input: AcdInput, now: number): void {
    if (input.type === 'timer') this.timers.delete(input.timer)
    if (input.type === 'rules.configured')
      for (const rules of input.rules.queues) this.#rules.set(rules.id, rules)
    if (
      input.type === 'contact.queued' &&
      !this.#contacts.has(input.contact) &&
      !this.#connected.has(input.contact)
    ) {
      const headStart = this.#rules.get(input.queue)?.headStartMs[input.priority] ?? 0
      this.#contacts.set(input.contact, {
        ...input,
        place: now - headStart,
        arrival: ++this.#arrivals,
        refusedBy: new Set(),
      })
    }
    const returned = input.type === 'contact.returned' ? this.#connected.get(input.contact) : undefined
    const served = input.type === 'contact.returned' ? this.#served.get(input.contact) : undefined
    if (input.type === 'contact.returned' && returned !== undefined && served) {
      this.#connected.delete(input.contact)
      this.#contacts.set(input.contact, served)
      if (input.cause !== 'device-failed') served.refusedBy.add(returned)
    }
    if (input.type === 'contact.left' || input.type === 'contact.ended') {
      this.#contacts.delete(input.contact)
      this.#connected.delete(input.contact)
    }
  }

  after(effects: readonly AcdEffect[]): void {
    for (const effect of effects) {
      this.seen.set(effect.type, (this.seen.get(effect.type) ?? 0) + 1)
      this.#follow(effect)
    }
    const contacts = this.#engine.contacts()
    const agents = this.#engine.agents()
    this.#nobodyIsLost(contacts)
    this.#nobodyHoldsTwo(contacts, agents)
    this.#tablesHold(agents)
    this.#everyChangeWasTold(agents)
    this.#nobodyIdlesWhileSomebodyWaits(contacts, agents)
    this.#placesAreInOrder(contacts)
    const running = this.#engine.timers().map((timer): [string, number] => [timer.timer, timer.at])
    same(new Map(running), this.timers, 'timers that run')
  }

  #follow(effect: AcdEffect): void {
    switch (effect.type) {
      case 'offer.made':
        return this.#offerMade(effect)
      case 'offer.ended':
        same(
          this.#offers.get(effect.offer),
          { contact: effect.contact, agent: effect.agent },
          'the offer that ended stood',
        )
        this.#offers.delete(effect.offer)
        if (['rejected', 'busy', 'no-answer', 'rescinded'].includes(effect.outcome)) {
          this.#contacts.get(effect.contact)?.refusedBy.add(effect.agent)
        }
        this.seen.set(effect.outcome, (this.seen.get(effect.outcome) ?? 0) + 1)
        return
      case 'contact.connected': {
        const served = this.#contacts.get(effect.contact)
        if (served) this.#served.set(effect.contact, served)
        must(!this.#connected.has(effect.contact), 'connected once')
        must(![...this.#connected.values()].includes(effect.agent), 'an agent talks with one')
        must(this.#contacts.delete(effect.contact), 'only who waits is connected')
        this.#connected.set(effect.contact, effect.agent)
        return
      }
      case 'contact.unserved':
        must(this.#contacts.delete(effect.contact), 'only who waits goes unserved')
        return
      case 'wrap-up.started':
        this.#wrapUps.add(`${effect.agent} ${effect.contact}`)
        return
      case 'wrap-up.ended':
        must(this.#wrapUps.delete(`${effect.agent} ${effect.contact}`), 'a wrap-up ends once')
        return
      case 'timer.start':
        must(!this.timers.has(effect.timer), 'timer ids are not used twice')
        this.timers.set(effect.timer, effect.at)
        return
      case 'timer.stop':
        must(this.timers.delete(effect.timer), 'only a timer that runs is stopped')
        this.stopped.push(effect.timer)
        return
      case 'agent.changed':
        this.#agents.set(effect.agent.agent, effect.agent)
    }
  }

  #offerMade(offer: Extract<AcdEffect, { type: 'offer.made' }>): void {
    must(!this.#everOffered.has(offer.offer), 'offer ids are not used twice')
    this.#everOffered.add(offer.offer)
    must(offer.token > this.#token, 'the token rises')
    this.#token = offer.token
    for (const other of this.#offers.values()) {
      must(other.agent !== offer.agent, 'one live offer per agent')
      must(other.contact !== offer.contact, 'one live offer per contact')
    }
    this.#offers.set(offer.offer, { contact: offer.contact, agent: offer.agent })
    const contact = this.#contacts.get(offer.contact)
    const chosen = offer.why.candidates.filter((candidate) => candidate.verdict === 'chosen')
    must(chosen.length === 1 && chosen[0]?.agent === offer.agent, 'the explanation names the chosen agent')
    if (!contact) throw new Error('only who waits is offered')
    const agent = this.#engine.agent(offer.agent)
    must(this.#serves(agent, contact), `${offer.agent} qualifies for ${offer.contact}`)
    this.#nobodyWasOvertaken(contact, offer.agent)
    if (!contact.refusedBy.has(offer.agent)) return
    this.#nobodyElseWasFree(contact)
    contact.refusedBy.clear()
  }

  /** A refuser may be passed over for later contacts, but not when everybody at work has refused. */
  #nobodyWasOvertaken(offered: Waiting, agent: string): void {
    const waiting = this.#engine.contacts().filter((contact) => contact.state === 'waiting')
    for (const { contact } of waiting) {
      const other = this.#contacts.get(contact)
      if (!other || !this.#serves(this.#engine.agent(agent), other)) continue
      if (other.refusedBy.has(agent) && this.#somebodyAtWorkIsLeft(other)) continue
      const before = other.place - offered.place || other.arrival - offered.arrival
      must(before > 0, `${contact} waits behind ${offered.contact}`)
    }
  }

  #nobodyElseWasFree(offered: Waiting): void {
    const others = this.#engine.agents().filter((agent) => isIdle(agent) && this.#serves(agent, offered))
    const willing = others.find((agent) => !offered.refusedBy.has(agent.agent))
    must(willing === undefined, `${willing?.agent} is free and has not refused ${offered.contact}`)
  }

  #somebodyAtWorkIsLeft(contact: Waiting): boolean {
    return this.#engine.agents().some((agent) => {
      const atWork = agent.presence === 'available' && (agent.slot !== 'free' || agent.device === 'ok')
      return atWork && this.#serves(agent, contact) && !contact.refusedBy.has(agent.agent)
    })
  }

  #nobodyIsLost(contacts: readonly ContactView[]): void {
    const known = contacts.map((contact) => contact.contact).sort()
    same(known, [...this.#contacts.keys(), ...this.#connected.keys()].sort(), 'all contacts')
  }

  #nobodyHoldsTwo(contacts: readonly ContactView[], agents: readonly AgentView[]): void {
    const held = contacts.filter((contact) => contact.agent !== undefined)
    must(new Set(held.map((contact) => contact.agent)).size === held.length, 'an agent has one contact')
    const offers = held.flatMap((contact) => (contact.state === 'offered' ? String(contact.offer) : []))
    same(offers.sort(), [...this.#offers.keys()].sort(), 'live offers')
    for (const agent of agents) {
      const contact = held.find((each) => each.agent === agent.agent)
      const busy = agent.slot === 'reserved' || agent.slot === 'offered' || agent.slot === 'connected'
      must((busy ? agent.contact : undefined) === contact?.contact, `the contact of ${agent.agent}`)
      must((agent.slot === 'connected') === (contact?.state === 'connected'), 'both are connected')
      const wrapping = [...this.#wrapUps].some((wrapUp) => wrapUp.startsWith(`${agent.agent} `))
      must((agent.slot === 'wrapping') === wrapping, `${agent.agent} wraps up`)
    }
  }

  #tablesHold(agents: readonly AgentView[]): void {
    for (const agent of agents) {
      const idle = agent.slot === 'free'
      must(agent.presence === 'available' || idle, `${agent.agent} is ${agent.presence}`)
      must(!idle || agent.pending === undefined, 'nothing is pending without work')
      must(agent.presence !== 'paused' || agent.reason !== undefined, 'a pause has a reason')
      const ready = agent.presence === 'available' && agent.slot === 'free' && agent.device === 'ok'
      must((agent.idleSince !== undefined) === ready, 'only who is ready is idle')
    }
  }

  #everyChangeWasTold(agents: readonly AgentView[]): void {
    for (const agent of agents) same(this.#agents.get(agent.agent), agent, 'what was told')
  }

  #nobodyIdlesWhileSomebodyWaits(contacts: readonly ContactView[], agents: readonly AgentView[]): void {
    const idle = agents.filter(isIdle)
    for (const view of contacts) {
      const contact = view.state === 'waiting' ? this.#contacts.get(view.contact) : undefined
      if (!contact) continue
      const server = idle.find((agent) => this.#serves(agent, contact))
      must(server === undefined, `${server?.agent} is free although ${contact.contact} waits`)
    }
  }

  #placesAreInOrder(contacts: readonly ContactView[]): void {
    for (const queue of this.#rules.keys()) {
      const line = contacts.filter((contact) => contact.queue === queue && contact.state !== 'connected')
      must(
        line.every((contact, index) => contact.position === index + 1),
        'positions',
      )
      const places = line.map((contact) => this.#contacts.get(contact.contact))
      for (const [index, later] of places.entries()) {
        const earlier = places[index - 1]
        if (!earlier || !later) continue
        const before = earlier.place - later.place || earlier.arrival - later.arrival
        must(before < 0, `${earlier.contact} is before ${later.contact}`)
      }
    }
  }

  #serves(agent: AgentView | undefined, contact: Waiting): boolean {
    const able = { skills: agent?.skills ?? {}, teams: [] }
    const isMember = this.#rules.get(contact.queue)?.members.some(({ who }) => meets(able, who)) ?? true
    return isMember && meets(able, contact.requirement)
  }
}

function isIdle(agent: AgentView): boolean {
  return agent.idleSince !== undefined && agent.leftAloneUntil === undefined
}

/** Plain comparisons: an assertion library's take a hundred times as long, and there are millions of them. */
function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(`not true: ${what}`)
}

export function same(found: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(found, expected)) return
  throw new Error(`${what}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`)
}
