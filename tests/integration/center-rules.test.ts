/**
 * Rules of queues that are replaced while people wait: on the real server, from the command to the engine, with
 * simulated telephony and time.
 */
import { cp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { centerHistory } from '../../src/cli/center-history.ts'
import { centerPublish } from '../../src/cli/center-publish.ts'
import { centerRollback } from '../../src/cli/center-rollback.ts'
import { centerShow } from '../../src/cli/center-show.ts'
import type { Command } from '../../src/cli/command.ts'
import { demoCenter } from '../../src/config/load-settings.ts'
import { answersAfter, ringsOn } from '../../src/telephony/simulated/behaviours.ts'
import { SimulatedCenter } from '../support/simulated-center.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

let folder: TempFolder
let center: SimulatedCenter

beforeEach(async () => {
  folder = await tempFolder('rules')
  await cp(join(demoCenter, 'config'), join(folder.path, 'config'), { recursive: true })
  await cp(join(demoCenter, 'ivr-flows'), join(folder.path, 'ivr-flows'), { recursive: true })
  await symlink(join(demoCenter, 'media'), join(folder.path, 'media'))
  center = await SimulatedCenter.open([], { center: folder.path })
}, 60_000)

afterEach(async () => {
  vi.restoreAllMocks()
  await center.close()
  await folder.remove()
}, 60_000)

/** Writes a file of the center anew, with changes. */
async function edit(
  file: string,
  ...changes: readonly (readonly [string | RegExp, string])[]
): Promise<void> {
  const path = join(folder.path, 'config', file)
  let text = await readFile(path, 'utf8')
  for (const [found, instead] of changes) {
    const changed = text.replace(found, instead)
    if (changed === text) throw new Error(`${file} has no ${found}`)
    text = changed
  }
  await writeFile(path, text)
}

/** Runs a command as its user would, and gives what it has said. */
async function run(command: Command, ...args: string[]): Promise<string> {
  let said = ''
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  try {
    const code = await command.run([
      ...args,
      '--center',
      folder.path,
      '--set',
      `data.dir=${center.dataFolder}`,
    ])
    expect(code).toBe(0)
  } finally {
    out.mockRestore()
  }
  return said
}

/** Callers who press 3 wait for sales. */
async function waitForSales(callers: number, from?: string): Promise<string[]> {
  const { floor } = center.app.center
  const before = new Set(floor.contacts().map(({ id }) => id))
  const added = () => floor.contacts().filter(({ id }) => !before.has(id))
  const parties = Array.from({ length: callers }, () => center.call('100', from))
  await center.until('the menu', () => {
    return added().length === callers && added().every(({ node }) => node === 'menu')
  })
  for (const party of parties) party.press('3')
  await center.until('the queue', () => added().every(({ state }) => state !== 'ivr'))
  return added().map(({ id }) => id)
}

const places = () =>
  Object.fromEntries(
    center.app.center.floor
      .contacts()
      .flatMap(({ id }) => center.app.center.acd.engine.contact(id) ?? [])
      .map(({ contact, queue, joinedAt, position }) => [contact, { queue, joinedAt, position }]),
  )

/** Sales is served by carol and dave from now on, and key customers overtake by ten minutes. */
const OTHER_SALES = [
  [
    '  sales:\n    name: Sales\n    members: { sales: 1 }',
    '  sales:\n    name: Sales\n    members: team:closers',
  ],
  [/(wrapUp: 20s\n.*\n.*\n.*\n {4}headStart: \{ 1: )5m/, '$110m'],
] as const
const CLOSERS = ['teams:\n', 'teams:\n  closers: { name: Closers, agents: [carol] }\n'] as const

async function withoutSales(): Promise<void> {
  await edit('queues.yaml', [/ {2}sales:\n(.*\n)+?\n/, ''])
  await edit('dispositions.yaml', [/.*queues: \[sales\].*\n/g, ''])
}

describe('publishing', () => {
  test('50 callers wait: none loses place or time, and the new rules decide the next offer', async () => {
    const waiting = await waitForSales(50)
    const before = places()
    expect(Object.keys(before)).toHaveLength(50)
    expect(waiting.map((id) => before[id]?.position)).toEqual(waiting.map((_, at) => at + 1))

    await edit('queues.yaml', ...OTHER_SALES)
    await edit('teams.yaml', CLOSERS)
    expect(await run(centerShow)).toMatch(
      /from the files; nothing was published yet\nThe files say otherwise in teams.yaml, queues.yaml/,
    )
    expect(await run(centerPublish)).toMatch(/^version [0-9a-f]{12}, in force since .* UTC, by operator\n$/)
    expect(places()).toEqual(before)

    // Dave has sales, and was a member by the old rules.
    center.available({ dave: answersAfter(100) })
    center.clock.advance(1000)
    expect(center.app.center.floor.agent('dave')?.slot).toBe('free')
    center.available({ carol: answersAfter(100) })
    const { pop } = await center.event('offer.made')
    expect(pop).toMatchObject({ agent: 'carol', contact: waiting[0] })

    // A key customer who comes now has the head start of the new rules: before all who have come within ten minutes.
    await center.event('contact.connected')
    const [key] = await waitForSales(1, '+12025550142')
    expect(center.app.center.acd.engine.contact(key ?? '')).toMatchObject({ position: 1 })
    expect(await run(centerShow)).toContain('members: carol\n')
  }, 60_000)

  test('whoever is being rung or talks is left in peace', async () => {
    center.available({ alice: answersAfter(100), dave: answersAfter(8000) })
    const [first = '', second = ''] = await waitForSales(2)
    await center.event('contact.connected', ({ agent }) => agent === 'alice')
    await center.until('dave to ring', () => center.app.center.floor.agent('dave')?.slot === 'offered')
    await edit('queues.yaml', ...OTHER_SALES)
    await edit('teams.yaml', CLOSERS)
    await run(centerPublish)
    const { contact } = await center.event('contact.connected')
    expect([first, second]).toContain(contact)
    expect(center.app.center.floor.contacts().map(({ state, agent }) => [state, agent])).toEqual(
      expect.arrayContaining([
        ['talking', 'alice'],
        ['talking', 'dave'],
      ]),
    )
  }, 60_000)

  test('another strategy chooses among those who are free', async () => {
    center.available({ carol: ringsOn })
    center.clock.advance(60_000)
    center.available({ dave: ringsOn })
    // Carol is idle for longer, Dave has more of the English that the flow asks for.
    await edit('queues.yaml', [/( {2}sales:\n.*\n).*/, '$1    members: anyone\n    strategy: most-skilled'])
    await run(centerPublish)
    await waitForSales(1)
    const { pop } = await center.event('offer.made')
    expect(pop.agent).toBe('dave')
    expect(center.app.center.floor.why(pop.offer)?.strategy).toContain('skill')
  }, 60_000)

  test('whoever waits in a queue that is gone is served', async () => {
    const [waiting = ''] = await waitForSales(1)
    await withoutSales()
    await run(centerPublish)
    expect(center.app.center.floor.queues().find(({ queue }) => queue === 'sales')?.name).toBe('Sales')
    center.available({ dave: answersAfter(100) })
    expect(await center.event('contact.connected')).toMatchObject({ contact: waiting, agent: 'dave' })
  }, 60_000)

  test('a draft with an error changes nothing, whoever checks it', async () => {
    await waitForSales(3)
    const before = places()
    await edit('queues.yaml', ['members: { sales: 1 }', 'members: "sales and slaes"'])
    await expect(run(centerPublish)).rejects.toMatchObject({
      code: 'CENTER_INVALID',
      message: expect.stringMatching(/config\/queues\.yaml:\d+:\d+ there is no skill slaes/),
    })
    const queues = await readFile(join(folder.path, 'config/queues.yaml'), 'utf8')
    const { operatorToken } = JSON.parse(await readFile(join(center.dataFolder, 'owner.json'), 'utf8'))
    const answer = await fetch(`${center.app.http}/v1/center/rules`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ files: { 'queues.yaml': queues } }),
    })
    expect(answer.status).toBe(422)
    expect(places()).toEqual(before)
    expect(await run(centerHistory)).toBe('Nothing was published yet.\n')
    center.available({ dave: ringsOn })
    expect((await center.event('offer.made')).pop.agent).toBe('dave')
  }, 60_000)

  test('rules are refused that a running flow would miss something of', async () => {
    const flow = join(folder.path, 'ivr-flows/main.flow.yaml')
    await writeFile(flow, (await readFile(flow, 'utf8')).replace('queue: "${team}"', 'queue: sales'))
    const data = await center.stop()
    center = await SimulatedCenter.open([], { center: folder.path, data })
    await withoutSales()
    await expect(run(centerPublish)).rejects.toMatchObject({
      code: 'FLOW_INVALID',
      message: expect.stringMatching(/main\.flow\.yaml:\d+:\d+: error UNKNOWN_QUEUE/),
    })
    expect(await run(centerHistory)).toBe('Nothing was published yet.\n')
  }, 60_000)
})

