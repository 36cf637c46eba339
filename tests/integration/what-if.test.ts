import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { AcdEffect, AcdInput } from '../../src/acd/contract.ts'
import { whatif as command } from '../../src/cli/whatif.ts'
import { Past } from '../../src/replay/past.ts'
import type { Draft } from '../../src/replay/past-world.ts'
import { replay } from '../../src/replay/replay.ts'
import { whatIf } from '../../src/replay/what-if.ts'
import { poissonArrivals } from '../../src/simulation/arrivals.ts'
import { type CenterPlan, timelineOf } from '../../src/simulation/center-plan.ts'
import { erlangAPerformance } from '../../src/simulation/erlang-a.ts'
import type { World } from '../../src/simulation/simulator.ts'
import { History } from '../../src/state/history.ts'
import { journaled, stretchesOf } from '../support/journaled.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'
import { planOf, queueOf, streamOf } from '../unit/simulation/plans.ts'

let folder: TempFolder
beforeAll(async () => {
  folder = await tempFolder('what-if')
})
afterAll(() => folder.remove())

/** Who was connected with whom, in the order of service. */
class Service {
  readonly pairs: string[] = []
  handled(_input: AcdInput, at: number, effects: readonly AcdEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'contact.connected') this.pairs.push(`${at} ${effect.contact} ${effect.agent}`)
    }
  }
}

async function pastOf(name: string, world: World, length: number, service: Service): Promise<Past> {
  const { disk } = await journaled(join(folder.path, name), stretchesOf(world, length, service), {
    trim: false,
  })
  const past = new Past()
  expect((await replay(await History.open(disk), past)).difference).toBeUndefined()
  return past
}

const draftOf = ({ rules }: CenterPlan, more: Partial<Draft> = {}): Draft => ({
  rules,
  tierOf: ({ priority }) => `priority ${priority}`,
  seed: 1,
  ...more,
})

describe('the past under the rules that it had', () => {
  const rules = {
    wrapUpMs: 10_000,
    noAnswerLimit: 2,
    headStartMs: { 1: 60_000 },
    backOffMs: { rejected: 20_000, noAnswer: 20_000, busy: 20_000 },
  }
  const one = { queue: 'support', requirement: { all: [] }, priority: 5 }
  const plan = planOf(9, {
    days: 1,
    rules: {
      queues: [queueOf('support', rules), queueOf('sales', rules)],
      teams: [],
      capacity: { slots: { voice: 1 }, while: {} },
    },
    streams: [
      streamOf('support', {
        perInterval: Array.from({ length: 48 }, (_, at) => (at < 8 ? 60 : 0)),
        requests: [
          { share: 0.2, tier: 'key', request: { ...one, priority: 1 } },
          { share: 0.8, tier: 'standard', request: one },
        ],
      }),
      streamOf('sales', { perInterval: Array.from({ length: 48 }, (_, at) => (at < 8 ? 30 : 0)) }),
    ],
  })

  test('goes as it went: the same order of service, the same figures', async () => {
    let rung = 0
    const service = new Service()
    const past = await pastOf(
      'same',
      {
        timeline: timelineOf(plan),
        arrivals: poissonArrivals(plan.streams, plan),
        ringing: () => {
          rung++
          if (rung % 11 === 0) return { does: 'ignore', afterMs: 0 }
          return { does: rung % 7 === 0 ? 'reject' : 'answer', afterMs: 3_000 + (rung % 5) * 1_000 }
        },
      },
      100_000,
      service,
    )
    const again = new Service()
    const report = whatIf(past, draftOf(plan), { thresholdMs: 20_000, observers: [again] })
    expect(service.pairs.length).toBeGreaterThan(400)
    expect(again.pairs).toEqual(service.pairs)
    expect(report.draft).toEqual(report.journal)
    expect(Object.keys(report.journal.queues)).toEqual(['sales', 'support'])
    expect(Object.keys(report.journal.tiers['support'] ?? {})).toEqual(['priority 1', 'priority 5'])
    expect(report.journal.whole.abandoned).toBeGreaterThan(10)
  })
})

