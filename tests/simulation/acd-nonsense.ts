import type {
  AcdInput,
  CapacityRules,
  QueueRules,
  RefusalCause,
  Requirement,
  RoutingRules,
  Skills,
  Step,
} from '../../src/acd/contract.ts'
import { Engine } from '../../src/acd/engine.ts'
import { strategyNames } from '../../src/acd/rules.ts'
import { Invariants, same } from './acd-invariants.ts'
import { lifeInput, someLifeRules } from './acd-nonsense-life.ts'
import { Random } from './random.ts'

/** Everything that can be said to a routing engine, in any order: what people and machines do on their worst days. */

const people = ['ana', 'ben', 'cleo', 'dan', 'eva', 'finn'] as const
const queues = ['sales', 'support', 'billing'] as const
const skills = [...queues, 'es'] as const
export const causes = [
  'rejected',
  'busy',
  'no-answer',
  'device-failed',
  'backend-failed',
] as const satisfies readonly RefusalCause[]

/** Throws with seed and number of the input when something is not true any more. Returns what was seen. */
export function nonsense(seed: number, inputs: number): ReadonlyMap<string, number> {
  const random = new Random(seed)
  const engine = new Engine()
  const invariants = new Invariants(engine)
  let twin = new Engine()
  let now = 1_000_000
  const say = (input: AcdInput, index: number): void => {
    try {
      invariants.before(input, now)
      const effects = engine.handle(input, now)
      same(twin.handle(input, now), effects, 'the restored engine does the same')
      invariants.after(effects)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`seed ${seed}, input ${index}: ${reason} after ${JSON.stringify(input)}`, {
        cause: error,
      })
    }
  }
  say(configured(random, queues), -1)
  for (let index = 0; index < inputs; index++) {
    if (random.chance(0.6)) now += random.between(0, 4_000)
    if (random.chance(0.02)) twin = Engine.restore(JSON.parse(JSON.stringify(engine.snapshot())))
    say(anything(random, invariants, now), index)
  }
  for (const { contact } of engine.contacts()) say({ type: 'contact.left', contact, reason: 'left' }, inputs)
  for (const agent of people) say({ type: 'agent.forgotten', agent }, inputs)
  same(engine.agents(), [], 'everybody has gone home')
  same(engine.timers(), [], 'no timer is left')
  return invariants.seen
}

function anything(random: Random, invariants: Invariants, now: number): AcdInput {
  const due = [...invariants.timers].filter(([, at]) => at <= now).map(([timer]) => timer)
  const timer = random.pick(due)
  if (timer !== undefined && random.chance(0.8)) return { type: 'timer', timer }
  const agent = random.pick(people)
  const drawn = someContact(random)
  // Nobody comes again under an id that somebody still wraps up.
  const isWrapped = invariants.wrapUps.some((wrapUp) => wrapUp.endsWith(` ${drawn}`))
  const contact = isWrapped ? `${drawn}x` : drawn
  const offer = random.pick(invariants.offers) ?? 'c1.1'
  if (random.chance(0.2)) {
    return lifeInput(random, {
      agent,
      contact: (random.chance(0.7) ? random.pick(invariants.waiting) : undefined) ?? contact,
      dialling: invariants.dialling,
      queue: random.pick(queues),
      other: random.pick([...queues, 'nowhere']),
      callbacks: invariants.callbacks,
      wrapUp: random.pick(invariants.wrapUps),
    })
  }
  const kind = random.between(0, 99)
  if (kind < 4) {
    const capacity = random.chance(0.3) ? { capacity: someCapacity(random) } : {}
    return { type: 'agent.known', agent, skills: someSkills(random), ...capacity }
  }
  if (kind < 5) return { type: 'agent.forgotten', agent }
  if (kind < 9) return { type: 'agent.signed-in', agent }
  if (kind < 21) return { type: 'agent.available', agent }
  if (kind < 24) return { type: 'agent.paused', agent, reason: random.pick(['lunch', 'meeting']) }
  if (kind < 26) return { type: 'agent.signed-out', agent }
  if (kind < 35) return { type: 'device.ok', agent }
  if (kind < 37) return { type: 'device.unregistered', agent }
  if (kind < 56) return queued(contact, random)
  if (kind < 59)
    return { type: 'contact.left', contact, reason: random.pick(['abandoned', 'abandoned', 'lost', 'left']) }
  if (kind < 66) return { type: 'offer.ringing', offer }
  if (kind < 76) return { type: 'offer.accepted', offer }
  if (kind < 83) return { type: 'offer.refused', offer, cause: random.pick(causes) }
  if (kind < 89) {
    const ended = random.pick(invariants.connected) ?? contact
    if (kind < 84) return { type: 'contact.returned', contact: ended, cause: random.pick(causes) }
    return { type: 'contact.ended', contact: ended }
  }
  if (kind < 92) {
    const [who = agent, whom = contact] = (random.pick(invariants.wrapUps) ?? '').split(' ')
    return { type: 'wrap-up.finished', agent: who, contact: whom }
  }
  if (kind < 93)
    return configured(
      random,
      queues.filter(() => random.chance(0.9)),
    )
  if (kind < 95) return { type: 'timer', timer: random.pick(invariants.stopped) ?? 'lease:nothing' }
  if (kind < 97) return { type: 'wrap-up.finished', agent, contact }
  if (kind < 98) return { type: 'offer.accepted', offer: `${contact}.${random.between(1, 300)}` }
  if (kind < 99) return { type: 'agent.available', agent: 'nobody' }
  return { ...queued(contact, random), queue: 'nowhere' }
}

