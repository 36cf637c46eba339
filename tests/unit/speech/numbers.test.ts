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

const spokenTime = (language: SpokenNumbers, seconds: number): string =>
  language
    .duration(seconds)
    .map((piece) => {
      const [folder, name = ''] = piece.split('/')
      const said = folder === 'numbers' ? language.numbers : language.durations
      return said[name] ?? `no piece ${piece}`
    })
    .join(' ')

describe('a length of time', () => {
  test.each([
    [0, 'zero seconds', 'cero segundos'],
    [1, 'one second', 'un segundo'],
    [21, 'twenty one seconds', 'veintiún segundos'],
    [60, 'one minute', 'un minuto'],
    [240, 'four minutes', 'cuatro minutos'],
    [31 * 60, 'thirty one minutes', 'treinta y un minutos'],
    [3600, 'one hour', 'una hora'],
    [21 * 3600, 'twenty one hours', 'veintiuna horas'],
    [31 * 3600, 'thirty one hours', 'treinta y una horas'],
    [3600 + 600, 'one hour ten minutes', 'una hora y diez minutos'],
    [7325, 'two hours two minutes five seconds', 'dos horas dos minutos y cinco segundos'],
  ])('of %i s is "%s", "%s"', (seconds, english, spanish) => {
    expect(spokenTime(en, seconds)).toBe(english)
    expect(spokenTime(es, seconds)).toBe(spanish)
  })

  test.each([-1, 360_000, 1.5])('cannot be %d s', (seconds) => {
    expect(() => en.duration(seconds)).toThrow('expected whole seconds from 0 to 359999')
    expect(() => es.duration(seconds)).toThrow('expected whole seconds from 0 to 359999')
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

  test('has pieces that exist as a length of time, and no two lengths sound alike', () => {
    const lengths = fc.integer({ min: 0, max: 359_999 })
    fc.assert(
      fc.property(lengths, lengths, (a, b) => {
        expect(spokenTime(language, a)).not.toContain('no piece')
        if (a !== b) expect(spokenTime(language, a)).not.toBe(spokenTime(language, b))
      }),
    )
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
