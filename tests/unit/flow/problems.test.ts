import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CenterNames } from '../../../src/flow/center-names.ts'
import { parseFlow } from '../../../src/flow/parse-flow.ts'
import { formatProblems, type ProblemCode, problemCodes } from '../../../src/flow/problems.ts'

const center: CenterNames = {
  queues: new Set(['billing', 'support']),
  skills: new Set(['billing', 'en']),
  calendars: new Set(['office']),
  mailboxes: new Set(['main']),
  music: new Set(['calm']),
  prompts: new Map([
    ['en', new Set(['welcome', 'menu', 'beep'])],
    ['es', new Set(['welcome', 'menu'])],
  ]),
  agents: new Set(['ana']),
}

const head = 'flow: main\nstart: a\nlanguages: [en]\n'
const variables = `${head}variables: { n: { type: number }, s: { type: string }, pin: { type: string, secret: true } }\n`
const bye = '  bye: { type: hangup }\n'
const use = '  z: { type: set, values: { n: "${n}", s: "${s}", pin: "${pin}" }, next: bye }\n'
const nodes = (text: string) => `${head}nodes:\n${text}${bye}`
const withVariables = (text: string) => `${variables}nodes:\n${text}${use}${bye}`
const condition = (when: string) =>
  withVariables(`  a:\n    type: switch\n    cases:\n      - { when: ${when}, next: z }\n    otherwise: z\n`)

/**
 * Broken flows. `>>` marks where the problem is told and is not part of the text. Each flow has this problem and
 * no other.
 */
