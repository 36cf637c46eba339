/** Small files that break one rule each, and some that break none. They are only ever written to a tree of their own. */

export interface Plant {
  readonly title: string
  /** Where it is planted. */
  readonly file: string
  readonly code: string
  /** The rule that must refuse it, without the name of its plugin. */
  readonly rule: string
}

/** Files that others import, and that are beyond reproach. */
export const bystanders: Readonly<Record<string, string>> = {
  'src/call/word.ts': 'export type Word = string\n',
  'src/audio/sound.ts': 'export const rate = 8000\n',
  'src/clock/now.ts': 'export function now(): number {\n  return Date.now()\n}\n',
  'src/config/environment.ts': 'export const shell = process.env["SHELL"]\n',
  'src/errors.ts': 'export const code = 1\n',
  'src/app.ts': 'export const app = 1\n',
  'src/main.ts': 'export const main = 1\n',
  'src/acd/engine.ts': 'export const engine = 1\n',
  'src/flow/interpreter.ts': 'export const interpreter = 1\n',
  'src/runtime/center.ts': 'export const center = 1\n',
  'src/database/rows.ts': 'export const rows = 1\n',
  'src/crm/customers.ts': 'export const customers = 1\n',
  'src/telephony/telephony.ts': 'export interface Telephony {\n  stop(): Promise<void>\n}\n',
  'src/telephony/embedded/adapter.ts': 'export const embedded = 1\n',
  'src/telephony/simulated/adapter.ts': 'export const simulated = 1\n',
  'src/state/memory/adapter.ts': 'export const memory = 1\n',
  'src/api/contract/schemas.ts':
    'export interface Schema {\n  readonly id: string\n}\nexport const schema = 1\n',
  'src/api/server.ts': 'export const server = 1\n',
  'src/crm/types-b.ts': "import type { A } from './types-a.ts'\nexport interface B {\n  readonly a?: A\n}\n",
  'src/crm/circle-b.ts': "import { a } from './circle-a.ts'\nexport const b = (): number => a()\n",
  'src/runtime/utils/pad.ts': 'export const pad = 1\n',
}

const lint = (title: string, file: string, rule: string, code: string): Plant => ({
  title,
  file: `src/${file}.ts`,
  rule,
  code: `${code}\n`,
})

