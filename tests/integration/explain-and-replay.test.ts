/** The commands that explain, replay and predict, on what the real server has done with simulated telephony. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Command } from '../../src/cli/command.ts'
import { replay } from '../../src/cli/replay.ts'
import { whatif } from '../../src/cli/whatif.ts'
import { why } from '../../src/cli/why.ts'
import { answersAfter } from '../../src/telephony/simulated/behaviours.ts'
import { copyTestDatabase } from '../support/database.ts'
import { SimulatedCenter } from '../support/simulated-center.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

let data: TempFolder
let center: SimulatedCenter
beforeAll(async () => {
  data = await tempFolder('explain')
  await copyTestDatabase(join(data.path, 'database'))
  center = await SimulatedCenter.open([], { data })
}, 60_000)
afterAll(async () => {
  await data.remove()
})

async function run(command: Command, ...args: readonly string[]): Promise<{ code: number; out: string }> {
  let out = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  const code = await command.run(args).finally(() => write.mockRestore())
  return { code, out }
}

test('a day of two calls: explained while it goes on, replayed and played again when it is over', async () => {
  center.available({ dave: answersAfter(100) })
  const { floor } = center.app.center
  const callers = []
  for (const waiting of [1, 2]) {
    const caller = center.call('100')
    callers.push(caller)
    await center.until('the menu', () => floor.contacts().some(({ node }) => node === 'menu'))
    caller.press('3')
    await center.until(
      'the queue',
      () => floor.contacts().filter(({ queue }) => queue === 'sales').length === waiting,
    )
    if (waiting === 1) await center.event('contact.connected')
  }
  const [first, second] = floor.contacts()
  const set = ['--set', `data.dir=${data.path}`]

  const had = (await run(why, first?.id ?? '', ...set)).out
  expect(had).toMatch(/^Why Dave .+, at \d\d:\d\d:\d\d after \d+ s in sales \(accepted\)$/m)
  expect(had).toMatch(/^ {2}- Alice Moreno +/m)
  const waits = (await run(why, second?.id ?? '', ...set)).out
  expect(waits).toMatch(/^Still waits: number 1 in sales, for \d+ s\.$/m)
  expect(waits).toMatch(/^ {2}- Dave .+ talking$/m)
  const json = JSON.parse((await run(why, second?.id ?? '', '--json', ...set)).out)
  expect(json).toMatchObject({ contact: second?.id, waiting: { state: 'waiting' }, offers: [] })
  await expect(run(why, 'nobody', ...set)).rejects.toMatchObject({ code: 'NOT_FOUND' })

  callers[0]?.hangup()
  await center.event('talk.ended')
  callers[1]?.hangup()
  await center.until('the end', () => floor.contacts().every(({ state }) => state === 'wrapping'))
  await center.stop()

  const archive = join(data.path, 'archive', 'main')
  const { code, out } = await run(replay, archive)
  expect(out).toMatch(/^engine acd \d+, from the very first input\nentries 1 to \d+: \d+ inputs, /)
  expect(out).toMatch(/\nevery decision is the same\n$/)
  expect(code).toBe(0)
  expect(JSON.parse((await run(replay, archive, '--json')).out)).toMatchObject({ unproven: 0 })
  expect((await run(whatif, '--journal', archive)).out).toMatch(/^sales +2 +/m)
})
