import { en } from './en.ts'
import { es } from './es.ts'
import type { SpokenNumbers } from './spoken-numbers.ts'

const languages: Readonly<Record<string, SpokenNumbers>> = { en, es }

/** By language tag; `es-MX` is read as `es`. Undefined for a language that has no pieces. */
export function spokenNumbers(language: string): SpokenNumbers | undefined {
  return languages[language.split('-')[0] ?? '']
}

/** Name of the piece for a key (`*` cannot be the name of a file); undefined for anything that is not a key. */
export function digitPiece(digit: string): string | undefined {
  return /^[0-9]$/.test(digit) ? digit : { '*': 'star', '#': 'pound', '+': 'plus' }[digit]
}