export const lintPlants: readonly Plant[] = [
  lint('setTimeout', 'runtime/timeout', 'no-restricted-globals', 'setTimeout(() => 1, 1)'),
  lint('setInterval', 'api/interval', 'no-restricted-globals', 'setInterval(() => 1, 1)'),
  lint('setImmediate', 'database/immediate', 'no-restricted-globals', 'setImmediate(() => 1)'),
  lint('performance', 'runtime/performance', 'no-restricted-globals', 'export const t = performance.now()'),
  lint(
    'globalThis.setTimeout',
    'runtime/global-dot',
    'no-restricted-globals',
    'globalThis.setTimeout(() => 1, 1)',
  ),
  lint(
    "globalThis['setTimeout']",
    'runtime/global-key',
    'no-restricted-globals',
    "globalThis['setTimeout'](() => 1, 1)",
  ),
  lint('global.setTimeout', 'runtime/global-node', 'no-restricted-globals', 'global.setTimeout(() => 1, 1)'),
  lint('Date.now', 'runtime/date-now', 'no-restricted-properties', 'export const t = Date.now()'),
  lint("Date['now']", 'runtime/date-key', 'no-restricted-properties', "export const t = Date['now']()"),
  lint(
    'a destructured Date.now',
    'runtime/date-taken',
    'no-restricted-properties',
    'export const { now } = Date',
  ),
  lint('Date.now in config', 'config/date-now', 'no-restricted-properties', 'export const t = Date.now()'),
  lint(
    'process.hrtime',
    'runtime/hrtime',
    'no-restricted-properties',
    'export const t = process.hrtime.bigint()',
  ),
  lint('process.env', 'runtime/env', 'no-restricted-properties', "export const e = process.env['HOME']"),
  lint(
    'process.env in clock',
    'clock/env',
    'no-restricted-properties',
    "export const e = process.env['HOME']",
  ),
  lint(
    'a destructured process.env',
    'speech/env',
    'no-restricted-properties',
    'export const { env } = process',
  ),
  lint(
    'env from node:process',
    'api/env',
    'no-restricted-imports',
    "import { env } from 'node:process'\nexport const e = env",
  ),
  lint(
    'env from process',
    'crm/env',
    'no-restricted-imports',
    "import { env } from 'process'\nexport const e = env",
  ),
  lint(
    'node:timers',
    'runtime/node-timers',
    'no-restricted-imports',
    "import { setTimeout as t } from 'node:timers'\nt(() => 1, 1)",
  ),
  lint(
    'timers',
    'runtime/timers',
    'no-restricted-imports',
    "import { setTimeout as t } from 'timers'\nt(() => 1, 1)",
  ),
  lint(
    'node:timers/promises',
    'runtime/promises',
    'no-restricted-imports',
    "import { setTimeout as t } from 'node:timers/promises'\nawait t(1)",
  ),
  lint(
    'node:perf_hooks',
    'runtime/perf',
    'no-restricted-imports',
    "import { performance as p } from 'node:perf_hooks'\nexport const t = p.now()",
  ),
  lint(
    'timers in config',
    'config/timers',
    'no-restricted-imports',
    "import { setTimeout as t } from 'node:timers'\nt(() => 1, 1)",
  ),
  lint('Date in the routing engine', 'acd/date', 'no-restricted-globals', 'export const d = new Date()'),
  lint('Date in the flow language', 'flow/date', 'no-restricted-globals', 'export const d = new Date()'),
  lint('Date in the vocabulary', 'call/date', 'no-restricted-globals', 'export const d = new Date()'),
  lint(
    'chance in the routing engine',
    'acd/random',
    'no-restricted-properties',
    'export const r = Math.random()',
  ),
  lint('the console in the flow language', 'flow/console', 'no-restricted-globals', "console.log('x')"),
  lint(
    'a microtask in the routing engine',
    'acd/microtask',
    'no-restricted-globals',
    'queueMicrotask(() => 1)',
  ),
  lint(
    'the network in the flow language',
    'flow/fetch',
    'no-restricted-globals',
    "void fetch('http://127.0.0.1/')",
  ),
  lint(
    'the process in the routing engine',
    'acd/process',
    'no-restricted-globals',
    'export const p = process.pid',
  ),
  lint('any', 'runtime/any', 'no-explicit-any', 'export const a = (x: any): number => x as number'),
  lint('a non-null !', 'runtime/bang', 'no-non-null-assertion', 'export const a = [1].at(0)!'),
  lint('a promise that nobody owns', 'runtime/floating', 'no-floating-promises', 'Promise.resolve(1)'),
  lint(
    'a promise where none is expected',
    'runtime/misused',
    'no-misused-promises',
    'export const a = [1].forEach(async () => { await Promise.resolve() })',
  ),
  lint(
    'a type imported as a value',
    'runtime/type',
    'consistent-type-imports',
    "import { Word } from '../call/word.ts'\nexport const w: Word = 'x'",
  ),
  lint(
    'a type check switched off',
    'runtime/ignore',
    'ban-ts-comment',
    '// @ts-ignore\nexport const a: number = 1',
  ),
  lint('a swallowed error', 'runtime/empty', 'no-empty', "try {\n  JSON.parse('')\n} catch {}"),
  lint('a file longer than 400 lines', 'runtime/long', 'max-lines', 'export {}\n'.repeat(401)),
  lint(
    'a circle of imports',
    'runtime/circle-a',
    'no-cycle',
    "import { b } from './circle-b.ts'\nexport const a = (): number => b()",
  ),
  lint(
    'a circle of types',
    'runtime/circle-b',
    'no-cycle',
    "import type { a } from './circle-a.ts'\nexport const b = (f?: typeof a): number => f?.() ?? 1",
  ),
]

const importing = (title: string, file: string, rule: string, code: string): Plant => ({
  title,
  file: `src/${file}`,
  rule,
  code: `${code}\n`,
})

