import { parseArgs } from 'node:util'
import { messageOf, SwitchroomError } from '../errors.ts'

/** Options that every command of this kind takes, for its `--help`. */
export const commonUsage = `  --center <folder>   the center (default: the demo center)
  --set name=value    a setting; data.dir names the data folder`

const commonOptions = {
  center: { type: 'string' },
  set: { type: 'string', multiple: true },
} as const

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

export interface Arguments {
  readonly values: Values
  readonly positionals: readonly string[]
}

/**
 * Reads arguments and flags.
 * @throws SwitchroomError USAGE
 */
export function readArguments(
  args: readonly string[],
  options: Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }>>,
  usage: string,
): Arguments {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { ...commonOptions, ...options } })
  } catch (thrown) {
    throw new SwitchroomError('USAGE', messageOf(thrown), { remedy: usage, cause: thrown })
  }
}

/** The one argument of a command. @throws SwitchroomError USAGE */
export function onlyArgument({ positionals }: Arguments, what: string, usage: string): string {
  const [first, ...others] = positionals
  if (first !== undefined && others.length === 0) return first
  const found = positionals.length === 0 ? 'none' : positionals.join(' ')
  throw new SwitchroomError('USAGE', `expected one ${what}, found ${found}`, { remedy: usage })
}

/** The value of a flag that takes text. */
export function textOf(value: Values[string]): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The values of a flag that may be given several times. */
export function textsOf(value: Values[string]): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
