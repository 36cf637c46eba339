import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { meets } from '../../../src/acd/requirement.ts'
import { centerSchemas } from '../../../src/config/center-schema.ts'
import { queueRules, requirementOf } from '../../../src/config/queue-rules.ts'
import { durationMs } from '../../../src/config/schema-parts.ts'
import { parseYaml } from '../../../src/config/yaml-file.ts'
import { SwitchroomError } from '../../../src/errors.ts'

const config = join(import.meta.dirname, '../../../config')

function load<File extends keyof typeof centerSchemas>(file: File) {
  return parseYaml(readFileSync(join(config, file), 'utf8'), file, centerSchemas[file], 'CENTER_INVALID')
}

describe('the demo center', () => {
  test.each(Object.keys(centerSchemas))('%s fits its schema', (file) => {
    expect(load(file as keyof typeof centerSchemas)).toBeTypeOf('object')
  })

  test.each(Object.entries(centerSchemas))('the JSON Schema of %s is up to date', async (file, schema) => {
    const name = file.replace('.yaml', '.schema.json')
    await expect(`${JSON.stringify(schema, undefined, 2)}\n`).toMatchFileSnapshot(
      join(config, 'schemas', name),
    )
    expect(readFileSync(join(config, file), 'utf8').split('\n')[0]).toBe(
      `# yaml-language-server: $schema=./schemas/${name}`,
    )
  })

  test('names only skills, queues and people that exist', () => {
    const { skills } = load('skills.yaml')
    const { queues } = load('queues.yaml')
    const { dispositions } = load('dispositions.yaml')
    const { people, customers } = load('demo.yaml')
    const known = (names: Iterable<string>, table: object): void => {
      for (const name of names) expect(Object.keys(table)).toContain(name)
    }
    for (const person of Object.values(people)) known(Object.keys(person.skills ?? {}), skills)
    for (const disposition of Object.values(dispositions)) known(disposition.queues ?? [], queues)
    for (const customer of Object.values(customers)) {
      known(customer.owner ? [customer.owner] : [], people)
      for (const call of customer.history) {
        known(call.agent ? [call.agent] : [], people)
        known(call.queue ? [call.queue] : [], queues)
        known(call.disposition ? [call.disposition] : [], dispositions)
      }
    }
  })

  test('has somebody for every queue in every language, and calendars in real time zones', () => {
    const { people } = load('demo.yaml')
    for (const [id, queue] of Object.entries(load('queues.yaml').queues)) {
      const { members } = queueRules(id, queue)
      for (const language of ['en', 'es']) {
        const agents = Object.values(people).filter(({ skills = {} }) => {
          const person = { skills, teams: [] }
          return (
            meets(person, requirementOf({ [language]: 1 })) && members.some(({ who }) => meets(person, who))
          )
        })
        expect(agents.length, `${id} in ${language}`).toBeGreaterThan(0)
      }
    }
    for (const calendar of Object.values(load('calendars.yaml').calendars)) {
      expect(() => new Intl.DateTimeFormat('en', { timeZone: calendar.timeZone })).not.toThrow()
    }
  })

  test('an account number belongs to one customer only', () => {
    const numbers = Object.values(load('demo.yaml').customers).flatMap(({ accounts }) =>
      accounts.map(({ number }) => number),
    )
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  test('its queues become rules of the routing engine', () => {
    const { billing } = load('queues.yaml').queues
    expect(queueRules('billing', billing!)).toEqual({
      id: 'billing',
      members: [{ who: { skill: 'billing', atLeast: 1 }, preference: 1, delayMs: 0 }],
      strategy: 'longest-idle',
      strictClass: 5,
      afterwards: { do: 'stay' },
      offerMs: 20_000,
      wrapUpMs: 30_000,
      steps: [
        { who: 'named', forMs: 30_000, skipWhen: 'none-free' },
        { who: { all: [] }, forMs: 0 },
      ],
      noAnswerLimit: 2,
      backOffMs: { rejected: 30_000, noAnswer: 60_000, busy: 15_000 },
      callback: { attempts: 3, retryMs: 600_000, keepMs: 14_400_000, ringMs: 30_000, atOnce: 1 },
      wrapUpLimitMs: 180_000,
      headStartMs: { 1: 300_000, 2: 180_000, 3: 60_000 },
    })
  })
})

describe('files of a center', () => {
  const faultOf = (file: keyof typeof centerSchemas, text: string): string => {
    try {
      parseYaml(text, file, centerSchemas[file], 'CENTER_INVALID')
    } catch (error) {
      if (error instanceof SwitchroomError) return error.message
      throw error
    }
    return ''
  }

  test('a queue needs only its name and members; the rest has defaults', () => {
    const { queues } = parseYaml(
      'queues: { help: { name: Help, members: { en: 2 } } }',
      'queues.yaml',
      centerSchemas['queues.yaml'],
      'CENTER_INVALID',
    )
    expect(queueRules('help', queues['help']!)).toMatchObject({
      offerMs: 20_000,
      backOffMs: { rejected: 30_000, noAnswer: 60_000, busy: 15_000 },
      headStartMs: {},
    })
  })

  test.each([
    ['queues.yaml', 'queues:\n  help:\n    name: Help\n    members: { en: 11 }', /queues.yaml:4:.*<= 10/],
    [
      'queues.yaml',
      'queues:\n  help:\n    name: Help\n    members: {}\n    ringTime: 5s',
      /:5:5 .*ringTime: no such key/,
    ],
    [
      'queues.yaml',
      'queues:\n  help:\n    name: Help\n    members: {}\n    wrapUp: 30',
      /:5:5 .*wrapUp: must be string/,
    ],
    [
      'queues.yaml',
      'queues:\n  help:\n    name: Help\n    members: {}\n    headStart: { 11: 5m }',
      /headStart/,
    ],
    ['numbers.yaml', 'numbers:\n  "100": { name: Main }', /lacks the key flow/],
    [
      'calendars.yaml',
      'calendars:\n  office:\n    name: Office\n    open: { monday: 8-17 }',
      /calendars.yaml:4:/,
    ],
  ] as const)('%s: a fault is named with its place', (file, text, expected) => {
    expect(faultOf(file, text)).toMatch(expected)
  })

  test('durations', () => {
    expect(['250ms', '20s', '5m', '1h', '0s'].map(durationMs)).toEqual([250, 20_000, 300_000, 3_600_000, 0])
    expect(() => durationMs('soon')).toThrow('"soon" is not a duration')
  })
})