export const importPlants: readonly Plant[] = [
  importing(
    'two files import each other',
    'crm/circle-a.ts',
    'no-cycles',
    "import { b } from './circle-b.ts'\nexport const a = (): number => b()",
  ),
  importing(
    'they do so by types',
    'crm/types-a.ts',
    'no-cycles',
    "import type { B } from './types-b.ts'\nexport interface A {\n  readonly b?: B\n}",
  ),
  importing(
    'a folder is called utils',
    'runtime/vague.ts',
    'no-vague-folders',
    "export { pad } from './utils/pad.ts'",
  ),
  importing(
    'call imports a package',
    'call/package.ts',
    'call-imports-nothing',
    "export { parse } from 'yaml'",
  ),
  importing('call imports Node', 'call/node.ts', 'call-imports-nothing', "export { join } from 'node:path'"),
  importing(
    'call imports the errors',
    'call/errors.ts',
    'call-imports-nothing',
    "export { code } from '../errors.ts'",
  ),
  importing(
    'clock imports something of ours',
    'clock/errors.ts',
    'clock-imports-nothing-of-ours',
    "export { code } from '../errors.ts'",
  ),
  importing(
    'audio imports something of ours',
    'audio/clock.ts',
    'audio-imports-nothing-of-ours-but-errors',
    "export { now } from '../clock/now.ts'",
  ),
  importing(
    'audio takes a type from who uses it',
    'audio/telephony.ts',
    'audio-imports-nothing-of-ours-but-errors',
    "export type { Telephony } from '../telephony/telephony.ts'",
  ),
  importing('acd imports a package', 'acd/package.ts', 'acd-is-pure', "export { parse } from 'yaml'"),
  importing('acd imports Node', 'acd/node.ts', 'acd-is-pure', "export { randomUUID } from 'node:crypto'"),
  importing('acd imports the clock', 'acd/clock.ts', 'acd-is-pure', "export { now } from '../clock/now.ts'"),
  importing(
    'acd imports the flow language',
    'acd/flow.ts',
    'acd-is-pure',
    "export { interpreter } from '../flow/interpreter.ts'",
  ),
  importing(
    'acd imports on demand',
    'acd/demand.ts',
    'acd-is-pure',
    "export const load = (): Promise<unknown> => import('node:fs')",
  ),
  importing(
    'acd takes a type from the runtime',
    'acd/type.ts',
    'acd-is-pure',
    "export type C = typeof import('../runtime/center.ts')",
  ),
  importing(
    'the simulator imports the clock',
    'simulation/clock.ts',
    'simulation-plays-the-engine-alone',
    "export { now } from '../clock/now.ts'",
  ),
  importing(
    'flow imports a package beside its edge',
    'flow/package.ts',
    'flow-is-pure',
    "export { parse } from 'yaml'",
  ),
  importing(
    'flow imports Node',
    'flow/nodes/node.ts',
    'flow-is-pure',
    "export { readFileSync } from 'node:fs'",
  ),
  importing(
    'the edge of flow reaches the database',
    'flow/read-yaml.ts',
    'flow-edge-stays-in-flow',
    "export { rows } from '../database/rows.ts'",
  ),
  importing(
    'the runtime names an adapter',
    'runtime/adapter.ts',
    'runtime-imports-contracts',
    "export { embedded } from '../telephony/embedded/adapter.ts'",
  ),
  importing(
    'the runtime imports the API',
    'runtime/api.ts',
    'runtime-imports-contracts',
    "export { server } from '../api/server.ts'",
  ),
  importing(
    'an adapter imports another one',
    'telephony/embedded/other.ts',
    'adapters-apart',
    "export { simulated } from '../simulated/adapter.ts'",
  ),
  importing(
    'one home of the state imports the other',
    'state/redis/other.ts',
    'adapters-apart',
    "export { memory } from '../memory/adapter.ts'",
  ),
  importing(
    'an adapter imports the routing engine',
    'telephony/embedded/acd.ts',
    'adapters-know-only-their-contract',
    "export { engine } from '../../acd/engine.ts'",
  ),
  importing(
    'an adapter imports the runtime',
    'telephony/simulated/runtime.ts',
    'adapters-know-only-their-contract',
    "export { center } from '../../runtime/center.ts'",
  ),
  importing(
    'the API names an adapter',
    'api/adapter.ts',
    'only-the-root-names-adapters',
    "export { embedded } from '../telephony/embedded/adapter.ts'",
  ),
  importing(
    'the desk imports the runtime',
    'desktop/runtime.ts',
    'desktop-knows-only-the-contract',
    "export { center } from '../runtime/center.ts'",
  ),
  importing(
    'the desk imports the API beside its contract',
    'desktop/server.ts',
    'desktop-knows-only-the-contract',
    "export { server } from '../api/server.ts'",
  ),
  importing(
    'the desk takes a value from the contract',
    'desktop/value.ts',
    'desktop-takes-only-types',
    "export { schema } from '../api/contract/schemas.ts'",
  ),
  importing(
    'somebody imports the composition root',
    'api/root.ts',
    'nothing-imports-the-root',
    "export { app } from '../app.ts'",
  ),
  importing(
    'somebody but clock has timers',
    'crm/timers.ts',
    'only-clock-has-timers',
    "export { setTimeout } from 'node:timers/promises'",
  ),
]

export const allowedImports: readonly Omit<Plant, 'rule'>[] = [
  importing('acd speaks the vocabulary', 'acd/words.ts', '', "export type { Word } from '../call/word.ts'"),
  importing('the edge of flow reads YAML', 'flow/compile-expression.ts', '', "export { parse } from 'yaml'"),
  importing(
    'the runtime imports a contract',
    'runtime/contract.ts',
    '',
    "export type { Telephony } from '../telephony/telephony.ts'",
  ),
  importing(
    'an adapter imports its contract',
    'telephony/embedded/contract.ts',
    '',
    "export type { Telephony } from '../telephony.ts'",
  ),
  importing(
    'the desk takes types from the contract',
    'desktop/types.ts',
    '',
    "export type { Schema } from '../api/contract/schemas.ts'",
  ),
  importing(
    'audio refuses a file and reads another',
    'audio/file.ts',
    '',
    "export { readFile } from 'node:fs/promises'\nexport { code } from '../errors.ts'\nexport { rate } from './sound.ts'",
  ),
  importing(
    'a command opens the app',
    'cli/start.ts',
    '',
    "export { app } from '../app.ts'\nexport { embedded } from '../telephony/embedded/adapter.ts'",
  ),
]
