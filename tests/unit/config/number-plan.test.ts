import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeText } from '../../../src/config/center-finding.ts'
import { NumberPlan, planFaults } from '../../../src/config/number-plan.ts'

function plan(...keys: string[]): NumberPlan<string> {
  return new NumberPlan(Object.fromEntries(keys.map((key) => [key, key])))
}

describe('a number plan', () => {
  test.each([
    ['_1XX', ['100', '199'], ['99', '1000', '1A0', '200']],
    ['_+1NXXNXXXXXX', ['+12025550100'], ['+11025550100', '12025550100']],
    ['_Z0', ['10', '90'], ['00']],
    ['_[2-47*]#', ['2#', '3#', '4#', '7#', '*#'], ['5#', '1#', '-#']],
    ['_0.', ['01', '0123456789'], ['0', '1']],
    ['_.', ['1', 'anybody'], []],
    ['100', ['100'], ['1000', '10', '_100']],
  ])('%s fits these and not those', (key, fitting, others) => {
    for (const number of fitting) expect(plan(key).find(number), number).toBe(key)
    for (const number of others) expect(plan(key).find(number), number).toBeUndefined()
  })

  test('goes from the exact number to the widest pattern, whatever the order of the file', () => {
    const keys = ['_.', '_1.', '_1XX', '_10X', '_10[0-4]', '100', '_1X0']
    const found = { '100': '100', '101': '_10[0-4]', '107': '_10X', '120': '_1X0', '123': '_1XX' }
    fc.assert(
      fc.property(fc.shuffledSubarray(keys, { minLength: keys.length }), (shuffled) => {
        for (const [number, key] of Object.entries(found)) expect(plan(...shuffled).find(number)).toBe(key)
        expect(plan(...shuffled).find('12')).toBe('_1.')
        expect(plan(...shuffled).find('2')).toBe('_.')
      }),
    )
  })

  test('has a place for names too', () => {
    expect(plan('reception').find('reception')).toBe('reception')
  })
})

describe('the faults of a plan', () => {
  const faults = (...keys: string[]): string[] =>
    planFaults(keys, (key) => ({ file: 'numbers.yaml', line: keys.indexOf(key), column: 3 })).map(
      ({ message, ...place }) => `${placeText(place)} ${message}`,
    )

  test('are patterns that are none, with their place', () => {
    expect(faults('_1Q')).toEqual([expect.stringMatching(/^numbers.yaml:0:3 _1Q: found Q, expected a key/)])
    expect(faults('_1[2')).toEqual(['numbers.yaml:0:3 _1[2: a set that begins with [ must end with ]'])
    expect(faults('_')).toEqual(['numbers.yaml:0:3 _: there is nothing after _'])
    for (const key of ['_[]', '_[5-2]', '_[a-z]', '_1.2', '_1!']) expect(faults(key), key).toHaveLength(1)
  })

  test('are two patterns that fit the same numbers equally well', () => {
    expect(faults('_1[2-4]', '200', '_1[4-6]')).toEqual([
      'numbers.yaml:2:3 _1[4-6] and _1[2-4] (numbers.yaml:0:3) fit the same numbers equally well',
    ])
    expect(faults('_1[2-4].', '_1[345].')).toHaveLength(1)
  })

  test('are not patterns of which one is narrower, or that share no number', () => {
    expect(faults('_1[2-4]', '_1[4-9]', '_1X', '_1.', '_1[5-7]', '_2[2-4]', '_1[2-4]X', '12')).toEqual([])
  })
})
