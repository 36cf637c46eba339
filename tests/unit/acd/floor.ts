import type {
  AcdEffect,
  AcdInput,
  AgentView,
  ContactRequest,
  Member,
  QueueRules,
  Skills,
  Step,
} from '../../../src/acd/contract.ts'
import { Engine } from '../../../src/acd/engine.ts'
import { ANYONE, allSkills } from '../../../src/acd/requirement.ts'
import { ONE_CALL } from '../../../src/acd/rules.ts'

export const START = Date.UTC(2026, 0, 5, 9)

export function rules(id: string, changes: Partial<QueueRules> = {}): QueueRules {
  return {
    id,
    members: members({ [id]: 1 }),
    strategy: 'longest-idle',
    strictClass: 5,
    steps: namedFirst(30_000),
    afterwards: { do: 'stay' },
    offerMs: 20_000,
    wrapUpMs: 30_000,
    noAnswerLimit: 2,
    backOffMs: { rejected: 30_000, noAnswer: 60_000, busy: 15_000 },
    headStartMs: { 1: 300_000, 2: 60_000 },
    ...changes,
  }
}

/** Whoever holds all of these skills, none preferred. */
export function members(skills: Skills): readonly Member[] {
  return [{ who: allSkills(skills), preference: 1, delayMs: 0 }]
}

/** The named agent is asked first while free; then all members who meet the requirement. */
export function namedFirst(forMs: number): readonly Step[] {
  return [
    { who: 'named', forMs, skipWhen: 'none-free' },
    { who: ANYONE, forMs: 0 },
  ]
}

export type EffectOf<Type extends AcdEffect['type']> = Extract<AcdEffect, { type: Type }>

/** An engine in conversation: says what happens, hears what is to be done, and keeps the clock. */
export class FloorTalk {
  engine = new Engine()
  now = START

  constructor(...queues: readonly QueueRules[]) {
    this.configure(...queues)
  }

  /** Puts these rules in force, without teams. */
  configure(...queues: readonly QueueRules[]): readonly AcdEffect[] {
    return this.say({ type: 'rules.configured', rules: { queues, teams: [], capacity: ONE_CALL } })
  }

  say(input: AcdInput): readonly AcdEffect[] {
    return this.engine.handle(input, this.now)
  }

  /** Lets time pass; timers that fall due come back as inputs, in order. Returns all that was to be done. */
  pass(ms: number): readonly AcdEffect[] {
    const end = this.now + ms
    const effects: AcdEffect[] = []
    for (;;) {
      const [next] = this.engine.timers().sort((one, other) => one.at - other.at)
      if (!next || next.at > end) break
      this.now = Math.max(this.now, next.at)
      effects.push(...this.say({ type: 'timer', timer: next.timer }))
    }
    this.now = end
    return effects
  }

  /** A person who is signed in, available and reachable, since now. */
  ready(agent: string, skills: Skills): readonly AcdEffect[] {
    this.say({ type: 'agent.known', agent, skills })
    this.say({ type: 'device.ok', agent })
    this.say({ type: 'agent.signed-in', agent })
    return this.say({ type: 'agent.available', agent })
  }

  queue(contact: string, queue: string, more: Partial<ContactRequest> = {}): readonly AcdEffect[] {
    return this.say({ type: 'contact.queued', contact, queue, requirement: ANYONE, priority: 5, ...more })
  }

  /** The contact is given to an agent, who takes it. Returns who. */
  connect(contact: string, queue: string, more: Partial<ContactRequest> = {}): string {
    const offer = offerIn(this.queue(contact, queue, more))
    this.say({ type: 'offer.accepted', offer: offer.offer })
    return offer.agent
  }

  view(agent: string): AgentView {
    const view = this.engine.agent(agent)
    if (!view) throw new Error(`there is no agent ${agent}`)
    return view
  }

  /** The agents that have an offer, with the contact. */
  offers(): Record<string, string> {
    const offered = this.engine.contacts().filter((contact) => contact.state === 'offered')
    return Object.fromEntries(offered.map((contact) => [String(contact.agent), contact.contact]))
  }

  /** The contacts of a queue that wait or are being offered, in order. */
  line(queue: string): string[] {
    const here = this.engine.contacts().filter((contact) => contact.queue === queue && contact.position)
    return here.map((contact) => contact.contact)
  }
}

export function ofType<Type extends AcdEffect['type']>(
  effects: readonly AcdEffect[],
  type: Type,
): EffectOf<Type>[] {
  return effects.filter((effect): effect is EffectOf<Type> => effect.type === type)
}

export function offerIn(effects: readonly AcdEffect[]): EffectOf<'offer.made'> {
  const [offer] = ofType(effects, 'offer.made')
  if (!offer) throw new Error(`there is no offer among ${JSON.stringify(effects)}`)
  return offer
}
