import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { centerSchemas } from './center-schema.ts'
import { ruleFiles } from './rule-files.ts'
import { readText } from './yaml-file.ts'

export type CenterFileName = keyof typeof centerSchemas

/** File of `config/` -> what stands in it; files that the center does not have are left out. */
export type CenterTexts = Readonly<Partial<Record<CenterFileName, string>>>

/** A center without these is one without demo data, trunks or teams. */
const optional: readonly string[] = ['demo.yaml', 'trunks.yaml', 'teams.yaml']

/** Files that there are not are left out. @throws SwitchroomError CENTER_INVALID for one that cannot be read */
export async function readTexts(folder: string): Promise<CenterTexts> {
  const names = Object.keys(centerSchemas) as CenterFileName[]
  const texts = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, 'config', name)
      return existsSync(file) ? [[name, await readText(file, 'CENTER_INVALID')] as const] : []
    }),
  )
  return Object.fromEntries(texts.flat())
}

/** Whether every center must have this file, and this one does not. */
export function isMissing(texts: CenterTexts, name: CenterFileName): boolean {
  return texts[name] === undefined && !optional.includes(name)
}

/** Of these texts those that are published. */
export function ruleTexts(texts: CenterTexts): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ruleFiles.flatMap((name) => {
      const text = texts[name]
      return text === undefined ? [] : [[name, text]]
    }),
  )
}

/** These texts with published ones in place of their own. */
export function withRules(texts: CenterTexts, rules: CenterTexts): CenterTexts {
  const others = Object.entries(texts).filter(([name]) => !ruleFiles.some((rule) => rule === name))
  return { ...Object.fromEntries(others), ...ruleTexts(rules) }
}

/** Names a version of the published files: SHA-256 of their names and texts, hex. */
export function ruleHash(texts: CenterTexts): string {
  const hash = createHash('sha256')
  for (const name of ruleFiles) {
    const text = texts[name]
    if (text !== undefined) hash.update(`${name}\0${Buffer.byteLength(text)}\0${text}`)
  }
  return hash.digest('hex')
}

/** The published files in which two versions differ. */
export function changedFiles(one: CenterTexts, other: CenterTexts): readonly string[] {
  return ruleFiles.filter((name) => one[name] !== other[name])
}

/** A file as people are told of it: from where they stand, if it lies below. */
export function shownFile(folder: string, name: string): string {
  const file = join(folder, 'config', name)
  const fromHere = relative(process.cwd(), file)
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? file : fromHere
}
