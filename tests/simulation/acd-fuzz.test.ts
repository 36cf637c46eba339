import { describe, expect, test } from 'vitest'
import type { AcdInput, QueueRules, RefusalCause, Skills } from '../../src/acd/contract.ts'
import { Engine } from '../../src/acd/engine.ts'
import { allSkills } from '../../src/acd/requirement.ts'
import { ONE_CALL } from '../../src/acd/rules.ts'
import { members, namedFirst } from '../unit/acd/floor.ts'
import { Invariants, same } from './acd-invariants.ts'
import { Random } from './random.ts'

const SEEDS = 200
const STEPS = 2_000
/** Seeds per test, so that a failure names a small range. */
const BATCH = 10

const people = ['ana', 'ben', 'cleo', 'dan', 'eva', 'finn'] as const
const queues = ['sales', 'support', 'billing'] as const
const causes = ['rejected', 'busy', 'no-answer', 'device-failed'] as const satisfies readonly RefusalCause[]

describe('whatever happens in whatever order, the floor stays in order', () => {
  const kinds = new Map<string, number>()

  test.each(Array.from({ length: SEEDS / BATCH }, (_, batch) => batch * BATCH))('seeds from %i', (first) => {
    for (let seed = first; seed < first + BATCH; seed++) {
      for (const [kind, count] of run(seed)) kinds.set(kind, (kinds.get(kind) ?? 0) + count)
    }
  })

  test('and everything that can happen has happened', () => {
    const expected = [
      'offer.made',
      'offer.ended',
      'contact.connected',
      'contact.unserved',
      'wrap-up.started',
      'wrap-up.ended',
      'timer.start',
      'timer.stop',
      'accepted',
      ...causes,
      'cancelled-by-caller',
      'rescinded',
    ]
    for (const kind of expected) expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(100)
  })
})

/** One run of nonsense; throws with seed and step when something is not true any more. Returns what was seen. */
function run(seed: number): ReadonlyMap<string, number> {
  const random = new Random(seed)
  const engine = new Engine()
  const invariants = new Invariants(engine)
  let twin = new Engine()
  let now = 1_000_000
  const step = (input: AcdInput, index: number): void => {
    try {
      invariants.before(input, now)
      const effects = engine.handle(input, now)
      same(twin.handle(input, now), effects, 'the restored engine does the same')
      invariants.after(effects)
    } catch (error) {
      throw new Error(`seed ${seed}, step ${index}: ${JSON.stringify(input)}`, { cause: error })
    }
  }
  step(configured(queues.map((queue) => rulesOf(queue, random))), -1)
  for (let index = 0; index < STEPS; index++) {
    if (random.chance(0.6)) now += random.between(0, 4_000)
    if (random.chance(0.01)) twin = Engine.restore(JSON.parse(JSON.stringify(engine.snapshot())))
    step(anything(random, engine, invariants, now), index)
  }
  for (const { contact } of engine.contacts()) step({ type: 'contact.left', contact, reason: 'left' }, STEPS)
  for (const agent of people) step({ type: 'agent.forgotten', agent }, STEPS)
  expect(engine.agents(), 'everybody has gone home').toEqual([])
  expect(engine.timers(), 'no timer is left').toEqual([])
  return invariants.seen
}

function anything(random: Random, engine: Engine, invariants: Invariants, now: number): AcdInput {
  const due = [...invariants.timers].filter(([, at]) => at <= now).map(([timer]) => timer)
  const timer = random.pick(due)
  if (timer !== undefined && random.chance(0.8)) return { type: 'timer', timer }
  const agent = random.pick(people)
  const contact = `c${random.between(1, 12)}`
  const offer = random.pick(invariants.offers) ?? 'c1.1'
  const kind = random.between(0, 99)
  if (kind < 4) return { type: 'agent.known', agent, skills: someSkills(random) }
  if (kind < 5) return { type: 'agent.forgotten', agent }
  if (kind < 9) return { type: 'agent.signed-in', agent }
  if (kind < 21) return { type: 'agent.available', agent }
  if (kind < 24) return { type: 'agent.paused', agent, reason: random.pick(['lunch', 'meeting']) }
  if (kind < 26) return { type: 'agent.signed-out', agent }
  if (kind < 35) return { type: 'device.ok', agent }
  if (kind < 37) return { type: 'device.unregistered', agent }
  if (kind < 56) return { type: 'contact.queued', ...request(contact, random) }
  if (kind < 59) return { type: 'contact.left', contact, reason: 'abandoned' }
  if (kind < 66) return { type: 'offer.ringing', offer }
  if (kind < 76) return { type: 'offer.accepted', offer }
  if (kind < 83) return { type: 'offer.refused', offer, cause: random.pick(causes) }
  if (kind < 89) {
    const connected = engine.contacts().filter((view) => view.state === 'connected')
    const ended = random.pick(connected)?.contact ?? contact
    if (kind < 84) return { type: 'contact.returned', contact: ended, cause: random.pick(causes) }
    return { type: 'contact.ended', contact: ended }
  }
  if (kind < 92) {
    const [who = agent, whom = contact] = (random.pick(invariants.wrapUps) ?? '').split(' ')
    return { type: 'wrap-up.finished', agent: who, contact: whom }
  }
  if (kind < 93) return configured(someQueues(random))
  if (kind < 95) return { type: 'timer', timer: random.pick(invariants.stopped) ?? 'lease:nothing' }
  if (kind < 97) return { type: 'wrap-up.finished', agent, contact }
  if (kind < 98) return { type: 'offer.accepted', offer: `${contact}.${random.between(1, 300)}` }
  if (kind < 99) return { type: 'agent.available', agent: 'nobody' }
  return { type: 'contact.queued', ...request(contact, random), queue: 'nowhere' }
}

function configured(rules: readonly QueueRules[]): AcdInput {
  return { type: 'rules.configured', rules: { queues: rules, teams: [], capacity: ONE_CALL } }
}

function someQueues(random: Random): QueueRules[] {
  return queues.filter(() => random.chance(0.9)).map((queue) => rulesOf(queue, random))
}

function someSkills(random: Random): Skills {
  const skills = ['sales', 'support', 'billing', 'es'].filter(() => random.chance(0.6))
  return Object.fromEntries(skills.map((skill) => [skill, random.between(1, 4)]))
}

function request(contact: string, random: Random) {
  return {
    contact,
    queue: random.pick(queues),
    requirement: allSkills(random.chance(0.3) ? { es: random.between(1, 3) } : {}),
    ...(random.chance(0.3) && { named: random.pick(people) }),
    priority: random.between(1, 10),
  }
}

function rulesOf(id: string, random: Random): QueueRules {
  const backOff = (): number => random.pick([0, 5_000, 20_000])
  return {
    id,
    members: members({ [id]: random.between(1, 2) }),
    strategy: 'longest-idle',
    strictClass: 5,
    steps: namedFirst(random.pick([0, 20_000])),
    afterwards: { do: 'stay' },
    offerMs: random.pick([5_000, 15_000]),
    wrapUpMs: random.pick([0, 10_000, 30_000]),
    noAnswerLimit: random.pick([0, 1, 2, 3]),
    backOffMs: { rejected: backOff(), noAnswer: backOff(), busy: backOff() },
    headStartMs: { 1: 60_000, 2: 20_000 },
  }
}
