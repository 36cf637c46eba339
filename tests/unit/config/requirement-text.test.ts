import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inWords, meets, namesIn, normalForm, type Requirement } from '../../../src/acd/requirement.ts'
import { implies, isImpossible } from '../../../src/config/requirement-logic.ts'
import { parseRequirement, type RequirementFault } from '../../../src/config/requirement-text.ts'

function read(text: string): Requirement {
  const parsed = parseRequirement(text)
  if ('fault' in parsed) throw new Error(parsed.fault.message)
  return parsed.requirement
}

function faultOf(text: string): RequirementFault | undefined {
  const parsed = parseRequirement(text)
  return 'fault' in parsed ? parsed.fault : undefined
}

const SKILLS = ['billing', 'en', 'es']
const TEAMS = ['trainees', 'vip-desk']

const leaf: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({ skill: fc.constantFrom(...SKILLS), atLeast: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ team: fc.constantFrom(...TEAMS) }),
  fc.constant({ all: [] }),
  fc.constant({ any: [] }),
)

const requirement: fc.Arbitrary<Requirement> = fc.letrec<{ any: Requirement }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie('any').map((not) => ({ not })),
  ),
})).any

const person = fc.record({
  skills: fc.dictionary(fc.constantFrom(...SKILLS), fc.integer({ min: 1, max: 10 })),
  teams: fc.subarray(TEAMS),
})