/** The id says the channel: the oracle has no other way to know it of a contact in hand. */
function someContact(random: Random): string {
  return random.chance(0.3) ? `m${random.between(1, 6)}` : `c${random.between(1, 10)}`
}

function queued(contact: string, random: Random): Extract<AcdInput, { type: 'contact.queued' }> {
  return {
    type: 'contact.queued',
    contact,
    queue: random.pick(queues),
    ...(contact.startsWith('m') && { channel: 'chat' }),
    requirement: random.chance(0.4) ? someRequirement(random, 1) : { all: [] },
    ...(random.chance(0.4) && { named: random.chance(0.9) ? random.pick(people) : 'nobody' }),
    ...(random.chance(0.15) && { steps: someSteps(random) }),
    ...(random.chance(0.1) && { afterwards: someAfterwards(random) }),
    ...(random.chance(0.1) && { adjustmentMs: random.between(-30_000, 60_000) }),
    priority: random.between(1, 10),
    ...(random.chance(0.5) && { customer: random.pick(['eve', 'fay']) }),
    ...(random.chance(0.3) && { estimateMs: random.between(0, 100_000) }),
  }
}

function configured(random: Random, ids: readonly string[]): AcdInput {
  const rules: RoutingRules = {
    queues: ids.map((id) => rulesOf(id, random)),
    teams: [
      { id: 'north', agents: people.filter(() => random.chance(0.4)) },
      { id: 'seniors', agents: [], who: { skill: random.pick(skills), atLeast: 3 } },
    ],
    capacity: random.chance(0.4) ? { slots: { voice: 1 }, while: {} } : someCapacity(random),
  }
  return { type: 'rules.configured', rules }
}

function someCapacity(random: Random): CapacityRules {
  const slots = { voice: random.pick([0, 1, 1, 1, 2]), chat: random.pick([0, 1, 3]) }
  return { slots, while: random.chance(0.5) ? { voice: { chat: random.pick([0, 1]) } } : {} }
}

function someSkills(random: Random): Skills {
  const held = skills.filter(() => random.chance(0.6))
  return Object.fromEntries(held.map((skill) => [skill, random.between(1, 4)]))
}

function someRequirement(random: Random, depth: number): Requirement {
  const kind = random.between(0, depth > 0 ? 5 : 2)
  if (kind < 2) return { skill: random.pick(skills), atLeast: random.between(1, 3) }
  if (kind < 3) return { team: random.pick(['north', 'seniors', 'nowhere']) }
  const parts = Array.from({ length: random.between(0, 2) }, () => someRequirement(random, depth - 1))
  if (kind < 4) return { all: parts }
  if (kind < 5) return { any: [...parts, { skill: 'es', atLeast: 1 }] }
  return { not: someRequirement(random, depth - 1) }
}

function someSteps(random: Random): Step[] {
  return Array.from({ length: random.between(0, 3) }, (): Step => {
    const whom: readonly [Step['who'], ...Step['who'][]] = [
      'named',
      'peers',
      { agents: people.filter(() => random.chance(0.3)) },
      { all: [] },
      someRequirement(random, 1),
    ]
    return {
      who: random.pick(whom),
      forMs: random.pick([0, 5_000, 20_000]),
      ...(random.chance(0.6) && { skipWhen: random.pick(['none-free', 'none-logged-in', 'never']) }),
      ...(random.chance(0.2) && { boostMs: random.pick([10_000, 60_000]) }),
      ...(random.chance(0.3) && { relax: random.pick(['contact', 'members', 'nothing']) }),
      ...(random.chance(0.2) && { only: true }),
    }
  })
}

function someAfterwards(random: Random): QueueRules['afterwards'] {
  return random.pick([
    { do: 'stay' },
    { do: 'stay' },
    { do: 'overflow', queue: random.pick([...queues, 'nowhere']) },
    { do: 'leave', to: random.pick(['callback', 'voicemail', 'exit']) },
  ] as const)
}

function rulesOf(id: string, random: Random): QueueRules {
  const backOff = (): number => random.pick([0, 5_000, 20_000])
  const isPlain = random.chance(0.3)
  return {
    id,
    members: isPlain
      ? [{ who: { skill: id, atLeast: 1 }, preference: 1, delayMs: 0 }]
      : [
          { who: { skill: id, atLeast: 2 }, preference: random.between(1, 3), delayMs: 0 },
          {
            who: random.chance(0.5) ? { skill: id, atLeast: 1 } : someRequirement(random, 1),
            preference: random.between(1, 3),
            delayMs: random.pick([0, 10_000, 30_000]),
          },
        ],
    strategy: isPlain ? 'longest-idle' : random.pick(strategyNames),
    ...(random.chance(0.3) && { ringAtOnce: random.between(1, 3) }),
    strictClass: isPlain ? 5 : random.pick([4, 5, 5]),
    steps: isPlain
      ? [
          { who: 'named', forMs: random.pick([0, 20_000]), skipWhen: 'none-free' },
          { who: { all: [] }, forMs: 0 },
        ]
      : someSteps(random),
    afterwards: isPlain ? { do: 'stay' } : someAfterwards(random),
    headStartMs: { 1: 60_000, 2: 20_000 },
    offerMs: random.pick([5_000, 15_000]),
    wrapUpMs: random.pick([0, 10_000, 30_000]),
    noAnswerLimit: random.pick([0, 1, 2, 3]),
    backOffMs: { rejected: backOff(), noAnswer: backOff(), busy: backOff() },
    ...(random.chance(0.6) && someLifeRules(random, queues)),
  }
}
