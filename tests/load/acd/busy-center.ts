import type { AcdInput, QueueRules, Skills } from '../../../src/acd/contract.ts'
import { Engine } from '../../../src/acd/engine.ts'
import { ANYONE, allSkills } from '../../../src/acd/requirement.ts'
import { ONE_CALL } from '../../../src/acd/rules.ts'
import { State } from '../../../src/acd/state.ts'
import { Random } from '../../simulation/random.ts'

export interface Size {
  readonly agents: number
  /** Kinds of agents: people of one kind can do the same. */
  readonly profiles: number
  /** Kinds of contacts: queue x language. */
  readonly classes: number
  readonly waiting: number
  /** Queues that one agent serves. */
  readonly skills: number
}

const LANGUAGES = 6
const START = Date.UTC(2026, 0, 5, 9)

/** A center with everybody at work: agents of many kinds, a queue per skill, callers of several languages. */
export class BusyCenter {
  readonly state = new State()
  readonly engine = new Engine(this.state)
  readonly size: Size
  readonly random: Random
  readonly queues: number
  now = START
  #contacts = 0

  constructor(size: Size, seed = 1) {
    this.size = size
    this.random = new Random(seed)
    this.queues = Math.max(1, Math.round(size.classes / LANGUAGES))
    const queues = Array.from({ length: this.queues }, (_, number) => rulesOf(number))
    this.say({ type: 'rules.configured', rules: { queues, teams: [], capacity: ONE_CALL } })
    const kinds = Array.from({ length: size.profiles }, (_, number) => this.#kind(number))
    for (let number = 0; number < size.agents; number++) {
      const agent = agentId(number)
      this.say({ type: 'agent.known', agent, skills: kinds[number % kinds.length] ?? {} })
      this.say({ type: 'device.ok', agent })
      this.say({ type: 'agent.signed-in', agent })
    }
  }

  say(input: AcdInput): ReturnType<Engine['handle']> {
    return this.engine.handle(input, this.now)
  }

  /** The next caller: some queue, some language. */
  caller(): Extract<AcdInput, { type: 'contact.queued' }> {
    const language = this.random.between(0, LANGUAGES - 1)
    return {
      type: 'contact.queued',
      contact: `c${++this.#contacts}`,
      queue: `q${this.random.between(0, this.queues - 1)}`,
      requirement: language === 0 ? ANYONE : allSkills({ [`l${language}`]: 1 }),
      priority: this.random.between(1, 10),
    }
  }

  /** So many callers come, a moment after one another; whoever is free takes one. */
  fill(waiting: number): void {
    for (let number = 0; number < waiting; number++) {
      this.now += 1
      this.#accept(this.say(this.caller()))
    }
  }

  /** Everybody available; those who get a contact accept it. */
  open(agents = this.size.agents): void {
    for (let number = 0; number < agents; number++) {
      this.now += 1
      this.#accept(this.say({ type: 'agent.available', agent: agentId(number) }))
    }
  }

  /** Contacts that are connected now. */
  talking(): string[] {
    return this.engine.contacts().flatMap(({ contact, state }) => (state === 'connected' ? contact : []))
  }

  #accept(effects: ReturnType<Engine['handle']>): void {
    for (const effect of effects) {
      if (effect.type === 'offer.made') this.say({ type: 'offer.accepted', offer: effect.offer })
    }
  }

  /** Skills of one kind of agent: so many queues, and two languages besides the first. */
  #kind(number: number): Skills {
    const skills: Record<string, number> = {}
    // Every queue has somebody; which others they serve is chance.
    skills[`s${number % this.queues}`] = this.random.between(1, 10)
    while (Object.keys(skills).length < Math.min(this.size.skills, this.queues)) {
      skills[`s${this.random.between(0, this.queues - 1)}`] = this.random.between(1, 10)
    }
    skills[`l${1 + (Math.trunc(number / this.queues) % (LANGUAGES - 1))}`] = this.random.between(1, 10)
    skills[`l${this.random.between(1, LANGUAGES - 1)}`] = this.random.between(1, 10)
    return skills
  }
}

export function agentId(number: number): string {
  return `a${number}`
}

function rulesOf(number: number): QueueRules {
  return {
    id: `q${number}`,
    members: [{ who: { skill: `s${number}`, atLeast: 1 }, preference: 1, delayMs: 0 }],
    strategy: 'longest-idle',
    strictClass: 5,
    steps: [],
    afterwards: { do: 'stay' },
    headStartMs: { 1: 60_000, 2: 20_000 },
    offerMs: 20_000,
    wrapUpMs: 0,
    noAnswerLimit: 2,
    backOffMs: { rejected: 30_000, noAnswer: 60_000, busy: 15_000 },
  }
}
