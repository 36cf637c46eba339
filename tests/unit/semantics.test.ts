import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { rowNames } from './semantics-rows.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/semantics.md'), 'utf8')

interface Row {
  readonly name: string
  readonly does: string
  readonly verdict: string
  readonly reason: string
  readonly tests: string
}

/** The rows of each table, by the heading above it. */
const tables = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section): [string, Row[]] => {
      const [heading = '', ...lines] = section.split('\n')
      return [
        heading,
        lines
          .filter((line) => line.startsWith('| '))
          .slice(2)
          .map(rowOf),
      ]
    }),
)
const rows = [...tables.values()].flat()

function rowOf(line: string): Row {
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim())
  expect(cells, line).toHaveLength(7)
  const [, name = '', does = '', verdict = '', reason = '', tests = ''] = cells
  return { name, does, verdict, reason, tests }
}

describe('docs/semantics.md', () => {
  test('has every row of every system, each once, and no other', () => {
    expect([...tables.keys()]).toEqual(Object.keys(rowNames))
    for (const [heading, names] of Object.entries(rowNames)) {
      const expected = names.split(';').map((name) => name.trim().replaceAll(/\s+/g, ' '))
      expect(
        tables.get(heading)?.map(({ name }) => name),
        heading,
      ).toEqual(expected)
      expect(new Set(expected).size, heading).toBe(expected.length)
    }
  })

  test.each(rows)('says of $name what it does, and what became of it', ({ does, verdict, reason, tests }) => {
    expect(does).not.toBe('')
    expect(reason).not.toBe('')
    expect(['adopted', 'changed', 'refused', 'later']).toContain(verdict)
    const isProved = verdict === 'adopted' || verdict === 'changed'
    expect(tests !== '', 'only what is adopted or changed names tests').toBe(isProved)
    if (verdict === 'later') expect(reason).toMatch(/^Waits for /)
  })

  test.each(rows.filter(({ tests }) => tests !== ''))('names tests that exist: $name', ({ tests }) => {
    for (const named of tests.split('<br>')) {
      const [, file = '', name = ''] = /^`(tests\/[\w./-]+\.ts): "(.+)"`$/.exec(named) ?? []
      expect(file, `${named} is not written \`tests/file.test.ts: "name"\``).not.toBe('')
      expect(existsSync(join(root, file)), `${file} is not there`).toBe(true)
      expect(namesIn(file), `${file} has no such test`).toContain(name)
    }
  })
})

describe('the names of the tests in a file', () => {
  test('are those of tests and tables of them, without those that are skipped', () => {
    const source = `
      test('plain', () => {})
      it.each(['not a name'])('from a table: %s', () => {})
      it.each<[string]>([['nor this']])("typed", () => {})
      test.skipIf(never)('unless', () => {})
      it.each\`a | b\`('tagged', () => {})
      test.skip('not run', () => {})
      it.todo('not written')
      // test('gone', () => {})
      describe('not a test', () => {})
      expect('nor this')`
    expect(testNames(source)).toEqual(['plain', 'from a table: %s', 'typed', 'unless', 'tagged'])
  })

  test('are the keys of cases that a suite runs one by one', () => {
    const source =
      "const made: Cases = list.map((x) => [`made for ${x}`, run])\nexport const all: Cases = { 'a case': async () => { f({ 'no case': 1 }) } }"
    expect(caseNames(source)).toEqual(['made for ${x}', 'a case'])
  })
})

const known = new Map<string, readonly string[]>()

/** Of a suite for several backends the cases are the tests. */
function namesIn(file: string): readonly string[] {
  const before = known.get(file)
  if (before) return before
  const source = readFileSync(join(root, file), 'utf8')
  const names = file.startsWith('tests/conformance/telephony/') ? caseNames(source) : testNames(source)
  known.set(file, names)
  return names
}

/** As they are written: with `%s` and `${...}` where a table fills something in. */
function testNames(source: string): string[] {
  return collect(source, (node) =>
    ts.isCallExpression(node) && isTest(node.expression) ? textOf(node.arguments[0]) : undefined,
  )
}

function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'test' || callee.text === 'it'
  if (ts.isPropertyAccessExpression(callee)) {
    // `each` and `skipIf` are tests once they are called: the name comes with the next call.
    const { text } = callee.name
    return (
      text !== 'skip' && text !== 'todo' && text !== 'each' && text !== 'skipIf' && isTest(callee.expression)
    )
  }
  const maker = ts.isTaggedTemplateExpression(callee)
    ? callee.tag
    : ts.isCallExpression(callee)
      ? callee.expression
      : undefined
  if (!maker || !ts.isPropertyAccessExpression(maker)) return false
  return ['each', 'skipIf', 'runIf'].includes(maker.name.text) && isTest(maker.expression)
}

function caseNames(source: string): string[] {
  return collect(source, (node) => {
    if (ts.isPropertyAssignment(node) && isFunction(node.initializer)) return textOf(node.name)
    return ts.isArrayLiteralExpression(node) && node.elements.length === 2
      ? textOf(node.elements[0])
      : undefined
  })
}

function isFunction(node: ts.Node): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node)
}

function textOf(node: ts.Node | undefined): string | undefined {
  if (!node) return undefined
  if (ts.isStringLiteralLike(node)) return node.text
  return ts.isTemplateExpression(node) ? node.getText().slice(1, -1) : undefined
}

function collect(source: string, find: (node: ts.Node) => string | undefined): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const name = find(node)
    if (name !== undefined) found.push(name)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('a.test.ts', source, ts.ScriptTarget.Latest, true))
  return found
}
