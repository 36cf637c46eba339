/** What a server does that cannot start: one message, exit code 1, and nothing that stays open. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { copyTestDatabase } from '../support/database.ts'
import { freePort } from '../support/ports.ts'
import { type Finished, finish } from '../support/process.ts'
import { root, startServer } from '../support/server.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

let folder: TempFolder
let dataDir: string

beforeAll(async () => {
  folder = await tempFolder('startup')
  dataDir = join(folder.path, 'data')
  await mkdir(dataDir)
  await copyTestDatabase(join(dataDir, 'database'))
})
afterAll(async () => {
  await folder.remove()
})

/** Starts the server on free ports and waits for it to give up. */
async function startInVain(
  set: Readonly<Record<string, string | number>>,
  args: readonly string[] = [],
): Promise<Finished> {
  const settings = { 'http.port': 0, 'sip.port': 0, 'data.dir': dataDir, ...set }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  return finish(process.execPath, [join(root, 'src/main.ts'), ...flags, ...args], {
    cwd: folder.path,
    timeoutMs: 30_000,
  })
}

function expectOneMessage({ code, output }: Finished, message: RegExp, exit = 1): void {
  expect(output).toMatch(message)
  expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
  expect(code).toBe(exit)
}

/** A center that begins as a copy of the demo's. */
async function centerWith(change: (center: string) => Promise<void>): Promise<string> {
  const { path: center, remove } = await tempFolder('center')
  onTestFinished(remove)
  for (const part of ['config', 'ivr-flows', 'media']) {
    await cp(join(root, part), join(center, part), { recursive: true })
  }
  await change(center)
  return center
}

