import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { acceptedCenter, checkCenter } from '../../../src/config/center.ts'
import { type CenterFinding, findingCodes, findingsText } from '../../../src/config/center-finding.ts'
import type { CenterFileName } from '../../../src/config/center-texts.ts'
import { planted, queue, SOUND } from './planted-findings.ts'

const PEOPLE = [
  { id: 'ana', skills: { billing: 5, en: 9 } },
  { id: 'tom', skills: { billing: 1 } },
]

function check(file: CenterFileName, text: string, people = PEOPLE): readonly CenterFinding[] {
  return checkCenter('/center', { ...SOUND, [file]: text }, { people, shown: (name) => name }).findings
}

describe('a center without faults', () => {
  test('has no findings', () => {
    expect(check('queues.yaml', SOUND['queues.yaml'] ?? '')).toEqual([])
  })

  test('may use everything that queues have', () => {
    const text = queue(
      'members:',
      '  - { who: "billing:5 and team:experts" }',
      '  - { who: { billing: 1 }, preference: 2, delay: 30s }',
      'whisper: { en: [{ say: "{queue}, {minutes}" }], es: [{ number: seconds }, { say: segundos }] }',
      'calendar: always',
      'join: { nobodyLoggedIn: true, nobodyAvailable: true, waiting: 9, estimate: 5m }',
      'leave: { nobodyLoggedIn: 1m, waited: 30m }',
      'callback: { attempts: 2, retry: 5m, keep: 2h, ring: 20s, atOnce: 3 }',
      'resume: 5m',
      'lastAgent: { within: 24h, for: 30s, waitFor: signed-in }',
      'pauseAfterCall: break',
      'wrapUpLimit: 2m',
      'strategy: ring-all',
      'ringAtOnce: 3',
      'strictClass: 2',
      'steps:',
      '  - { who: named, for: 20s, skipWhen: none-free }',
      '  - { who: [ana, tom], for: 20s, skipWhen: none-logged-in }',
      '  - { who: "en or es:5", for: 1m, only: true }',
      '  - { who: peers, for: 1m, relax: contact, boost: 2m }',
      '  - { who: anyone, for: 1m, relax: members }',
      'afterwards: { leave: voicemail }',
    )
    expect(check('queues.yaml', text)).toEqual([])
    const { files } = checkCenter('/center', { ...SOUND, 'queues.yaml': text })
    expect(files?.queues[0]?.hours).toEqual({ calendar: 'always', callbacks: 'always' })
    expect(files?.queues[0]?.rules).toMatchObject({
      join: { nobodyLoggedIn: true, nobodyAvailable: true, maxWaiting: 9, maxEstimateMs: 300_000 },
      leave: { nobodyLoggedInMs: 60_000, maxWaitMs: 1_800_000 },
      callback: { attempts: 2, retryMs: 300_000, keepMs: 7_200_000, ringMs: 20_000, atOnce: 3 },
      resumeMs: 300_000,
      lastAgent: { withinMs: 86_400_000, forMs: 30_000, skipWhen: 'none-logged-in' },
      pauseAfterCall: 'break',
      wrapUpLimitMs: 120_000,
    })
    expect(files?.queues[0]?.whisper).toEqual({
      en: [{ say: '{queue}, {minutes}' }],
      es: [{ number: 'seconds' }, { say: 'segundos' }],
    })
    expect(files?.routing).toMatchObject({
      queues: [
        {
          id: 'help',
          members: [
            {
              who: { all: [{ skill: 'billing', atLeast: 5 }, { team: 'experts' }] },
              preference: 1,
              delayMs: 0,
            },
            { who: { skill: 'billing', atLeast: 1 }, preference: 2, delayMs: 30_000 },
          ],
          strategy: 'ring-all',
          ringAtOnce: 3,
          strictClass: 2,
          steps: [
            { who: 'named', forMs: 20_000, skipWhen: 'none-free' },
            { who: { agents: ['ana', 'tom'] }, forMs: 20_000, skipWhen: 'none-logged-in' },
            {
              who: {
                any: [
                  { skill: 'en', atLeast: 1 },
                  { skill: 'es', atLeast: 5 },
                ],
              },
              forMs: 60_000,
              only: true,
            },
            { who: 'peers', forMs: 60_000, relax: 'contact', boostMs: 120_000 },
            { who: { all: [] }, forMs: 60_000, relax: 'members' },
          ],
          afterwards: { do: 'leave', to: 'voicemail' },
        },
      ],
      teams: [
        { id: 'trainees', agents: ['tom'] },
        { id: 'experts', agents: [], who: { skill: 'billing', atLeast: 8 } },
      ],
    })
  })
})

describe('each finding is found, at its place', () => {
  const cases = Object.entries(planted).flatMap(([code, plants]) =>
    plants.map((plant) => [code, ...plant] as const),
  )

  test.each(cases)('%s in %s: %s', (code, file, text, place, severity, words, remedy) => {
    const found = check(file, text)
    const [line, column] = place.split(':').map(Number)
    const finding = found.find((one) => one.code === code && one.line === line && one.column === column)
    expect(finding, findingsText(found)).toMatchObject({ file, severity })
    expect(finding?.message).toMatch(words)
    expect(finding?.remedy).toMatch(remedy)
  })

  test('several in several files at once', () => {
    const { findings, files } = checkCenter('/center', {
      ...SOUND,
      'skills.yaml': 'skills: 1',
      'queues.yaml': 'queues: 2',
    })
    expect(files).toBeUndefined()
    expect(findings.map(({ code }) => code)).toEqual(['WRONG_TYPE', 'WRONG_TYPE'])
  })

  test('MISSING_FILE', () => {
    const { 'queues.yaml': _, ...others } = SOUND
    const { findings } = checkCenter('/center', others, { shown: (name) => name })
    expect(findings).toMatchObject([
      { code: 'MISSING_FILE', file: 'queues.yaml', line: 1, severity: 'error' },
    ])
    expect(() => acceptedCenter({ findings })).toThrow(expect.objectContaining({ code: 'CENTER_MISSING' }))
  })

  test('warnings keep nobody from using the center', () => {
    const { files } = checkCenter('/center', {
      ...SOUND,
      'teams.yaml': 'teams: { ghosts: { name: Ghosts } }',
    })
    expect(files?.teams).toHaveLength(1)
  })
})

describe('docs/center.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/center.md'), 'utf8')

  test('lists every finding with what it means', () => {
    const section = page.split(/^## /m).find((text) => text.startsWith('Findings')) ?? ''
    const listed = [...section.matchAll(/^\| `([A-Z_]+)` \| (.*?) \|/gm)].map(([, code, meaning]) => [
      code,
      meaning,
    ])
    expect(Object.fromEntries(listed)).toEqual(findingCodes)
  })
})
