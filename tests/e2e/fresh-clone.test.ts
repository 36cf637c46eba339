/**
 * What a newcomer does: a clone in an empty folder, an empty npm cache, the machine's own Node; `npm start`, a call,
 * Ctrl-C; `npm test`. The clone has what is committed.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callerHangsUp } from '../sipp-harness/scenarios.ts'
import { runSipp } from '../sipp-harness/sipp.ts'
import { describeWith } from '../support/describe-with.ts'
import { plainEnvironment } from '../support/machine.ts'
import { finish } from '../support/process.ts'
import { root, startServer } from '../support/server.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

const INSTALL_MS = 240_000

describeWith(['sipp'], 'a fresh clone', () => {
  let folder: TempFolder
  let clone: string
  let env: Readonly<Record<string, string | undefined>>

  beforeAll(async () => {
    folder = await tempFolder('clone')
    clone = join(folder.path, 'switchroom')
    env = { ...plainEnvironment, npm_config_cache: join(folder.path, 'npm-cache') }
    const { code, output } = await finish('git', ['clone', '--quiet', root, clone])
    if (code !== 0) throw new Error(`the clone failed: ${output}`)
  })

  afterAll(() => folder.remove())

  it(
    'answers a call after `npm start`, and leaves at SIGTERM',
    async () => {
      const server = await startServer({
        command: ['npm', 'start', '--'],
        cwd: clone,
        env,
        readyMs: INSTALL_MS,
      })
      try {
        expect(server.output).toMatch(/^Installing packages from the lock file \.\.\.$/m)
        const result = await runSipp(callerHangsUp({ talkMs: 500 }), {
          target: server.sip,
          user: '100',
          calls: 2,
          timeoutMs: 20_000,
        })
        expect(result).toMatchObject({ successful: 2, failed: 0, errors: '' })
      } finally {
        await server.stop()
      }
      expect(server.output).toMatch(/^stopped$/m)
    },
    INSTALL_MS + 60_000,
  )

  it('installs nothing the second time', async () => {
    await using server = await startServer({ command: ['npm', 'start', '--'], cwd: clone, env })
    expect(server.output).not.toContain('Installing')
  })

  it('runs its tests, and ends with what came of them', async () => {
    const { code, output } = await finish('npm', ['test', '--', 'tests/unit/clock'], { cwd: clone, env })
    expect(output.trimEnd().split('\n').at(-1)).toMatch(/^[1-9]\d* passed, 0 failed, 0 skipped$/)
    expect(code).toBe(0)
    expect(existsSync(join(clone, 'node_modules/.package-lock.json'))).toBe(true)
  })

  it('runs the program without `npm start` too', async () => {
    const { code, output } = await finish('npx', ['switchroom', '--help'], { cwd: clone, env })
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^ {2}start /m) })
  })
})