describe('a requirement', () => {
  test.each<[string, Requirement]>([
    ['billing', { skill: 'billing', atLeast: 1 }],
    ['billing:3', { skill: 'billing', atLeast: 3 }],
    ['team:vip-desk', { team: 'vip-desk' }],
    ['anyone', { all: [] }],
    ['nobody', { any: [] }],
    ['not not en', { not: { not: { skill: 'en', atLeast: 1 } } }],
    [
      'billing:3 and (en or es:5) and not team:trainees',
      {
        all: [
          { skill: 'billing', atLeast: 3 },
          {
            any: [
              { skill: 'en', atLeast: 1 },
              { skill: 'es', atLeast: 5 },
            ],
          },
          { not: { team: 'trainees' } },
        ],
      },
    ],
    [
      'en and billing or not es',
      {
        any: [
          {
            all: [
              { skill: 'en', atLeast: 1 },
              { skill: 'billing', atLeast: 1 },
            ],
          },
          { not: { skill: 'es', atLeast: 1 } },
        ],
      },
    ],
    ['(((en)))', { skill: 'en', atLeast: 1 }],
    [
      '  en\n  or es ',
      {
        any: [
          { skill: 'en', atLeast: 1 },
          { skill: 'es', atLeast: 1 },
        ],
      },
    ],
    [
      'team-lead and android',
      {
        all: [
          { skill: 'team-lead', atLeast: 1 },
          { skill: 'android', atLeast: 1 },
        ],
      },
    ],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  test('means the same once it is written down and read again', () => {
    fc.assert(
      fc.property(requirement, person, (written, somebody) => {
        expect(meets(somebody, read(inWords(written)))).toBe(meets(somebody, written))
      }),
      { numRuns: 1000 },
    )
  })

  test('that was read from a text is written as a text that reads as the same', () => {
    fc.assert(
      fc.property(requirement, (written) => {
        const once = read(inWords(written))
        expect(normalForm(read(inWords(once)))).toEqual(normalForm(once))
      }),
      { numRuns: 1000 },
    )
  })

  test('tells every name in it, and where', () => {
    fc.assert(
      fc.property(requirement, (written) => {
        const text = inWords(written)
        const parsed = parseRequirement(text)
        if ('fault' in parsed) throw new Error(parsed.fault.message)
        for (const { name, index } of parsed.mentions)
          expect(text.slice(index)).toMatch(new RegExp(`^${name}`))
        const { skills, teams } = namesIn(parsed.requirement)
        expect(new Set(parsed.mentions.map(({ name }) => name))).toEqual(new Set([...skills, ...teams]))
      }),
    )
  })
})

describe('a text that is no requirement', () => {
  test.each([
    ['', 0, 'an empty requirement', 'or anyone'],
    ['   ', 0, 'an empty requirement', 'or anyone'],
    ['billing and', 11, 'found the end after "and", expected a skill', 'For example'],
    ['billing en', 8, 'found "en" after "billing", expected and, or, or the end', 'For example'],
    ['billing & en', 8, 'found "&" after "billing"', 'Write and.'],
    ['billing | en', 8, 'found "|"', 'Write or.'],
    ['billing AND en', 8, 'found "AND"', 'Write and: words and names are lower case.'],
    ['Billing', 0, 'found "Billing", expected a skill', 'For example'],
    ['billing>=3', 7, 'found ">"', 'Write billing:3 for level 3 or better.'],
    ['billing:11', 8, 'found "11" after ":", expected a level from 1 to 10', 'For example'],
    ['billing:0', 8, 'expected a level from 1 to 10', 'For example'],
    ['billing:', 8, 'found the end after ":", expected a level', 'For example'],
    ['not', 3, 'found the end after "not"', 'For example'],
    ['(en or es', 0, 'this ( is never closed', 'Put a )'],
    ['en and (es', 7, 'this ( is never closed', 'Put a )'],
    ['en)', 2, 'a ) without its (', 'Remove it'],
    ['()', 1, 'found ")" after "("', 'For example'],
    ['(en es)', 4, 'found "es" after "en", expected and, or, or )', 'For example'],
    ['team', 4, 'found the end after "team", expected a colon', 'For example'],
    ['team:not', 5, 'found "not" after ":", expected the name of a team', 'For example'],
    ['en, es', 2, 'found ","', 'Write and, or or, between two skills.'],
    ['!en', 0, 'found "!"', 'Write not.'],
  ])('%j is told at character %i', (text, index, message, remedy) => {
    const fault = faultOf(text)
    expect(fault?.index).toBe(index)
    expect(fault?.message).toContain(message)
    expect(fault?.remedy).toContain(remedy)
  })

  test('is never taken for one, and never breaks the reader', () => {
    const scraps = fc.constantFrom(
      'and',
      'or',
      'not',
      '(',
      ')',
      ':',
      'team',
      'en',
      'billing',
      '3',
      '11',
      ' ',
      '&',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(scraps).map((parts) => parts.join(' ')),
        ),
        (text) => {
          const fault = faultOf(text)
          if (fault) {
            expect(fault.index).toBeGreaterThanOrEqual(0)
            expect(fault.index).toBeLessThanOrEqual(text.length)
            expect(fault.remedy).not.toBe('')
          } else expect(normalForm(read(inWords(read(text))))).toEqual(normalForm(read(text)))
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('what can be said of a requirement without knowing anybody', () => {
  test.each([
    ['en and not en', true],
    ['en:5 and not en:3', true],
    ['en:3 and not en:5', false],
    ['team:a and not team:a', true],
    ['nobody', true],
    ['nobody or en', false],
    ['(en or es) and not en and not es', true],
    ['not anyone', true],
    ['anyone', false],
  ])('%s: nobody could ever meet it: %s', (text, expected) => {
    expect(isImpossible(read(text))).toBe(expected)
  })

  test.each([
    ['billing:5', 'billing', true],
    ['billing', 'billing:5', false],
    ['billing and en', 'en', true],
    ['en', 'en or es', true],
    ['en or es', 'en', false],
    ['en', 'anyone', true],
  ])('whoever meets %s meets %s: %s', (one, other, expected) => {
    expect(implies(read(one), read(other))).toBe(expected)
  })

  test('somebody who meets it is proof that it can be met, and who meets the first meets what it implies', () => {
    fc.assert(
      fc.property(requirement, requirement, person, (one, other, somebody) => {
        if (meets(somebody, one)) {
          expect(isImpossible(one)).toBe(false)
          if (implies(one, other)) expect(meets(somebody, other)).toBe(true)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
