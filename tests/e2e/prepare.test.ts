/** What `npm start` does first, in a tree of its own: whether to install, who may, and what is said about Node. */
import { spawnSync } from 'node:child_process'
import { cp, mkdir, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { machineNode, machineNodeVersion, plainEnvironment } from '../support/machine.ts'
import { type Finished, finish, start } from '../support/process.ts'
import { root } from '../support/server.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

const oldNode = (await machineNodeVersion()) < 24 ? machineNode : undefined
const unlessOld = oldNode === undefined ? ' (skipped: the Node of this machine is not older than 24)' : ''

/** Stands for npm: writes what it was asked to do, takes a moment, and leaves what an install leaves. */
const FAKE_NPM = `#!/bin/sh
echo "$@" >> npm-calls
[ -e refuse ] && { echo 'npm error the registry is away' >&2; exit 1; }
sleep 0.3
mkdir -p node_modules/.bin
touch node_modules/.package-lock.json
`

describe('preparing a checkout', () => {
  let tree: TempFolder
  const at = (name: string): string => join(tree.path, name)
  const environment = (): Record<string, string | undefined> => ({
    ...plainEnvironment,
    PATH: [at('fake'), plainEnvironment['PATH']].join(delimiter),
  })
  const prepare = (node: string = process.execPath): Promise<Finished> =>
    finish(node, [at('scripts/prepare.mjs')], { env: environment() })
  const npmCalls = (): number =>
    spawnSync('cat', [at('npm-calls')], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean).length

  beforeEach(async () => {
    tree = await tempFolder('prepare')
    await mkdir(at('scripts'))
    await mkdir(at('fake'))
    await cp(join(root, 'scripts/prepare.mjs'), at('scripts/prepare.mjs'))
    await writeFile(at('package-lock.json'), '{}')
    await writeFile(at('fake/npm'), FAKE_NPM, { mode: 0o755 })
  })
  afterEach(() => tree.remove())

  it('installs once, and says so from the start', async () => {
    const first = await prepare()
    expect(first).toMatchObject({ code: 0 })
    expect(first.output.split('\n')[0]).toBe('Installing packages from the lock file ...')
    expect(await prepare()).toMatchObject({ code: 0, output: '' })
    expect(npmCalls()).toBe(1)
  })

  it('installs again when the lock file is newer', async () => {
    await prepare()
    const { mtimeMs } = await stat(at('node_modules/.package-lock.json'))
    const later = new Date(mtimeMs + 1_000)
    await utimes(at('package-lock.json'), later, later)
    expect((await prepare()).output).toContain('Installing')
  })

  it('lets two at once take turns, and installs once', async () => {
    const both = [start(process.execPath, [at('scripts/prepare.mjs')], { env: environment() })]
    await both[0]?.line(/Installing/)
    both.push(start(process.execPath, [at('scripts/prepare.mjs')], { env: environment() }))
    for (const one of both) expect(await one.ended).toEqual({ code: 0, signal: null })
    expect(npmCalls()).toBe(1)
    expect(both[1]?.output).toMatch(/^Waiting for process \d+, which is preparing this folder/)
  })

  it('takes the turn of a run that was killed', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    await mkdir(at('.cache'))
    await writeFile(at('.cache/prepare.pid'), String(pid))
    expect(await prepare()).toMatchObject({ code: 0 })
    expect(npmCalls()).toBe(1)
  })

  it('says what failed', async () => {
    await writeFile(at('refuse'), '')
    const { code, output } = await prepare()
    expect(code).toBe(1)
    expect(output).toContain('the registry is away')
    expect(output.trimEnd().split('\n').at(-1)).toBe(
      'Installing packages from the lock file failed: npm ended with exit code 1',
    )
  })

  it.skipIf(oldNode === undefined)(
    `tells in one line that Node is too old, where none comes along${unlessOld}`,
    async () => {
      await prepare()
      const { code, output } = await prepare(oldNode)
      expect(code).toBe(1)
      expect(output).toMatch(
        /^Switchroom needs Node 24 or newer; this is Node [\d.]+, and none comes with .*nodejs\.org\.$/,
      )
    },
  )

  it.skipIf(oldNode === undefined)(
    `is content with an old Node where one comes along${unlessOld}`,
    async () => {
      await prepare()
      await symlink(process.execPath, at('node_modules/.bin/node'))
      expect(await prepare(oldNode)).toMatchObject({ code: 0, output: '' })
    },
  )
})