describe('a server that cannot start', () => {
  test('http.port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    expectOneMessage(
      await startInVain({ 'http.port': port }),
      /http\.port is \d+, .*\n.*\n {2}\(PORT_TAKEN\)/,
    )
    other.close()
  })

  test('sip.port is taken, over UDP', async () => {
    const other = createSocket('udp4').bind(0, '127.0.0.1')
    await once(other, 'listening')
    const result = await startInVain({ 'sip.port': other.address().port })
    expectOneMessage(result, /sip\.port \d+ on 127\.0\.0\.1 .*\n.*\n {2}\(PORT_TAKEN\)/)
    other.close()
  })

  test('sip.port is taken, over TCP', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    expectOneMessage(await startInVain({ 'sip.port': port }), /sip\.port \d+ .*\n.*\n {2}\(PORT_TAKEN\)/)
    other.close()
  })

  test.each(['http.host', 'sip.host'])('%s is open to others while demo passwords exist', async (setting) => {
    expectOneMessage(
      await startInVain({ [setting]: '0.0.0.0' }),
      new RegExp(`${setting.replace('.', '\\.')} is 0\\.0\\.0\\.0, .*\\n.*\\n {2}\\(DEMO_PASSWORDS\\)`),
    )
  })

  test('sip.host is no address of this machine', async () => {
    await using bare = await tempFolder('no-demo')
    const { path } = bare
    await copyTestDatabase(join(path, 'database'))
    const result = await startInVain({ 'sip.host': '192.0.2.1', 'demo.enabled': 'false', 'data.dir': path })
    expectOneMessage(result, /sip\.host 192\.0\.2\.1.*\n.*\n {2}\(ADDRESS_UNAVAILABLE\)/)
  })

  test.each([
    ['a setting that there is none of', { 'http.prot': 1 }, /there is no setting http\.prot/],
    ['a value that cannot be', { 'http.port': 'eighty' }, /found "eighty", expected a number/],
    [
      'ports that cross',
      { 'rtp.minPort': 3000, 'rtp.maxPort': 2000 },
      /rtp\.minPort: found 3000, expected less/,
    ],
    ['a log file that cannot be', { 'log.file': '/nowhere/at/all.log' }, /log\.file: .*cannot be written/],
  ])('%s', async (_, set, message) => {
    const result = await startInVain(set as Record<string, string | number>)
    expectOneMessage(result, message)
    expect(result.output).toContain('(SETTING_INVALID)')
  })

  test('a flag that there is none of is the wrong usage', async () => {
    expectOneMessage(await startInVain({}, ['--prot', '1']), /--prot[^]*\(USAGE\)/, 2)
  })

  test('a center folder that is not there', async () => {
    const result = await startInVain({}, ['--center', join(folder.path, 'none')])
    expectOneMessage(result, /none: is not a center folder.*\n.*\n {2}\(CENTER_MISSING\)/)
  })

  test('a PostgreSQL that is not there', async () => {
    const result = await startInVain({ 'database.url': `postgres://me@127.0.0.1:${await freePort()}/x` })
    expectOneMessage(result, /cannot be used: connect ECONNREFUSED.*\n.*\n {2}\(DATABASE_UNAVAILABLE\)/)
  })

  test('a data folder that cannot be one', async () => {
    const file = join(folder.path, 'file')
    await writeFile(file, '')
    const result = await startInVain({ 'data.dir': join(file, 'data') })
    expectOneMessage(result, /data folder .* cannot be used: .*\n.*\n {2}\(DATA_FOLDER_UNUSABLE\)/)
  })

  test('a data folder that another server has', async () => {
    await using server = await startServer({ dataDir })
    const result = await startInVain({})
    expectOneMessage(result, /is open in process \d+.*\n.*\n {2}\(DATA_FOLDER_BUSY\)/)
    expect(result.output).toContain(String(server.pid))
  })

  test.each([
    [
      'settings.yaml is not YAML',
      'config/settings.yaml',
      'http: [\n',
      /settings\.yaml:\d+:\d+ .*\n.*\n {2}\(SETTINGS_UNREADABLE\)/,
    ],
    [
      'queues.yaml has faults',
      'config/queues.yaml',
      'queues:\n  billing:\n    name: Billing\n    members: { billing: 1 }\n    offerTime: soon\n',
      /queues\.yaml:5:5 queues\.billing\.offerTime: found "soon", expected for example 20s\n/,
    ],
    [
      'hours end before they begin',
      'config/calendars.yaml',
      'calendars:\n  always: { name: a, open: always }\n  never: { name: n, open: never }\n  office:\n    name: o\n    open:\n      monday: 22:00-06:00\n',
      /calendars\.yaml:7:7 22:00-06:00 ends before it begins/,
    ],
    [
      'a disposition names a queue that is not there',
      'config/dispositions.yaml',
      'dispositions:\n  sold:\n    name: Sold\n    queues: [sails]\n',
      /dispositions\.yaml:4:14 there is no queue sails in queues\.yaml/,
    ],
    [
      'a number has no flow',
      'config/numbers.yaml',
      'numbers:\n  "100":\n    name: Main\n    flow: mian\n',
      /numbers\.yaml:4:5 there is no flow mian/,
    ],
    [
      'a flow is broken',
      'ivr-flows/main.flow.yaml',
      'flow: main\nstart: a\nlanguages: [en]\nnodes:\n  a: { type: plya }\n',
      /main\.flow\.yaml:5:\d+: error [^]*\(FLOW_INVALID\)/,
    ],
  ])('%s', async (_, file, text, message) => {
    const center = await centerWith((path) => writeFile(join(path, file), text))
    expectOneMessage(await startInVain({}, ['--center', center]), message)
  })

  test('a center without flows', async () => {
    const center = await centerWith((path) => rm(join(path, 'ivr-flows'), { recursive: true }))
    expectOneMessage(
      await startInVain({}, ['--center', center]),
      /ivr-flows: cannot be read.*\n.*\n {2}\(CENTER_MISSING\)/,
    )
  })
})

describe('a server that is told to stop', () => {
  test('drains and ends with 0; its folder is free again', async () => {
    const server = await startServer({ dataDir })
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    await using next = await startServer({ dataDir })
    expect(next.output).toContain('ready in')
  })

  test('ends at once when it is told again, by whichever signal', async () => {
    const server = await startServer({ dataDir })
    process.kill(server.pid, 'SIGTERM')
    process.kill(server.pid, 'SIGINT')
    expect(await server.ended).toEqual({ code: 130, signal: null })
  })
})
