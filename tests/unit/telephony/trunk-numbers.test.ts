import { describe, expect, test } from 'vitest'
import { type NumberFormat, numberForTrunk, numberFromTrunk } from '../../../src/telephony/trunk.ts'

const none = { strip: 0, prepend: '' }
const german: NumberFormat = {
  countryCode: '49',
  nationalPrefix: '0',
  internationalPrefix: '00',
  receives: 'national',
  sends: 'national',
  received: none,
  sent: none,
}
const american: NumberFormat = {
  ...german,
  countryCode: '1',
  nationalPrefix: '1',
  internationalPrefix: '011',
}

describe('a number from a trunk', () => {
  test.each([
    ['+4930901820', german, '+4930901820'],
    ['030901820', german, '+4930901820'],
    ['0033142685300', german, '+33142685300'],
    ['30901820', german, '+4930901820'],
    ['(030)90-18-20', german, '+4930901820'],
    ['+1-408-526-4000', german, '+14085264000'],
    ['12025550123', american, '+12025550123'],
    ['2025550123', american, '+12025550123'],
    ['011442079460018', american, '+442079460018'],
    ['442079460018', { ...german, receives: 'international' }, '+442079460018'],
    ['00442079460018', { ...german, receives: 'international' }, '+442079460018'],
  ] as const)('%s is read as E.164', (number, format, ours) => {
    expect(numberFromTrunk(number, format)).toBe(ours)
  })

  test.each([
    ['112', german],
    ['620001', german],
    ['*31#', german],
    ['alice', german],
    ['030901820', { ...german, receives: 'as-is' }],
    ['030901820123456789', german],
    ['0301234567', { ...german, receives: 'international', internationalPrefix: '' }],
  ] as const)('%s stays as it came', (number, format) => {
    expect(numberFromTrunk(number, format)).toBe(number)
  })

  test('loses and gains digits before it is read', () => {
    const format = { ...german, received: { strip: 2, prepend: '0' } }
    expect(numberFromTrunk('8830901820', format)).toBe('+4930901820')
    expect(numberFromTrunk('10100', { ...german, received: { strip: 2, prepend: '' } })).toBe('100')
  })
})

describe('a number for a trunk', () => {
  test.each([
    ['+4930901820', german, '030901820'],
    ['+33142685300', german, '0033142685300'],
    ['+12025550123', american, '12025550123'],
    ['+442079460018', american, '011442079460018'],
    ['+442079460018', { ...german, sends: 'international' }, '442079460018'],
    ['+442079460018', { ...german, sends: 'e164' }, '+442079460018'],
    ['6200', german, '6200'],
  ] as const)('%s', (number, format, theirs) => {
    expect(numberForTrunk(number, format)).toBe(theirs)
  })

  test('loses and gains digits after it is written', () => {
    const format = { ...german, sent: { strip: 1, prepend: '9' } }
    expect(numberForTrunk('+4930901820', format)).toBe('930901820')
  })

  test('reads back as it was, in every form', () => {
    for (const number of ['+4930901820', '+33142685300', '+12025550123']) {
      for (const [sends, receives] of [
        ['national', 'national'],
        ['international', 'international'],
        ['e164', 'as-is'],
      ] as const) {
        const format = { ...german, sends, receives }
        expect(numberFromTrunk(numberForTrunk(number, format), format)).toBe(number)
      }
    }
  })
})
