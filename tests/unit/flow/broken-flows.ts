import type { CenterNames } from '../../../src/flow/center-names.ts'
import type { ProblemCode } from '../../../src/flow/problems.ts'

/** The center that the flows below are checked against. */
export const center: CenterNames = {
  queues: new Set(['billing', 'support']),
  skills: new Set(['billing', 'en']),
  calendars: new Set(['office']),
  mailboxes: new Set(['main']),
  music: new Set(['calm']),
  prompts: new Map([
    ['en', new Set(['welcome', 'menu', 'beep'])],
    ['es', new Set(['welcome', 'menu'])],
  ]),
  isRouted: (number) => number.startsWith('+1'),
  agents: new Set(['ana']),
}

export const head = 'flow: main\nstart: a\nlanguages: [en]\n'
const variables = `${head}variables: { n: { type: number }, s: { type: string }, pin: { type: string, secret: true } }\n`
const bye = '  bye: { type: hangup }\n'
const use = '  z: { type: set, values: { n: "${n}", s: "${s}", pin: "${pin}" }, next: bye }\n'
export const nodes = (text: string) => `${head}nodes:\n${text}${bye}`
const withVariables = (text: string) => `${variables}nodes:\n${text}${use}${bye}`
const condition = (when: string) =>
  withVariables(`  a:\n    type: switch\n    cases:\n      - { when: ${when}, next: z }\n    otherwise: z\n`)

/**
 * Broken flows. `>>` marks where the problem is told and is not part of the text. Each flow has this problem and
 * no other.
 */
export const broken: readonly (readonly [ProblemCode, name: string, text: string])[] = [
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
    'an offer above a wait that is never known',
    nodes(
      '  a:\n    type: queue\n    queue: billing\n    announce: { position: { prompt: { audio: menu } } }\n    callback: { key: "2", >>above: 3m, offer: { audio: menu }, confirm: { audio: menu }, ask: { audio: menu } }\n    next: bye\n',
    ),
  ],
  [
    'NEEDLESS_KEY',
    'an offer that is never said',
    nodes(
      '  a:\n    type: queue\n    queue: billing\n    callback: { key: "2", >>offer: { audio: menu }, confirm: { audio: menu }, ask: { audio: menu } }\n    next: bye\n',
    ),
  ],
  [
    'WRONG_VALUE',
    'a key for the call back that leaves the queue',
    nodes(
      '  a:\n    type: queue\n    queue: billing\n    keys: { "2": bye }\n    callback: { key: >>"2", confirm: { audio: menu }, ask: { audio: menu } }\n',
    ),
  ],
  [
    'MISSING_KEY',
    'announcements that say nothing',
    nodes('  a: { type: queue, queue: billing, >>announce: { every: 1m }, next: bye }\n'),
  ],
  [
    'BAD_LIMITS',
    'comfort without end',
    nodes(
      '  a: { type: queue, queue: billing, comfort: { every: >>3s, prompts: [{ audio: menu }] }, next: bye }\n',
    ),
  ],
  [
    'BAD_LIMITS',
    'more digits of a number at least than at most',
    nodes(
      '  a: { type: queue, queue: billing, next: bye, callback: { key: "2", confirm: { audio: menu }, ask: { audio: menu }, minDigits: >>9, maxDigits: 8 } }\n',
    ),
  ],
  [
    'UNKNOWN_PROMPT',
    'a comfort message',
    nodes(
      '  a: { type: queue, queue: billing, comfort: { prompts: [{ audio: menu }, [{ audio: >>menue }]] }, next: bye }\n',
    ),
  ],
  [
    'UNKNOWN_PROMPT',
    'an announcement',
    nodes(
      '  a: { type: queue, queue: billing, announce: { wait: { prompt: { audio: menu }, longer: { audio: >>menue } } }, next: bye }\n',
    ),
  ],
  [
    'UNKNOWN_VARIABLE',
    'a field of the queue',
    nodes(
      '  a: { type: queue, queue: billing, announce: { position: { prompt: { number: "${queue.>>place}" } } }, next: bye }\n',
    ),
  ],
  [
    'WRONG_VALUE',
    'a piece of a nested prompt',
    nodes(
      '  a: { type: queue, queue: billing, announce: { position: { prompt: [{ audio: menu }, >>{ audio: menu, digits: 1 }] } }, next: bye }\n',
    ),
  ],
  [
    'ENDLESS_CYCLE',
    'queues that send callers to each other',
    nodes(
      '  >>a: { type: queue, queue: billing, closed: b }\n  b: { type: queue, queue: support, tooMany: a, next: bye }\n',
    ),
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
    'a list inside a text',
    nodes('  a: { type: play, prompt: { say: "Hello ${call.from} ${>>[1]}" }, next: bye }\n'),
  ],
  [
    'WRONG_VALUE',
    'a language twice',
    nodes('  a: { type: play, prompt: { audio: menu }, next: bye }\n').replace('[en]', '>>[en, en]'),
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
  [
    'UNKNOWN_VARIABLE',
    'in a text in single quotes, behind two of them',
    nodes("  a: { type: play, prompt: { say: 'It''s${>>nobody}' }, next: bye }\n"),
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
  [
    'UNKNOWN_ROUTE',
    'a number without a route',
    nodes('  a: { type: transfer, to: >>"+442079460018", next: bye }\n'),
  ],
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
