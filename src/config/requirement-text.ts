import { ANYONE, allOf, anyOf, NOBODY, type Requirement } from '../acd/requirement.ts'

/** A skill or a team that a requirement names, and where in the text. */
export interface Mention {
  readonly kind: 'skill' | 'team'
  readonly name: string
  /** Of the first character in the text, from 0. */
  readonly index: number
}

export type ParsedRequirement =
  | { readonly requirement: Requirement; readonly mentions: readonly Mention[] }
  | { readonly fault: RequirementFault }

/** Why a text is no requirement. */
export interface RequirementFault {
  /** Where in the text, from 0; its length where something is missing at the end. */
  readonly index: number
  /** What was found and what was expected. */
  readonly message: string
  readonly remedy: string
}

const words: readonly string[] = ['and', 'or', 'not', 'team', 'anyone', 'nobody']

/** Words that stand where a skill may stand, and that no skill can be called therefore. */
export const reservedWords: readonly string[] = [...words, 'named', 'peers']

const NAME = /^[a-z][a-z0-9-]{0,39}$/

/**
 * Reads a requirement: `billing:3 and (en or es:5) and not team:trainees`.
 *
 *     either  = both { "or" both }
 *     both    = single { "and" single }
 *     single  = "not" single | "(" either ")" | "anyone" | "nobody" | "team" ":" name | skill [ ":" level ]
 *
 * A skill without a level is asked for at level 1. Names are not looked up: `mentions` has them for whoever knows
 * what there is.
 */
export function parseRequirement(text: string): ParsedRequirement {
  try {
    const parser = new Parser(text)
    return { requirement: parser.whole(), mentions: parser.mentions }
  } catch (thrown) {
    if (thrown instanceof Unreadable) return { fault: thrown.fault }
    throw thrown
  }
}

class Unreadable extends Error {
  readonly fault: RequirementFault

  constructor(index: number, message: string, remedy: string) {
    super(message)
    this.fault = { index, message, remedy }
  }
}

interface Token {
  readonly text: string
  readonly index: number
}

class Parser {
  readonly mentions: Mention[] = []
  readonly #end: Token
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(text: string) {
    this.#end = { text: '', index: text.length }
    this.#tokens = [...text.matchAll(/[A-Za-z0-9_-]+|\S/g)].map(({ 0: word, index }) => ({
      text: word,
      index,
    }))
  }

  whole(): Requirement {
    if (this.#tokens.length === 0) {
      throw new Unreadable(
        0,
        'an empty requirement',
        'Write skills, for example billing:3 and en; or anyone.',
      )
    }
    const requirement = this.#either()
    const { text, index } = this.#next
    if (text === ')') throw new Unreadable(index, 'a ) without its (', 'Remove it, or put the ( before.')
    if (text !== '') throw this.#unexpected('and, or, or the end')
    return requirement
  }

  #either(): Requirement {
    return anyOf(this.#list('or', () => this.#both()))
  }

  #both(): Requirement {
    return allOf(this.#list('and', () => this.#single()))
  }

  #list(word: string, read: () => Requirement): Requirement[] {
    const parts = [read()]
    while (this.#skip(word)) parts.push(read())
    return parts
  }

  #single(): Requirement {
    if (this.#skip('not')) return { not: this.#single() }
    const opening = this.#next
    if (this.#skip('(')) {
      const inside = this.#either()
      if (this.#skip(')')) return inside
      if (this.#next.text !== '') throw this.#unexpected('and, or, or )')
      throw new Unreadable(opening.index, 'this ( is never closed', 'Put a ) where it ends.')
    }
    if (this.#skip('anyone')) return ANYONE
    if (this.#skip('nobody')) return NOBODY
    if (this.#skip('team')) {
      if (!this.#skip(':')) throw this.#unexpected('a colon and the name of a team')
      return { team: this.#name('team', 'the name of a team') }
    }
    const skill = this.#name('skill', 'a skill, team:name, not, anyone or (')
    return { skill, atLeast: this.#skip(':') ? this.#level() : 1 }
  }

  #name(kind: Mention['kind'], expected: string): string {
    const { text, index } = this.#next
    if (!NAME.test(text) || words.includes(text)) throw this.#unexpected(expected)
    this.#at++
    this.mentions.push({ kind, name: text, index })
    return text
  }

  #level(): number {
    const { text } = this.#next
    const level = /^[0-9]{1,2}$/.test(text) ? Number(text) : 0
    if (level < 1 || level > 10) throw this.#unexpected('a level from 1 to 10')
    this.#at++
    return level
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? this.#end
  }

  #skip(word: string): boolean {
    if (this.#next.text !== word) return false
    this.#at++
    return true
  }

  #unexpected(expected: string): Unreadable {
    const { text, index } = this.#next
    const before = this.#tokens[this.#at - 1]?.text
    const found = text === '' ? 'the end' : `"${text}"`
    const after = before === undefined ? '' : ` after "${before}"`
    return new Unreadable(index, `found ${found}${after}, expected ${expected}`, remedyFor(text))
  }
}

const remedies: Readonly<Record<string, string>> = {
  '&': 'Write and.',
  ',': 'Write and, or or, between two skills.',
  '|': 'Write or.',
  '!': 'Write not.',
  '>': 'Write billing:3 for level 3 or better.',
  '=': 'Write billing:3 for level 3 or better.',
  '<': 'Write not billing:3 for less than level 3, or no such skill at all.',
  '"': 'Names need no quotes.',
}

function remedyFor(found: string): string {
  const lower = found.toLowerCase()
  if (lower !== found && words.includes(lower)) return `Write ${lower}: words and names are lower case.`
  return remedies[found] ?? 'For example billing:3 and (en or es:5) and not team:trainees.'
}
