import { assertCardinal, type DurationUnit, durationParts, type SpokenNumbers } from './spoken-numbers.ts'

/** Zero to nine, the same whether digits are read out or counted. */
const units = {
  0: 'cero',
  1: 'uno',
  2: 'dos',
  3: 'tres',
  4: 'cuatro',
  5: 'cinco',
  6: 'seis',
  7: 'siete',
  8: 'ocho',
  9: 'nueve',
}

/**
 * Spanish, masculine, as in counting. Numbers to 29 are one word; "uno" loses its end before "mil" ("veintiún
 * mil"); 100 alone or before "mil" is "cien", else "ciento"; 1000 is "mil" without "un" (Real Academia Española,
 * "Ortografía", cardinales). Counted things give "uno" their gender: "veintiún minutos", "veintiuna horas".
 */
export const es: SpokenNumbers = {
  digits: {
    ...units,
    star: 'asterisco',
    pound: 'numeral',
    plus: 'más',
  },
  numbers: {
    ...units,
    10: 'diez',
    11: 'once',
    12: 'doce',
    13: 'trece',
    14: 'catorce',
    15: 'quince',
    16: 'dieciséis',
    17: 'diecisiete',
    18: 'dieciocho',
    19: 'diecinueve',
    20: 'veinte',
    21: 'veintiuno',
    22: 'veintidós',
    23: 'veintitrés',
    24: 'veinticuatro',
    25: 'veinticinco',
    26: 'veintiséis',
    27: 'veintisiete',
    28: 'veintiocho',
    29: 'veintinueve',
    30: 'treinta',
    40: 'cuarenta',
    50: 'cincuenta',
    60: 'sesenta',
    70: 'setenta',
    80: 'ochenta',
    90: 'noventa',
    100: 'cien',
    200: 'doscientos',
    300: 'trescientos',
    400: 'cuatrocientos',
    500: 'quinientos',
    600: 'seiscientos',
    700: 'setecientos',
    800: 'ochocientos',
    900: 'novecientos',
    ciento: 'ciento',
    mil: 'mil',
    un: 'un',
    veintiun: 'veintiún',
    y: 'y',
  },
  cardinal(value) {
    assertCardinal(value)
    if (value === 0) return ['0']
    const thousands = Math.floor(value / 1000)
    return [
      ...(thousands > 1 ? belowThousand(thousands, true) : []),
      ...(thousands > 0 ? ['mil'] : []),
      ...belowThousand(value % 1000, false),
    ]
  },
  durations: {
    una: 'una',
    veintiuna: 'veintiuna',
    hour: 'hora',
    hours: 'horas',
    minute: 'minuto',
    minutes: 'minutos',
    second: 'segundo',
    seconds: 'segundos',
  },
  duration(seconds) {
    const parts = durationParts(seconds)
    return parts.flatMap(([count, unit], index) => [
      ...(index > 0 && index === parts.length - 1 ? ['numbers/y'] : []),
      ...counted(count, unit),
      `durations/${unit}${count === 1 ? '' : 's'}`,
    ])
  },
}

/** A number below 100 before what it counts: minutes and seconds are masculine, hours feminine. */
function counted(count: number, unit: DurationUnit): string[] {
  if (count === 0) return ['numbers/0']
  const pieces = belowHundred(count, true).map((piece) => `numbers/${piece}`)
  return unit === 'hour' ? pieces.map((piece) => feminine[piece] ?? piece) : pieces
}

const feminine: Readonly<Record<string, string>> = {
  'numbers/un': 'durations/una',
  'numbers/veintiun': 'durations/veintiuna',
}

function belowThousand(value: number, beforeNoun: boolean): string[] {
  if (value === 100) return ['100']
  const rest = value % 100
  const hundreds = value - rest
  return [
    ...(hundreds > 0 ? [hundreds === 100 ? 'ciento' : String(hundreds)] : []),
    ...belowHundred(rest, beforeNoun),
  ]
}

function belowHundred(value: number, beforeNoun: boolean): string[] {
  if (value === 0) return []
  if (beforeNoun && value === 1) return ['un']
  if (beforeNoun && value === 21) return ['veintiun']
  if (value < 30) return [String(value)]
  const unit = value % 10
  return [String(value - unit), ...(unit > 0 ? ['y', ...belowHundred(unit, beforeNoun)] : [])]
}