const broken: readonly (readonly [ProblemCode, name: string, text: string])[] = [
  ['YAML_SYNTAX', 'an open bracket', 'flow: [main\n>>'],
  [
    'YAML_SYNTAX',
    'a * without quotes',
    nodes(
      '  a:\n    type: menu\n    prompt: { audio: menu }\n    choices:\n      >>*: bye\n    otherwise: bye\n',
    ),
  ],
  [
    'DUPLICATE_KEY',
    'a choice twice',
    nodes(
      '  a:\n    type: menu\n    prompt: { audio: menu }\n    choices: { "1": bye, >>1: bye }\n    otherwise: bye\n',
    ),
  ],
  [
    'DUPLICATE_KEY',
    'a node twice',
    nodes(`  a: { type: hangup }\n  >>a: { type: hangup }\n`).replace(bye, ''),
  ],
  ['UNKNOWN_KEY', 'a misspelt key', nodes('  a: { type: play, prompt: { audio: menu }, >>nxt: bye }\n')],
  [
    'UNKNOWN_KEY',
    'a key at the top',
    nodes('  a: { type: hangup }\n').replace('flow: main', 'flow: main\n>>begin: a').replace(bye, ''),
  ],
  [
    'UNKNOWN_KEY',
    'a choice that no telephone has',
    nodes(
      '  a:\n    type: menu\n    prompt: { audio: menu }\n    choices: { "1": bye, >>"11": bye }\n    otherwise: bye\n',
    ),
  ],
  ['MISSING_KEY', 'no prompt', nodes('  >>a: { type: play, next: bye }\n')],
  ['MISSING_KEY', 'no start', `>>flow: main\nlanguages: [en]\nnodes:\n${bye}`],
  ['MISSING_KEY', 'a set node that sets nothing', nodes('  >>a: { type: set, next: bye }\n')],
  [
    'MISSING_KEY',
    'a look-up without a value',
    nodes('  >>a: { type: customer, find: account, found: bye, none: bye }\n'),
  ],
  [
    'MISSING_KEY',
    'an empty piece of a prompt',
    nodes('  a: { type: play, prompt: [{ audio: menu }, >>{ language: en }], next: bye }\n'),
  ],
  [
    'WRONG_TYPE',
    'a number for a duration',
    nodes('  a: { type: queue, queue: billing, timeout: >>60, timedOut: bye }\n'),
  ],
  ['WRONG_TYPE', 'an empty node', nodes('  >>a:\n')],
  [
    'WRONG_TYPE',
    'text for a number variable',
    withVariables('  a: { type: set, values: { n: >>"3" }, next: z }\n'),
  ],
  [
    'WRONG_TYPE',
    'a default of another type',
    `${head}variables: { n: { type: number, default: >>1.5 } }\nnodes:\n  a: { type: set, values: { n: 1 }, next: bye }\n${bye}`,
  ],
  [
    'WRONG_TYPE',
    'digits into true or false',
    `${head}variables: { b: { type: boolean } }\nnodes:\n  a: { type: gather, prompt: { audio: menu }, variable: >>b, next: bye, otherwise: bye }\n${bye}`,
  ],
  [
    'WRONG_VALUE',
    'an unknown type of node',
    nodes('  a: { type: >>pley, prompt: { audio: menu }, next: bye }\n'),
  ],
  [
    'WRONG_VALUE',
    'too many attempts',
    nodes(
      '  a: { type: menu, prompt: { audio: menu }, choices: { "1": bye }, attempts: >>11, otherwise: bye }\n',
    ),
  ],
  [
    'WRONG_VALUE',
    'a duration of no kind',
    nodes('  a: { type: queue, queue: billing, timeout: >>5 min, timedOut: bye }\n'),
  ],
  [
    'WRONG_VALUE',
    'two pieces of a prompt in one',
    nodes('  a: { type: play, prompt: >>{ audio: menu, say: Hello }, next: bye }\n'),
  ],
  [
    'WRONG_VALUE',
    'a transfer to a tel URI',
    nodes('  a: { type: transfer, to: >>"tel:112" }\n').replace(bye, ''),
  ],
  [
    'WRONG_VALUE',
    'a variable that hides the call',
    `${head}variables: { >>call: { type: string } }\nnodes:\n  a: { type: hangup }\n`,
  ],
  [
    'WRONG_VALUE',
    'a file of another name',
    nodes('  a: { type: hangup }\n').replace('flow: main', 'flow: >>mian').replace(bye, ''),
  ],
  ['UNKNOWN_NODE', 'an exit', nodes('  a: { type: play, prompt: { audio: menu }, next: >>by }\n')],
  [
    'UNKNOWN_NODE',
    'the start',
    nodes('  b: { type: hangup }\n').replace('start: a', 'start: >>a').replace(bye, ''),
  ],
  [
    'UNKNOWN_NODE',
    'a choice',
    nodes(
      '  a: { type: menu, prompt: { audio: menu }, choices: { "1": bye, "2": >>buy }, otherwise: bye }\n',
    ),
  ],
  [
    'UNKNOWN_NODE',
    'a case',
    condition('n > 1').replace('next: z }\n    otherwise', 'next: >>y }\n    otherwise'),
  ],
  [
    'UNREACHABLE_NODE',
    'a node that nothing leads to',
    nodes('  a: { type: hangup }\n').replace('  bye:', '  >>bye:'),
  ],
  [
    'MISSING_EXIT',
    'a menu without otherwise',
    nodes('  >>a: { type: menu, prompt: { audio: menu }, choices: { "1": bye }, noInput: bye }\n'),
  ],
  [
    'MISSING_EXIT',
    'a time-out that leads nowhere',
    nodes('  >>a: { type: queue, queue: billing, timeout: 5m, next: bye }\n'),
  ],
  [
    'NEEDLESS_KEY',
    'an exit that is never taken',
    nodes('  a: { type: queue, queue: billing, >>timedOut: bye }\n'),
  ],
  [
    'BAD_LIMITS',
    'more digits at least than at most',
    withVariables(
      '  a: { type: gather, prompt: { audio: menu }, variable: s, minDigits: >>9, maxDigits: 4, next: z, otherwise: z }\n',
    ),
  ],
  [
    'BAD_PATTERN',
    'an open group',
    withVariables(
      '  a: { type: gather, prompt: { audio: menu }, variable: s, pattern: >>"(1", next: z, otherwise: z }\n',
    ),
  ],
  ['BAD_EXPRESSION', 'half an expression', condition('n +>>')],
  [
    'BAD_EXPRESSION',
    'an expression that never ends',
    nodes('  a: { type: play, prompt: { say: "Hello >>${call.from" }, next: bye }\n'),
  ],
  ['BAD_EXPRESSION', 'a condition in braces', condition('>>"${n > 1}"')],
  ['EXPRESSION_TYPE', 'text compared with a number', condition('>>s == 1')],
  ['EXPRESSION_TYPE', 'a condition that is a number', condition('>>n + 1')],
  [
    'EXPRESSION_TYPE',
    'a list where text is expected',
    nodes('  a: { type: play, prompt: { say: "${>>[1]}" }, next: bye }\n'),
  ],
  [
    'EXPRESSION_TYPE',
    'a priority that is text',
    nodes('  a: { type: queue, queue: billing, priority: "${>>call.to}", next: bye }\n'),
  ],
  [
    'UNKNOWN_VARIABLE',
    'in a text, behind an escaped quote',
    nodes('  a: { type: play, prompt: { say: "\\"Hi\\" ${>>nobody}" }, next: bye }\n'),
  ],
  ['UNKNOWN_VARIABLE', 'a field of the customer', condition('customer.name != "" && customer.>>ownr == s')],
  [
    'UNKNOWN_VARIABLE',
    'in a block of several lines',
    withVariables(
      '  a:\n    type: switch\n    cases:\n      - when: |\n          n > 1 ||\n            >>m > 2\n        next: z\n    otherwise: z\n',
    ),
  ],
  [
    'UNKNOWN_VARIABLE',
    'a value that is set',
    withVariables('  a: { type: set, values: { >>m: 1 }, next: z }\n'),
  ],
  [
    'UNKNOWN_VARIABLE',
    'the target of a gather',
    withVariables('  a: { type: gather, prompt: { audio: menu }, variable: >>t, next: z, otherwise: z }\n'),
  ],
  [
    'UNUSED_VARIABLE',
    'a variable that nothing uses',
    `${head}variables: { >>n: { type: number } }\nnodes:\n  a: { type: hangup }\n`,
  ],
  [
    'SECRET_EXPOSED',
    'a secret that is spoken',
    withVariables('  a: { type: play, prompt: { digits: "${>>pin}" }, next: z }\n'),
  ],
  [
    'SECRET_EXPOSED',
    'a secret copied in the open',
    withVariables('  a: { type: set, values: { s: "1${>>pin}" }, next: z }\n'),
  ],
  [
    'SECRET_EXPOSED',
    'a secret of a gather node',
    `${head}variables: { code: { type: string } }\nnodes:\n  a: { type: gather, prompt: { audio: menu }, variable: code, secret: true, next: b, otherwise: bye }\n  b: { type: customer, find: account, value: "\${>>code}", found: bye, none: bye }\n${bye}`,
  ],
  [
    'UNKNOWN_LANGUAGE',
    'a piece of a prompt',
    nodes('  a: { type: play, prompt: { audio: menu, language: >>es }, next: bye }\n'),
  ],
  [
    'UNKNOWN_LANGUAGE',
    'a text in a language too many',
    nodes('  a: { type: play, prompt: { say: { en: Hello, >>fr: Bonjour } }, next: bye }\n'),
  ],
  ['UNKNOWN_LANGUAGE', 'a language that is set', nodes('  a: { type: set, language: >>es, next: bye }\n')],
  [
    'MISSING_LANGUAGE',
    'a text in a language too few',
    nodes('  a: { type: play, prompt: { say: >>{ en: Hello } }, next: bye }\n').replace('[en]', '[en, es]'),
  ],
  [
    'MISSING_LANGUAGE',
    'one text for two languages',
    nodes('  a: { type: play, prompt: { say: >>Hello }, next: bye }\n').replace('[en]', '[en, es]'),
  ],
  [
    'ENDLESS_CYCLE',
    'nodes that never wait',
    withVariables(
      '  >>a: { type: set, values: { n: 1 }, next: b }\n  b: { type: switch, cases: [{ when: n > 1, next: z }], otherwise: a }\n',
    ),
  ],
  [
    'SILENT_CYCLE',
    'a menu that leads back to itself',
    nodes(
      '  >>a: { type: menu, prompt: { audio: menu }, choices: { "1": bye }, otherwise: b }\n  b: { type: play, prompt: { audio: welcome }, next: a }\n',
    ),
  ],
  ['UNKNOWN_QUEUE', 'a queue', nodes('  a: { type: queue, queue: >>biling, next: bye }\n')],
  [
    'UNKNOWN_SKILL',
    'a skill',
    nodes('  a: { type: queue, queue: billing, skills: { "${language}": 1, >>english: 2 }, next: bye }\n'),
  ],
  ['UNKNOWN_AGENT', 'an agent', nodes('  a: { type: queue, queue: billing, agent: >>anna, next: bye }\n')],
  [
    'UNKNOWN_CALENDAR',
    'a calendar',
    nodes('  a: { type: schedule, calendar: >>offic, open: bye, closed: bye }\n'),
  ],
  ['UNKNOWN_MAILBOX', 'a mailbox', nodes('  a: { type: voicemail, mailbox: >>mian, next: bye }\n')],
  ['UNKNOWN_MUSIC', 'music', nodes('  a: { type: queue, queue: billing, music: >>loud, next: bye }\n')],
  [
    'UNKNOWN_PROMPT',
    'an audio file',
    nodes('  a: { type: play, prompt: { audio: >>wellcome }, next: bye }\n'),
  ],
  [
    'UNKNOWN_PROMPT',
    'a beep in one of two languages',
    nodes('  a: >>{ type: voicemail, mailbox: main, next: bye }\n').replace('[en]', '[en, es]'),
  ],
]

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

it('whatever is done to a flow file, it is either sound or has an error inside the file', () => {
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
})