describe('another number of agents', () => {
  const plan = planOf(12, { days: 4, warmUpDays: 0 })
  const load = { arrivalRate: 100 / 1800, handleTime: 180, patience: 120 }
  let past: Past
  beforeAll(async () => {
    const world = { timeline: timelineOf(plan), arrivals: poissonArrivals(plan.streams, plan) }
    past = await pastOf('agents', world, 1_000_000, new Service())
  })

  test.each([
    ['three fewer', 9, { without: ['agent-1', 'agent-2', 'agent-3'] }],
    ['two more', 14, { like: ['agent-1', 'agent-1'] }],
  ])('%s: moves service level, wait and occupancy as Erlang A predicts', (_, agents, change) => {
    const { draft, journal } = whatIf(past, draftOf(plan, change), { thresholdMs: 20_000 })
    const [was, is] = [12, agents].map((each) => erlangAPerformance({ ...load, agents: each }, 20))
    if (!was || !is) throw new Error('no formula')
    const moved = draft.whole.serviceLevel - journal.whole.serviceLevel
    expect(Math.abs(moved - (is.serviceLevel - was.serviceLevel))).toBeLessThan(0.015)
    expect(Math.abs(draft.whole.serviceLevel - is.serviceLevel)).toBeLessThan(0.02)
    expect(Math.abs(draft.whole.abandonment - is.abandonment)).toBeLessThan(0.015)
    expect(Math.abs((draft.whole.occupancy ?? 0) - is.occupancy)).toBeLessThan(0.015)
    expect(Math.abs(draft.whole.meanWait / is.meanWait - 1)).toBeLessThan(0.12)
  })
})

describe('switchroom whatif', () => {
  const plan = planOf(4, {
    days: 1,
    rules: { ...planOf(1).rules, queues: [queueOf('billing', { headStartMs: { 1: 60_000 } })] },
    streams: [
      streamOf('billing', {
        perInterval: Array.from({ length: 48 }, (_, at) => (at < 4 ? 40 : 0)),
        requests: [
          {
            share: 0.5,
            request: { queue: 'billing', requirement: { all: [] }, priority: 1, customer: 'harbour' },
          },
          { share: 0.5, request: { queue: 'billing', requirement: { all: [] }, priority: 5 } },
        ],
      }),
    ],
    profiles: [{ name: 'desk', agents: ['ana', 'luis', 'eva', 'tom'], skills: { billing: 5 }, breaks: [] }],
  })
  let journal: string
  beforeAll(async () => {
    const world = { timeline: timelineOf(plan), arrivals: poissonArrivals(plan.streams, plan) }
    journal = (await journaled(join(folder.path, 'cli'), stretchesOf(world, 100_000))).disk
  })
  const run = async (...args: readonly string[]) => {
    let out = ''
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text)
      return true
    })
    await command.run(['--journal', journal, ...args]).finally(() => write.mockRestore())
    return out
  }

  test('shows what was beside what would have been, by queue and tier', async () => {
    const lines = (await run('--without', 'ana')).split('\n')
    expect(lines[0]).toMatch(
      /^2026-01-05 00:\d\d to 2026-01-05 \d\d:\d\d: \d+ contacts; what was, and what would/,
    )
    expect(lines[2]).toMatch(/^ +contacts +within 20 s +mean wait +gave up +agents busy$/)
    const figures = / \d+ +\d+\.\d % +\d+\.\d s +\d+\.\d %( +\d+\.\d %)?$/
    const names = ['billing', '  draft', '  priority 1', '    draft', '  priority 5', '    draft']
    expect(lines.slice(3, 9).map((line) => line.replace(figures, '').trimEnd())).toEqual(names)
    const shareOf = (line = ''): number => Number(/([\d.]+) %/.exec(line)?.[1])
    expect(shareOf(lines[4])).toBeLessThan(shareOf(lines[3]))
  })

  test('counts by tiers of customers that a file names, for programs too', async () => {
    const tiers = join(folder.path, 'tiers.csv')
    await writeFile(tiers, 'harbour, key\n')
    const report = JSON.parse(await run('--tiers', tiers, '--within', '60', '--json'))
    expect(report.thresholdSeconds).toBe(60)
    expect(Object.keys(report.draft.tiers.billing)).toEqual(['key', 'unknown'])
  })

  test('says what is wrong with its flags', async () => {
    await expect(run('--like', 'nobody')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'No agent "nobody" served a queue in this journal.',
    })
    await expect(run('--within', 'soon')).rejects.toMatchObject({ code: 'USAGE' })
    await expect(command.run([])).rejects.toMatchObject({ code: 'USAGE', message: 'no journal was named' })
  })
})
