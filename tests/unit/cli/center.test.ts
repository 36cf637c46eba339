import { cp, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { centerCheck } from '../../../src/cli/center-check.ts'
import { rulesText } from '../../../src/cli/center-show.ts'
import type { Command } from '../../../src/cli/command.ts'
import { demoCenter } from '../../../src/config/load-settings.ts'
import { tempFolder } from '../../support/temp-folder.ts'

afterEach(() => vi.restoreAllMocks())

async function run(command: Command, ...args: string[]): Promise<{ code: number; said: string }> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const code = await command.run(args)
  return { code, said: write.mock.calls.map(([text]) => String(text)).join('') }
}

/** A copy of the demo center, with a text of a file replaced. */
async function centerWith(file: string, before: string, after: string): Promise<string> {
  const { path, remove } = await tempFolder('center')
  onTestFinished(remove)
  for (const part of ['config', 'ivr-flows'])
    await cp(join(demoCenter, part), join(path, part), { recursive: true })
  await symlink(join(demoCenter, 'media'), join(path, 'media'))
  const text = await readFile(join(path, file), 'utf8')
  if (!text.includes(before)) throw new Error(`${file} has no ${before}`)
  await writeFile(join(path, file), text.replace(before, after))
  return path
}

describe('switchroom center check', () => {
  it('has nothing to say of the demo center, nor of a new one', async () => {
    const demo = await run(centerCheck, demoCenter)
    expect(demo).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^4 queues, 2 teams, \d+ flows, 0 errors, 0 warnings\n$/),
    })
  })

  it('tells a fault with its place, its code and a remedy, and ends with 1', async () => {
    const folder = await centerWith('config/queues.yaml', '{ billing: 1 }', '"billing and biling:3"')
    const { code, said } = await run(centerCheck, folder)
    expect(code).toBe(1)
    expect(said).toMatch(
      /config\/queues\.yaml:9:27: error UNKNOWN_SKILL: there is no skill biling in skills\.yaml\n {4}Did you mean billing\?\nflows not looked at, 1 error, 0 warnings\n$/,
    )
  })

  it('looks into flows and the number plan as well', async () => {
    const folder = await centerWith('config/numbers.yaml', 'flow: status', 'flow: statsu')
    const { code, said } = await run(centerCheck, folder, '--format', 'json')
    expect(code).toBe(1)
    expect(JSON.parse(said)).toMatchObject({
      errors: 1,
      warnings: 0,
      findings: [{ code: 'UNKNOWN_FLOW', severity: 'error', file: expect.stringContaining('numbers.yaml') }],
    })
  })

  it('ends with 0 when there are only warnings', async () => {
    const folder = await centerWith('config/teams.yaml', 'agents: [alice, carol]', 'agents: [alice, carla]')
    const { code, said } = await run(centerCheck, folder)
    expect(code).toBe(0)
    expect(said).toContain('warning UNKNOWN_AGENT: there is no agent carla')
  })

  it('is used with one folder, and two formats', async () => {
    await expect(centerCheck.run(['one', 'two'])).rejects.toMatchObject({ code: 'USAGE' })
    await expect(centerCheck.run(['--format', 'xml'])).rejects.toMatchObject({ code: 'USAGE' })
  })
})

describe('switchroom center show', () => {
  it('names members by preference, and how long somebody can be overtaken', () => {
    const member = (id: string, preference: number, delayMs: number) => ({
      agent: { id, name: id.toUpperCase() },
      preference,
      delayMs,
    })
    const priorities = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    const text = rulesText({
      hash: '0123456789abcdef',
      source: 'published',
      since: Date.UTC(2026, 10, 23, 4, 20, 11),
      by: 'ada',
      drift: ['queues.yaml'],
      queues: [
        {
          id: 'billing',
          name: 'Billing',
          strategy: 'longest-idle',
          strictClass: 5,
          members: [member('ana', 1, 0), member('luis', 1, 0), member('mei', 2, 30_000)],
          bounds: priorities.map((priority) => ({ priority, laterMs: priority === 1 ? 0 : 300_000 })),
        },
        {
          id: 'spare',
          name: 'Spare',
          strategy: 'ring-all',
          strictClass: 7,
          members: [],
          bounds: priorities.map((priority) => ({ priority })),
        },
      ],
      teams: [{ id: 'night', name: 'Night desk', agents: [{ id: 'ana', name: 'ANA' }] }],
    })
    expect(text).toBe(`version 0123456789ab, in force since 2026-11-23 04:20:11 UTC, by ada
The files say otherwise in queues.yaml: \`switchroom center publish\` takes them over.

queue billing: Billing; longest-idle
  members: ana, luis
  members 2 after 30s: mei
  overtaken: priority 1 by nobody who comes later; 2-10 by those who come up to 5m later

queue spare: Spare; ring-all, strict class 7
  members: nobody
  overtaken without bound: nobody serves this queue before all others

team night: Night desk
  ana
`)
  })
})
