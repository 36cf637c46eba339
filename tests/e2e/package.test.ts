/** The package as it is published: packed, installed in an empty folder, started, called. */
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callerHangsUp } from '../sipp-harness/scenarios.ts'
import { runSipp } from '../sipp-harness/sipp.ts'
import { describeWith } from '../support/describe-with.ts'
import { machineNode, machineNodeVersion, plainEnvironment } from '../support/machine.ts'
import { finish } from '../support/process.ts'
import { root, startServer } from '../support/server.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

const INSTALL_MS = 240_000
const oldNode = (await machineNodeVersion()) < 24 ? machineNode : undefined
const unlessOld = oldNode === undefined ? ' (skipped: the Node of this machine is not older than 24)' : ''

describeWith(['sipp'], 'the packed package', () => {
  let folder: TempFolder
  let launcher: string

  beforeAll(async () => {
    folder = await tempFolder('package')
    await npm(['pack', '--silent', '--pack-destination', folder.path], root)
    const [tarball = ''] = (await readdir(folder.path)).filter((name) => name.endsWith('.tgz'))
    await writeFile(join(folder.path, 'package.json'), '{ "name": "empty", "private": true }\n')
    await npm(['install', '--no-audit', '--no-fund', '--loglevel=error', `./${tarball}`], folder.path)
    launcher = join(folder.path, 'node_modules/switchroom/bin/switchroom.js')
  }, INSTALL_MS)

  afterAll(() => folder.remove())

  it('brings no TypeScript of its own, which Node would refuse to run below node_modules', async () => {
    const files = await readdir(join(folder.path, 'node_modules/switchroom'), { recursive: true })
    expect(files.filter((name) => /\.tsx?$/.test(name) && !name.startsWith('node_modules'))).toEqual([])
  })

  it('lists its commands', async () => {
    const { code, output } = await finish(process.execPath, [launcher, '--help'], { cwd: folder.path })
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^ {2}start /m) })
  })

  it('answers a call under Node 24', () => answersCalls([process.execPath, launcher, 'start']))

  it.skipIf(oldNode === undefined)(`answers a call under the machine's older Node${unlessOld}`, () =>
    answersCalls([oldNode ?? '', launcher, 'start']),
  )

  async function answersCalls(command: readonly [string, ...string[]]): Promise<void> {
    const server = await startServer({ command, cwd: folder.path, env: plainEnvironment })
    try {
      const result = await runSipp(callerHangsUp({ talkMs: 500 }), {
        target: server.sip,
        user: '100',
        calls: 2,
        timeoutMs: 20_000,
      })
      expect(result).toMatchObject({ successful: 2, failed: 0, errors: '' })
    } finally {
      const ended = await server.stop()
      expect(ended).toEqual({ code: 0, signal: null })
    }
  }
})

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const { code, output } = await finish('npm', args, { cwd, timeoutMs: INSTALL_MS, env: plainEnvironment })
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}:\n${output.slice(-4_000)}`)
}
