import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFlow } from '../../../src/flow/parse-flow.ts'
import { formatProblems, problemCodes } from '../../../src/flow/problems.ts'
import { broken, center, head, nodes } from './broken-flows.ts'

/** The text without its mark, and the line and column where the mark was. */
function unmarked(text: string): { text: string; line: number; column: number } {
  const before = text.slice(0, text.indexOf('>>')).split('\n')
  return { text: text.replace('>>', ''), line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

describe('a broken flow is told of with its code and its place', () => {
  it.each(broken)('%s: %s', (code, _name, marked) => {
    const { text, line, column } = unmarked(marked)
    const { flow, problems } = parseFlow('ivr-flows/main.flow.yaml', text, center)
    expect(
      problems.map((problem) => [problem.code, problem.line, problem.column]),
      formatProblems(problems),
    ).toEqual([[code, line, column]])
    const [problem] = problems
    expect(problem?.message).toMatch(/\S/)
    expect(problem?.remedy).toMatch(/\S/)
    expect(flow === undefined).toBe(problem?.severity === 'error')
  })

  it('and every code has such a flow', () => {
    expect([...new Set(broken.map(([code]) => code))].toSorted()).toEqual(
      Object.keys(problemCodes).toSorted(),
    )
  })
})

describe('the problems of a flow', () => {
  it('are told all at once, in the order of the file, with what was probably meant', () => {
    const text = `flow: main
start: menue
languages: [en]
nodes:
  menu:
    type: menu
    promt: { audio: menu }
    choices: { "1": billing, "2": suport }
    otherwise: menu
  billing: { type: queue, queue: biling }
  support: { type: queue, queue: support, timeout: 5 }
`
    expect(formatProblems(parseFlow('main.flow.yaml', text, center).problems)).toBe(`\
main.flow.yaml:2:8: error UNKNOWN_NODE: there is no node "menue"
    Did you mean menu?
main.flow.yaml:7:5: error UNKNOWN_KEY: node menu has no key "promt"
    Did you mean prompt?
main.flow.yaml:10:34: error UNKNOWN_QUEUE: the center has no queue "biling"
    Did you mean billing?
main.flow.yaml:11:52: error WRONG_TYPE: node support, timeout is 5, expected a duration such as 500ms, 5s, 2m or 1h
    How long the caller waits at most; without it, for as long as it takes.
`)
  })

  it.each([
    '',
    'null',
    '3',
    '[]',
    '"x"',
    '{}',
    'a: &a [*a]',
    '{ *x }',
    '? [a]\n: b',
    '? { a: b }',
    'a: !!binary x',
    `a: ${'['.repeat(5000)}`,
    'a: '.repeat(3000),
  ])('are told of whatever the file holds: %#', (text) => {
    const { flow, problems } = parseFlow('x.flow.yaml', text)
    expect(flow).toBeUndefined()
    expect(problems.length).toBeGreaterThan(0)
  })
})

it.each([
  'call',
  'customer',
  'queue',
  'language',
  'true',
  'in',
  'int',
  'type',
  'google',
  'cel',
  'optional',
  'loop',
])('no variable may be called %s', (name) => {
  const text = `${head}variables: { ${name}: { type: string } }\nnodes:\n  a: { type: hangup }\n`
  expect(parseFlow('main', text).problems.map(({ code }) => code)).toContain('WRONG_VALUE')
})

it.each(['constructor', 'size', 'from', 'hasOwnProperty'])('a variable may be called %s', (name) => {
  const text = `${head}variables: { ${name}: { type: string } }\nnodes:\n  a: { type: set, values: { ${name}: "\${${name} + '1'}" }, next: a2 }\n  a2: { type: hangup }\n`
  expect(formatProblems(parseFlow('main', text).problems)).toBe('')
})

it('flows may be written as JSON', () => {
  const json = { flow: 'main', start: 'a', languages: ['en'], nodes: { a: { type: 'hangup' } } }
  expect(parseFlow('main.flow.yaml', JSON.stringify(json, null, 2)).flow?.start).toBe('a')
})

it('the hash is of the content', () => {
  const text = nodes('  a: { type: hangup }\n')
  expect(parseFlow('a', text).flow?.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(parseFlow('b', text).flow?.hash).toBe(parseFlow('a', text).flow?.hash)
  expect(parseFlow('a', `${text}\n`).flow?.hash).not.toBe(parseFlow('a', text).flow?.hash)
})

it('whatever is done to a flow file, it is either sound or has an error inside the file', {
  timeout: 60_000,
}, () => {
  const lines = readFileSync(join(import.meta.dirname, 'sample.flow.yaml'), 'utf8').split('\n')
  const change = fc.record({
    at: fc.nat(lines.length - 1),
    from: fc.nat(40),
    to: fc.nat(40),
    put: fc.constantFrom(
      '',
      '\n',
      '${',
      '}',
      '"',
      ': ',
      '- ',
      '*',
      '[',
      '{',
      '!',
      '&x ',
      '%',
      '|',
      '\t',
      '0x1',
      '~',
    ),
  })
  let broken = 0
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const mutated = [...lines]
      for (const { at, from, to, put } of changes) {
        const line = mutated[at] ?? ''
        mutated[at] = line.slice(0, from) + put + line.slice(Math.max(from, to))
      }
      const { flow, problems } = parseFlow('sample.flow.yaml', mutated.join('\n'), center)
      const errors = problems.filter(({ severity }) => severity === 'error')
      expect(flow === undefined).toBe(errors.length > 0)
      if (errors.length > 0) broken++
      for (const { line, column } of problems) {
        expect(line).toBeLessThanOrEqual(mutated.join('\n').split('\n').length)
        expect(column).toBeGreaterThan(0)
      }
    }),
    { numRuns: 300, seed: 1 },
  )
  expect(broken).toBeGreaterThan(150)
})

describe('sound flows have no problems', () => {
  const folders = [import.meta.dirname, join(import.meta.dirname, '../../../ivr-flows')]
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.flow.yaml'))
      .map((file) => join(folder, file)),
  )
  it.each(files)('%s', (file) => {
    expect(formatProblems(parseFlow(file, readFileSync(file, 'utf8')).problems)).toBe('')
  })

  it.each([
    [
      'that count their rounds',
      'a: { type: menu, prompt: { audio: menu }, choices: { "1": bye }, otherwise: b }\n  b: { type: set, values: { n: "${n + 1}" }, next: c }\n  c: { type: switch, cases: [{ when: n > 2, next: bye }], otherwise: a }\n',
    ],
    [
      'that comfort those who wait',
      'a: { type: queue, queue: billing, timeout: 1m, timedOut: b, next: bye }\n  b: { type: play, prompt: { audio: welcome }, next: a }\n',
    ],
    [
      'whose caller chooses to hear it again',
      'a: { type: menu, prompt: { audio: menu }, choices: { "*": a }, otherwise: bye }\n',
    ],
  ])('circles %s', (_what, text) => {
    const whole = `${head}${text.includes('n +') ? 'variables: { n: { type: number } }\n' : ''}nodes:\n  ${text}  bye: { type: hangup }\n`
    expect(formatProblems(parseFlow('main', whole, center).problems)).toBe('')
  })
})
