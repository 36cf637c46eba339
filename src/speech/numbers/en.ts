import { assertCardinal, durationParts, type SpokenNumbers } from './spoken-numbers.ts'

/** Zero to nine, the same whether digits are read out or counted. */
const units = {
  0: 'zero',
  1: 'one',
  2: 'two',
  3: 'three',
  4: 'four',
  5: 'five',
  6: 'six',
  7: 'seven',
  8: 'eight',
  9: 'nine',
}

/** English, as it is counted in America: "one hundred one", without "and". */
export const en: SpokenNumbers = {
  digits: {
    ...units,
    star: 'star',
    pound: 'pound',
    plus: 'plus',
  },
  numbers: {
    ...units,
    10: 'ten',
    11: 'eleven',
    12: 'twelve',
    13: 'thirteen',
    14: 'fourteen',
    15: 'fifteen',
    16: 'sixteen',
    17: 'seventeen',
    18: 'eighteen',
    19: 'nineteen',
    20: 'twenty',
    30: 'thirty',
    40: 'forty',
    50: 'fifty',
    60: 'sixty',
    70: 'seventy',
    80: 'eighty',
    90: 'ninety',
    hundred: 'hundred',
    thousand: 'thousand',
  },
  cardinal(value) {
    assertCardinal(value)
    if (value === 0) return ['0']
    const thousands = Math.floor(value / 1000)
    return [
      ...(thousands > 0 ? [...belowThousand(thousands), 'thousand'] : []),
      ...belowThousand(value % 1000),
    ]
  },
  durations: {
    hour: 'hour',
    hours: 'hours',
    minute: 'minute',
    minutes: 'minutes',
    second: 'second',
    seconds: 'seconds',
  },
  duration(seconds) {
    return durationParts(seconds).flatMap(([count, unit]) => [
      ...en.cardinal(count).map((piece) => `numbers/${piece}`),
      `durations/${unit}${count === 1 ? '' : 's'}`,
    ])
  },
}

function belowThousand(value: number): string[] {
  const hundreds = Math.floor(value / 100)
  return [...(hundreds > 0 ? [String(hundreds), 'hundred'] : []), ...belowHundred(value % 100)]
}

function belowHundred(value: number): string[] {
  if (value === 0) return []
  if (value < 20) return [String(value)]
  const unit = value % 10
  return [String(value - unit), ...(unit > 0 ? [String(unit)] : [])]
}
