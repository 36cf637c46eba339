import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Able,
  ANYONE,
  allSkills,
  inWords,
  meets,
  NOBODY,
  namesIn,
  normalForm,
  type Requirement,
  whyNot,
} from '../../../src/acd/requirement.ts'

const billing = (atLeast: number): Requirement => ({ skill: 'billing', atLeast })
const ana: Able = { skills: { billing: 3, en: 5 }, teams: ['vip-desk'] }

describe('a requirement', () => {
  test.each<[Requirement, string | undefined, string]>([
    [ANYONE, undefined, 'anyone'],
    [NOBODY, 'nobody is asked for', 'nobody'],
    [billing(3), undefined, 'billing:3'],
    [billing(4), 'billing 3 is below 4', 'billing:4'],
    [{ skill: 'es', atLeast: 1 }, 'no es', 'es'],
    [{ team: 'vip-desk' }, undefined, 'team:vip-desk'],
    [{ team: 'trainees' }, 'not in team trainees', 'team:trainees'],
    [{ not: { team: 'vip-desk' } }, 'has team:vip-desk, which is ruled out', 'not team:vip-desk'],
    [{ not: { skill: 'es', atLeast: 1 } }, undefined, 'not es'],
    [allSkills({ billing: 4, es: 2 }), 'billing 3 is below 4, no es', 'billing:4 and es:2'],
    [
      { all: [billing(3), { any: [{ skill: 'es', atLeast: 5 }, { team: 'trainees' }] }] },
      'no es and not in team trainees',
      'billing:3 and (es:5 or team:trainees)',
    ],
    [{ not: { any: [billing(5), { team: 'trainees' }] } }, undefined, 'not (billing:5 or team:trainees)'],
  ])('%j: why Ana does not meet it, and how it is written', (requirement, reason, words) => {
    expect(whyNot(ana, requirement)).toBe(reason)
    expect(meets(ana, requirement)).toBe(reason === undefined)
    expect(inWords(requirement)).toBe(words)
  })

  test('has one form, in whatever order it was written', () => {
    const one: Requirement = { all: [billing(2), { all: [{ skill: 'en', atLeast: 1 }, billing(5)] }] }
    const other: Requirement = { not: { not: { all: [{ skill: 'en', atLeast: 1 }, billing(5)] } } }
    expect(normalForm(one)).toEqual(normalForm(other))
    expect(normalForm({ all: [billing(1), NOBODY] })).toEqual(NOBODY)
    expect(normalForm({ any: [billing(1), ANYONE] })).toEqual(ANYONE)
  })

  test('names its skills and teams', () => {
    const requirement: Requirement = { all: [billing(1), { not: { team: 'x' } }, { any: [billing(3)] }] }
    expect(namesIn(requirement)).toEqual({ skills: ['billing'], teams: ['x'] })
  })

  test('means the same in its normal form, whoever is looked at', () => {
    const names = fc.constantFrom('a', 'b', 'c')
    const { requirement } = fc.letrec<{ requirement: Requirement }>((tie) => ({
      requirement: fc.oneof(
        { depthSize: 'small' },
        fc.record({ skill: names, atLeast: fc.integer({ min: 1, max: 4 }) }),
        fc.record({ team: names }),
        fc.record({ all: fc.array(tie('requirement'), { maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('requirement'), { maxLength: 3 }) }),
        fc.record({ not: tie('requirement') }),
      ),
    }))
    const person = fc.record({
      skills: fc.dictionary(names, fc.integer({ min: 1, max: 4 })),
      teams: fc.array(names, { maxLength: 2 }),
    })
    fc.assert(
      fc.property(requirement, person, (each, who) => {
        expect(meets(who, normalForm(each))).toBe(meets(who, each))
        expect(normalForm(normalForm(each))).toEqual(normalForm(each))
        expect(whyNot(who, each) === undefined).toBe(meets(who, each))
      }),
      { numRuns: 1_000 },
    )
  })
})