describe('what was published', () => {
  test('is in force after a restart, whatever the files say by then, until it is rolled back', async () => {
    await run(centerPublish)
    const [, first = ''] = /version ([0-9a-f]+)/.exec(await run(centerShow)) ?? []
    await edit('queues.yaml', ...OTHER_SALES)
    await edit('teams.yaml', CLOSERS)
    await run(centerPublish)
    const [, second = ''] = /version ([0-9a-f]+)/.exec(await run(centerShow)) ?? []
    expect(second).not.toBe(first)

    const data = await center.stop()
    await rm(join(folder.path, 'config/teams.yaml'))
    await writeFile(join(folder.path, 'config/queues.yaml'), 'queues: { broken')
    await rm(join(folder.path, 'config/skills.yaml'))
    center = await SimulatedCenter.open([], { center: folder.path, data })
    const shown = await run(centerShow)
    expect(shown).toContain(`version ${second}, in force since`)
    expect(shown).toContain('The files say otherwise in skills.yaml, teams.yaml, queues.yaml')
    await waitForSales(1)
    center.available({ dave: answersAfter(100), carol: answersAfter(100) })
    expect((await center.event('offer.made')).pop.agent).toBe('carol')

    expect(await run(centerRollback, first.slice(0, 8))).toContain(`version ${first}, in force since`)
    const { rows } = parseHistory(await run(centerHistory))
    expect(rows.map(([version]) => version)).toEqual([first, second, first])
    const audited = await center.app.database
      .selectFrom('auditLog')
      .select(['actor', 'action', 'entity'])
      .where('entity', '=', 'center')
      .execute()
    expect(audited).toEqual(Array(3).fill({ actor: 'operator', action: 'center.activate', entity: 'center' }))
  }, 60_000)

  test('while no server runs, is what the next one starts with', async () => {
    const data = await center.stop()
    await edit('queues.yaml', ...OTHER_SALES)
    await edit('teams.yaml', CLOSERS)
    expect(await run(centerPublish)).toContain('No server runs; it will start with them.')
    expect(await run(centerShow)).toContain('queue sales: Sales; longest-idle\n  members: carol\n')
    await edit('queues.yaml', ['members: team:closers', 'members: { sales: 9 }'])
    center = await SimulatedCenter.open([], { center: folder.path, data })
    expect(await run(centerShow)).toContain('queue sales: Sales; longest-idle\n  members: carol\n')
  }, 60_000)
})

function parseHistory(text: string): { rows: string[][] } {
  const [, ...rows] = text.trim().split('\n')
  return { rows: rows.map((row) => row.split(/ {2,}/)) }
}
