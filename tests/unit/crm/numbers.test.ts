import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseNumber, numberKey } from '../../../src/crm/numbers.ts'

describe('numbers', () => {
  it.each([
    ['international', '+442079460018', 'US'],
    ['international with marks', '+44 (0)20 7946-0018', 'US'],
    ['00', '00442079460018', 'GB'],
    ['00 where the prefix for abroad is 011', '00442079460018', 'US'],
    ['the prefix for abroad of the country', '011 44 20 7946 0018', 'US'],
    ['national', '020 7946 0018', 'GB'],
    ['international without a plus', '442079460018', 'GB'],
    ['international without a plus, of another country', '442079460018', 'US'],
    ['a SIP URI', 'sip:+442079460018@10.0.0.1:5060;user=phone', 'US'],
    ['a SIP URI with parameters of the number', 'sip:+442079460018;npdi;rn=+44207@10.0.0.1', 'US'],
    ['a tel URI', 'tel:+44-20-7946-0018', 'US'],
    ['a name-addr', '<sip:+442079460018@10.0.0.1>', 'US'],
  ])('reads %s as E.164', (_form, raw, country) => {
    expect(normaliseNumber(raw, country)).toEqual({ kind: 'e164', value: '+442079460018' })
  })

  it('keeps the zero that belongs to Italian numbers', () => {
    expect(numberKey('06 1234 5678', 'IT')).toBe('+390612345678')
  })

  it('believes a number that says it is E.164 where no plan that we know has it', () => {
    expect(normaliseNumber('+999123456789', 'US')).toEqual({ kind: 'e164', value: '+999123456789' })
    expect(normaliseNumber('+9991234567890123', 'US')).toEqual({ kind: 'unknown' })
    expect(normaliseNumber('+44', 'GB')).toEqual({ kind: 'unknown' })
  })

  it.each(['100', '1001', '911', '112', '5550142'])('takes %s for an extension or a short code', (raw) => {
    expect(normaliseNumber(raw, 'US')).toEqual({ kind: 'local', value: raw })
  })

  it('does not make an extension a number of the country whose plan allows short ones', () => {
    expect(normaliseNumber('1001', 'DE')).toEqual({ kind: 'local', value: '1001' })
  })

  it('reads digits without a country that exists as they are', () => {
    expect(normaliseNumber('2025550142', 'XX')).toEqual({ kind: 'local', value: '2025550142' })
  })

  it.each([
    undefined,
    '',
    '  ',
    'anonymous',
    'Anonymous',
    'RESTRICTED',
    'unavailable',
    'sip:anonymous@anonymous.invalid',
    '<sip:anonymous@10.0.0.1>',
    'sip:c8oqz84zk7z@anonymous.invalid',
  ])('knows that %s is withheld', (raw) => {
    expect(normaliseNumber(raw, 'US')).toEqual({ kind: 'anonymous' })
    expect(numberKey(raw, 'US')).toBeUndefined()
  })

  it.each([
    'alice',
    'sip:alice@10.0.0.1',
    '+',
    '+-',
    '*67',
    '+1;drop table',
    '\0',
    '12345678901234567890',
    '☎',
  ])('takes %j for no number', (raw) => {
    expect(normaliseNumber(raw, 'US')).toEqual({ kind: 'unknown' })
    expect(numberKey(raw, 'US')).toBeUndefined()
  })

  it('never throws, and reads what it made as the same again', () => {
    const country = fc.constantFrom('US', 'GB', 'DE', 'IT', 'JP', '', 'XX', '__proto__')
    const garbage = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^\+?[0-9 ()-]{0,25}$/))
    fc.assert(
      fc.property(garbage, country, (raw, where) => {
        const number = normaliseNumber(raw, where)
        if (number.kind === 'e164') {
          expect(number.value).toMatch(/^\+[1-9]\d{1,14}$/)
          expect(normaliseNumber(number.value, where)).toEqual(number)
        }
        if (number.kind === 'local') expect(number.value).toMatch(/^\d{1,15}$/)
      }),
      { numRuns: 500 },
    )
  })
})
