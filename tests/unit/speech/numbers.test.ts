import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { en } from '../../../src/speech/numbers/en.ts'
import { es } from '../../../src/speech/numbers/es.ts'
import { digitPiece, spokenNumbers } from '../../../src/speech/numbers/languages.ts'
import type { SpokenNumbers } from '../../../src/speech/numbers/spoken-numbers.ts'

const words = (language: SpokenNumbers, value: number): string =>
  language
    .cardinal(value)
    .map((piece) => language.numbers[piece] ?? `no piece ${piece}`)
    .join(' ')

describe('English', () => {
  test.each([
    [0, 'zero'],
    [1, 'one'],
    [15, 'fifteen'],
    [20, 'twenty'],
    [21, 'twenty one'],
    [99, 'ninety nine'],
    [100, 'one hundred'],
    [101, 'one hundred one'],
    [110, 'one hundred ten'],
    [200, 'two hundred'],
    [1000, 'one thousand'],
    [1001, 'one thousand one'],
    [1100, 'one thousand one hundred'],
    [21_000, 'twenty one thousand'],
    [100_000, 'one hundred thousand'],
    [999_999, 'nine hundred ninety nine thousand nine hundred ninety nine'],
  ])('%i is "%s"', (value, expected) => {
    expect(words(en, value)).toBe(expected)
  })
})

describe('Spanish', () => {
  test.each([
    [0, 'cero'],
    [1, 'uno'],
    [15, 'quince'],
    [16, 'dieciséis'],
    [21, 'veintiuno'],
    [22, 'veintidós'],
    [30, 'treinta'],
    [31, 'treinta y uno'],
    [100, 'cien'],
    [101, 'ciento uno'],
    [121, 'ciento veintiuno'],
    [200, 'doscientos'],
    [500, 'quinientos'],
    [700, 'setecientos'],
    [900, 'novecientos'],
    [1000, 'mil'],
    [1001, 'mil uno'],
    [1100, 'mil cien'],
    [2000, 'dos mil'],
    [21_000, 'veintiún mil'],
    [21_021, 'veintiún mil veintiuno'],
    [31_000, 'treinta y un mil'],
    [100_000, 'cien mil'],
    [101_000, 'ciento un mil'],
    [121_000, 'ciento veintiún mil'],
    [999_999, 'novecientos noventa y nueve mil novecientos noventa y nueve'],
  ])('%i is "%s"', (value, expected) => {
    expect(words(es, value)).toBe(expected)
  })
})

describe.each([
  ['en', en],
  ['es', es],
])('every number in %s', (_, language) => {
  const values = fc.integer({ min: 0, max: 999_999 })

  test('has pieces that exist, and no two numbers sound alike', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(words(language, a)).not.toContain('no piece')
        if (a !== b) expect(words(language, a)).not.toBe(words(language, b))
      }),
    )
  })

  test.each([-1, 1_000_000, 1.5, Number.NaN])('except %d', (value) => {
    expect(() => language.cardinal(value)).toThrow('expected a whole number from 0 to 999999')
  })

  test('has a piece for every key', () => {
    for (const key of '0123456789*#+') expect(language.digits).toHaveProperty(digitPiece(key) ?? '')
  })
})

test('a regional language is read as its base, an unknown one has no pieces', () => {
  expect(spokenNumbers('es-MX')).toBe(es)
  expect(spokenNumbers('de')).toBeUndefined()
  expect(digitPiece('A')).toBeUndefined()
})
