import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CenterFiles, loadCenter } from '../../../src/config/center.ts'
import { demoCenter } from '../../../src/config/load-settings.ts'
import { loadScenario } from '../../../src/config/scenario.ts'
import { scenarioSchema } from '../../../src/config/scenario-schema.ts'
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts'

const config = join(demoCenter, 'config')
const HOUR = 3_600_000

let folder: TempFolder
let center: CenterFiles
beforeAll(async () => {
  folder = await tempFolder('scenario')
  center = await loadCenter(demoCenter)
})
afterAll(() => folder.remove())

async function load(yaml: string, changes?: { days?: number; seed?: number }) {
  const file = join(folder.path, 'day.scenario.yaml')
  await writeFile(file, yaml)
  return loadScenario(file, center, changes)
}

const small = `name: A small day
hours: "08:00-10:00"
every: 60m
traffic:
  billing:
    contacts: [12, 18]
    talk: { exponential: 4m }
    patience: endless
`

describe('a scenario', () => {
  test('shipped with the demo center fits it, and its schema is up to date', async () => {
    const file = join(config, 'weekday.scenario.yaml')
    const plan = await loadScenario(file, center)
    expect(plan.profiles.map(({ name, agents }) => [name, agents.length])).toEqual([
      ['billing-desk', 3],
      ['technicians', 4],
      ['generalists', 5],
      ['sales-floor', 4],
    ])
    await expect(`${JSON.stringify(scenarioSchema, undefined, 2)}\n`).toMatchFileSnapshot(
      join(config, 'schemas/scenario.schema.json'),
    )
    expect(readFileSync(file, 'utf8').split('\n')[0]).toBe(
      '# yaml-language-server: $schema=./schemas/scenario.schema.json',
    )
  })

  test('is played with the rules of the center and, without agents, the people of demo.yaml', async () => {
    const plan = await load(small)
    expect(plan.rules).toBe(center.routing)
    expect(plan.profiles.map(({ agents }) => agents)).toEqual([['alice'], ['bob'], ['carol'], ['dave']])
    expect(plan).toMatchObject({
      seed: 1,
      days: 30,
      warmUpDays: 0,
      batches: 30,
      thresholdMs: 20_000,
      open: { fromMs: 8 * HOUR, toMs: 10 * HOUR },
      intervalMs: HOUR,
      answering: { afterMs: 0, missed: 0 },
    })
    expect(plan.streams).toEqual([
      {
        name: 'billing',
        intervalMs: HOUR,
        perInterval: [0, 0, 0, 0, 0, 0, 0, 0, 12, 18],
        talk: { kind: 'exponential', meanMs: 240_000 },
        patience: { kind: 'endless' },
        requests: [{ share: 1, request: { queue: 'billing', requirement: { all: [] }, priority: 5 } }],
      },
    ])
  })

  test('around the clock has a day of warm-up; the command line has the last word', async () => {
    const plan = await load(
      `name: Night and day
traffic:
  nights:
    queue: support
    contacts: 3
    talk: { lognormal: 4m, deviation: 2m }
    wrapUp: { values: [10s, 20s] }
    patience: { constant: 1m }
    needs: "es:3"
    tiers: { key: { share: 0.2, priority: 1 }, standard: { share: 0.8 } }
agents:
  all: { count: 2, skills: { support: 5 }, hours: "06:00-22:00", breaks: [{ between: "11:00-13:00", for: 30m }] }
`,
      { days: 5, seed: 9 },
    )
    expect(plan).toMatchObject({ seed: 9, days: 5, warmUpDays: 1, batches: 4 })
    expect(plan.streams[0]).toMatchObject({
      perInterval: Array.from({ length: 48 }, () => 3),
      talk: { kind: 'lognormal', meanMs: 240_000, deviationMs: 120_000 },
      wrapUp: { kind: 'empirical', valuesMs: [10_000, 20_000] },
      patience: { kind: 'constant', ms: 60_000 },
      requests: [
        {
          share: 0.2,
          tier: 'key',
          request: { queue: 'support', requirement: { skill: 'es', atLeast: 3 }, priority: 1 },
        },
        { share: 0.8, tier: 'standard', request: { queue: 'support', priority: 5 } },
      ],
    })
    expect(plan.profiles).toEqual([
      {
        name: 'all',
        agents: ['all-1', 'all-2'],
        skills: { support: 5 },
        hours: { fromMs: 6 * HOUR, toMs: 22 * HOUR },
        breaks: [{ fromMs: 11 * HOUR, toMs: 13 * HOUR, forMs: HOUR / 2 }],
      },
    ])
  })

  test.each([
    ['  billing:', '  biling:', ':5:3 there is no queue biling in queues.yaml'],
    ['[12, 18]', '[12, 18, 3]', ':6:5 3 numbers for the 2 intervals of 60m in 08:00-10:00'],
    ['"08:00-10:00"', '"10:00-08:00"', ':2:1 10:00-08:00 ends before it begins'],
    ['every: 60m', 'every: 50m', ':3:1 08:00-10:00 does not begin and end with an interval of 50m'],
    ['patience: endless', 'patience: soon', ':8:5'],
    ['talk: { exponential: 4m }', 'talk: { exponential: 4 min }', ':7:13'],
    ['patience: endless', 'patience: endless\n    needs: "es and fr"', ':9:20 there is no skill fr'],
    [
      'patience: endless',
      'patience: endless\n    tiers: { key: { share: 0.3 }, other: { share: 0.5 } }',
      ':9:5 the shares make 0.8, expected 1',
    ],
    [
      'traffic:',
      'agents: { one: { count: 1, skills: { cooking: 3 } } }\ntraffic:',
      ':4:38 there is no skill cooking',
    ],
    ['traffic:', 'days: 3\nwarmUpDays: 2\ntraffic:', ':5:1 fewer than two of 3 days are left'],
  ])('of which %j is %j says where', async (found, written, message) => {
    await expect(load(small.replace(found, written))).rejects.toMatchObject({
      code: 'SCENARIO_INVALID',
      message: expect.stringContaining(`day.scenario.yaml${message}`),
    })
  })

  test('is described in the docs: the example works, every key is explained', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/simulation.md'), 'utf8')
    const [, example = ''] = /```yaml\n([^`]+)```/.exec(page) ?? []
    expect((await load(example)).name).toBe('A small day')
    const { traffic, agents, answering, ...others } = scenarioSchema.properties
    const named = [
      ...Object.keys(others),
      ...Object.keys(answering.properties).map((key) => `answering.${key}`),
      ...Object.keys(Object.values(traffic.patternProperties)[0]?.properties ?? {}),
      ...Object.keys(Object.values(agents.patternProperties)[0]?.properties ?? {}),
    ]
    expect(named.length).toBeGreaterThan(20)
    for (const key of named) expect(page, key).toMatch(new RegExp(`\\|[^|]*\`[a-z.*]*${key}\``))
  })

  test('needs days enough to know its errors', async () => {
    await expect(load(small, { days: 1 })).rejects.toMatchObject({ code: 'USAGE' })
  })
})
