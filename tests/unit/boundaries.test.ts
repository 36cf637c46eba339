/**
 * The rules of the house catch what they are for: for each rule a violation is planted in a tree of its own, with
 * our configuration, and the tool must refuse it. And the checkout keeps what no tool can express.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, extname, join, relative, sep } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finish } from '../support/process.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'
import { allowedImports, bystanders, importPlants, lintPlants } from './boundaries.plants.ts'

const root = join(import.meta.dirname, '../..')
const LONGEST_FILE = 400
const NEEDS_REASON = 300
const VAGUE = ['utils', 'helpers', 'common', 'core', 'types', 'services']
/** Tables, generated files and protocol grammar may be long. */
const MAY_BE_LONG: readonly string[] = []

/** A tree with our configuration and the given files. */
async function planted(files: Readonly<Record<string, string>>): Promise<TempFolder> {
  const tree = await tempFolder('boundaries')
  for (const name of ['.oxlintrc.json', '.dependency-cruiser.json', 'tsconfig.json', 'package.json']) {
    await cp(join(root, name), join(tree.path, name))
  }
  await symlink(join(root, 'node_modules'), join(tree.path, 'node_modules'))
  for (const [name, content] of Object.entries({ ...bystanders, ...files })) {
    await mkdir(dirname(join(tree.path, name)), { recursive: true })
    await writeFile(join(tree.path, name), content)
  }
  return tree
}

describe('the linter', () => {
  let tree: TempFolder
  const found = new Map<string, string[]>()

  beforeAll(async () => {
    tree = await planted(Object.fromEntries(lintPlants.map(({ file, code }) => [file, code])))
    const command = join(root, 'node_modules/.bin/oxlint')
    const { output } = await finish(command, ['--format', 'json', 'src', 'tests'], { cwd: tree.path })
    for (const { filename, code } of (JSON.parse(output) as LintReport).diagnostics) {
      found.set(filename, [...(found.get(filename) ?? []), code])
    }
  })
  afterAll(() => tree.remove())

  it.each(lintPlants)('refuses $title', ({ file, rule }) => {
    expect(found.get(file) ?? []).toContainEqual(expect.stringContaining(`(${rule})`))
  })

  it('lets pass what is allowed', () => {
    expect(Object.keys(bystanders).flatMap((file) => found.get(file) ?? [])).toEqual([])
  })

  it('has a planted violation for each of our own rules', () => {
    const { rules } = readJson<{ rules: Record<string, unknown> }>('.oxlintrc.json')
    const names = Object.keys(rules).map((name) => name.split('/').at(-1))
    const plantedRules = new Set(lintPlants.map(({ rule }) => rule))
    expect(names.filter((name) => name === undefined || !plantedRules.has(name))).toEqual([])
  })
})

describe('the boundaries between folders', () => {
  let tree: TempFolder
  let violations: readonly Violation[]
  let modules: number

  beforeAll(async () => {
    const files = [...importPlants, ...allowedImports].map(({ file, code }) => [file, code] as const)
    tree = await planted(Object.fromEntries(files))
    const cruised = await cruise(tree.path)
    violations = cruised.summary.violations
    modules = cruised.summary.totalCruised
  })
  afterAll(() => tree.remove())

  it('sees the files at all', () => {
    expect(modules).toBeGreaterThan(importPlants.length)
  })

  it.each(importPlants)('refuse that $title', ({ file, rule }) => {
    const rules = violations
      .filter((violation) => concerns(violation, file))
      .map(({ rule: { name } }) => name)
    expect(rules).toContain(rule)
  })

  it.each(allowedImports)('allow that $title', ({ file }) => {
    expect(violations.filter(({ from }) => from === file)).toEqual([])
  })

  it('have a planted violation each', () => {
    const { forbidden } = readJson<{ forbidden: { name: string }[] }>('.dependency-cruiser.json')
    const plantedRules = new Set(importPlants.map(({ rule }) => rule))
    expect(forbidden.map(({ name }) => name).filter((name) => !plantedRules.has(name))).toEqual([])
  })

  it('are cruised in the checkout with every source file', async () => {
    const { summary } = await cruise(root)
    expect(summary.totalCruised).toBeGreaterThanOrEqual(sources.length)
  })
})

describe('the checkout', () => {
  it('has source files', () => expect(sources.length).toBeGreaterThan(50))

  it(`has no file longer than ${LONGEST_FILE} lines`, () => {
    const long = sources.filter(
      ({ path, lines }) => lines.length > LONGEST_FILE && !MAY_BE_LONG.includes(path),
    )
    expect(long.map(({ path, lines }) => `${path}: ${lines.length}`)).toEqual([])
  })

  it(`gives the reason in the header of a file longer than ${NEEDS_REASON} lines`, () => {
    const bare = sources.filter(({ lines }) => lines.length > NEEDS_REASON && !lines[0]?.startsWith('/**'))
    expect(bare.map(({ path, lines }) => `${path}: ${lines.length}`)).toEqual([])
  })

  it('has no folder whose name says nothing', () => {
    const folders = new Set(sources.flatMap(({ path }) => dirname(path).split(sep)))
    expect(VAGUE.filter((name) => folders.has(name))).toEqual([])
  })

  it('tells time only by a Clock', () => {
    expect(
      matches(/\bnew Date\(\s*\)|\bDate\(\s*\)/, (path) => !/^src\/(clock|desktop)\//.test(path)),
    ).toEqual([])
  })

  it('switches off no rule without saying why', () => {
    expect(
      matches(/@ts-(ignore|nocheck|expect-error)|biome-ignore|(eslint|oxlint)-disable(?!.* -- \w)/),
    ).toEqual([])
  })
})

interface LintReport {
  readonly diagnostics: readonly { readonly filename: string; readonly code: string }[]
}

interface Violation {
  readonly from: string
  readonly rule: { readonly name: string }
  readonly cycle?: readonly { readonly name: string }[]
}

/** A circle is reported once, from any of its files. */
function concerns({ from, cycle = [] }: Violation, file: string): boolean {
  return from === file || cycle.some(({ name }) => name === file)
}

interface CruiseReport {
  readonly summary: { readonly violations: readonly Violation[]; readonly totalCruised: number }
}

async function cruise(folder: string): Promise<CruiseReport> {
  const command = join(root, 'node_modules/.bin/depcruise')
  const args = ['src', '--config', '.dependency-cruiser.json', '--output-type', 'json']
  const { output } = await finish(command, args, { cwd: folder })
  return JSON.parse(output) as CruiseReport
}

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(root, name), 'utf8')) as T
}

const sources = filesBelow(join(root, 'src')).map((file) => ({
  path: relative(root, file),
  lines: readFileSync(file, 'utf8').trimEnd().split('\n'),
}))

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ['.ts', '.tsx'].includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
}

/** `path:line` of every line of the sources that fits. */
function matches(pattern: RegExp, wanted: (path: string) => boolean = () => true): string[] {
  return sources
    .filter(({ path }) => wanted(path))
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}`] : [])),
    )
}
