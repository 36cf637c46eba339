/**
 * The README, run as it is written: every command of its code blocks, in order, in a fresh clone, on the ports that
 * it names. A command that nobody here knows how to judge is a failure.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainEnvironment } from '../support/machine.ts'
import { finish, type RunningProgram, start } from '../support/process.ts'
import { root } from '../support/server.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

const readme = await readFile(join(root, 'README.md'), 'utf8')
const blocks = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language,
  text: text ?? '',
}))
const commands = blocks
  .filter(({ language }) => language === '')
  .flatMap(({ text }) => text.trim().split('\n'))

const taken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
const busy = (await taken(8080)) || (await taken(5060))

describe.skipIf(busy)(
  `the README as written${busy ? ' (skipped: port 8080 or 5060 is in use here)' : ''}`,
  () => {
    let folder: TempFolder
    let cwd: string
    let env: Readonly<Record<string, string | undefined>>
    let server: RunningProgram

    const run = (command: string): RunningProgram =>
      start('/bin/sh', ['-c', `exec ${command}`], { cwd, env, group: true })
    const complete = async (command: string): Promise<string> => {
      const { code, output } = await finish('/bin/sh', ['-c', command], { cwd, env, timeoutMs: 120_000 })
      expect({ command, code, output }).toMatchObject({ code: 0 })
      return output
    }

    /** Runs a command on a terminal, and types the same answer at each prompt. @returns what the terminal showed */
    const typed = async (command: string, prompts: readonly RegExp[], answer: string): Promise<string> => {
      const terminal = spawn('script', ['-qfec', command, '/dev/null'], {
        cwd,
        env: { ...process.env, ...env },
      })
      const waiting = [...prompts]
      let shown = ''
      terminal.stdout.on('data', (chunk: Buffer) => {
        shown += chunk.toString()
        if (!waiting[0]?.test(shown)) return
        waiting.shift()
        terminal.stdin.write(`${answer}\r`)
      })
      const [code] = await once(terminal, 'close', { signal: AbortSignal.timeout(60_000) })
      expect({ code, shown }).toMatchObject({ code: 0 })
      return shown
    }

    /** What each command has to do. */
    const judges: Record<string, (command: string) => Promise<void>> = {
      'npm start': async (command) => {
        server = run(command)
        await server.line(/^ready in /, 240_000)
      },
      'npm test': async () => {
        expect(await readFile(join(root, '.ci/run'), 'utf8')).toMatch(/^timeout \d+ npm test /m)
      },
      'npx switchroom phone agent alice --available': async (command) => {
        const agent = run(command)
        await agent.line(/now available/, 30_000)
        agents.push(agent)
      },
      'npx switchroom phone call 100 --press 1 --record heard.wav': async (command) => {
        const caller = run(command)
        for (const step of [/answered/, /sound/, /pressed 1/, /Agent answered/])
          await caller.line(step, 60_000)
        await caller.stop()
        expect((await stat(join(cwd, 'heard.wav'))).size).toBeGreaterThan(50_000)
      },
      'npx switchroom phone call 100 --press 1 --from +12025550142': async (command) => {
        await agents[0]?.line(/now available|wrap-up/, 60_000)
        const caller = run(command)
        await caller.line(/Agent answered/, 60_000)
        await agents[0]?.line(/Harbour Dental Group/, 10_000)
        await caller.stop()
      },
      'npx switchroom flow check': async (command) => {
        const flow = blocks.find(({ language }) => language === 'yaml')?.text ?? ''
        await writeFile(join(cwd, 'ivr-flows/hello.flow.yaml'), flow)
        const [, entry] = /`("120": \{.*?\})`/.exec(readme) ?? []
        await appendFile(join(cwd, 'config/numbers.yaml'), `  ${entry}\n`)
        expect(await complete(command)).toContain('3 flows, 0 errors, 0 warnings')
      },
      'npx switchroom init my-center': async (command) => {
        await complete(command)
        expect(existsSync(join(cwd, 'my-center/config/queues.yaml'))).toBe(true)
      },
      'npx switchroom user add ada --role admin --name "Ada Lovelace" --center my-center': async (
        command,
      ) => {
        expect(await typed(command, [/New password: $/, /Once more: $/], 'a long password')).toContain(
          'ada can sign in now',
        )
      },
      'npx switchroom start --center my-center': async (command) => {
        for (const agent of agents) await agent.stop()
        await server.stop(60_000)
        server = run(command)
        await server.line(/^ready in /, 60_000)
        const body = JSON.stringify({ username: 'ada', password: 'a long password' })
        const headers = { 'content-type': 'application/json' }
        const response = await fetch('http://127.0.0.1:8080/v1/session', { method: 'POST', headers, body })
        expect(response.status).toBe(201)
      },
    }
    const agents: RunningProgram[] = []

    beforeAll(async () => {
      folder = await tempFolder('readme')
      cwd = join(folder.path, 'switchroom')
      env = { ...plainEnvironment, npm_config_cache: join(folder.path, 'npm-cache') }
      await finish('git', ['clone', '--quiet', root, cwd])
    })

    afterAll(async () => {
      for (const agent of agents) await agent.stop()
      await server?.stop(60_000)
      await folder.remove()
    })

    it.each(commands)('%s', { timeout: 300_000 }, async (command) => {
      const judge = judges[command]
      if (!judge) throw new Error(`nobody here knows what "${command}" should do`)
      await judge(command)
    })

    it('links only to files that are there', async () => {
      for (const [, target = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
        expect(existsSync(join(root, target)), target).toBe(true)
      }
    })
  },
)
