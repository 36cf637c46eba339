/** One process whose routing is journaled to its disk: what the next one finds. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AcdInput } from '../../src/acd/contract.ts'
import { RealClock } from '../../src/clock/real-clock.ts'
import { Archive } from '../../src/state/archive.ts'
import { openMemoryState } from '../../src/state/memory/state.ts'
import { silent } from '../support/database.ts'
import { type Floor, offerOf, openFloor, queued } from '../support/routing.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('routing journaled to the disk', () => {
  let folder: TempFolder
  let floor: Floor
  const opened: Floor[] = []
  const open = async (): Promise<Floor> => {
    const next = await openFloor(folder)
    opened.push(next)
    return next
  }
  beforeEach(async () => {
    folder = await tempFolder('routing')
    floor = await open()
    floor.staff()
  })
  afterEach(async () => {
    for (const each of opened.splice(0)) each.acd.stop()
    await folder.remove()
  })

  /** What was in a group by the last turn is there; nothing is closed. */
  const die = async (): Promise<Floor> => {
    await floor.journal.written()
    floor.acd.stop()
    return open()
  }

  it('a phone does not wait for the disk', () => {
    floor.put(queued('c1'))
    expect(offerOf(floor, 'c1').agent).toBe('ana')
    expect(floor.journal.appends).toBe(0)
  })

  it('all inputs of one turn are one append: a call takes four', async () => {
    await floor.journal.written()
    const before = floor.journal.appends
    const step = async (...inputs: readonly AcdInput[]): Promise<void> => {
      floor.put(...inputs)
      await turn()
      await floor.journal.written()
    }
    await step(queued('c1'))
    const { offer, agent } = offerOf(floor, 'c1')
    await step({ type: 'offer.ringing', offer }, { type: 'offer.accepted', offer })
    await step({ type: 'contact.ended', contact: 'c1' })
    await step({ type: 'wrap-up.finished', agent, contact: 'c1' })
    expect(floor.journal.appends - before).toBe(4)
  })

  it('nobody stays reserved, rung, connected or in a wrap-up; nobody waits', async () => {
    for (const contact of ['c1', 'c2', 'c3']) floor.put(queued(contact))
    floor.put({ type: 'offer.accepted', offer: offerOf(floor, 'c1').offer })
    floor.put({ type: 'offer.ringing', offer: offerOf(floor, 'c2').offer })
    const next = await die()
    expect(next.acd.engine.contacts()).toEqual([])
    for (const agent of next.acd.engine.agents()) {
      expect(agent).toMatchObject({ presence: 'available', slot: 'free', device: 'unregistered' })
      next.put({ type: 'device.ok', agent: agent.agent })
    }
    next.put(queued('c4'))
    expect(offerOf(next, 'c4').agent).toEqual(expect.any(String))
  })

  it('a wrap-up that ran is over', async () => {
    floor.put(queued('c1'))
    const { offer, agent } = offerOf(floor, 'c1')
    floor.put({ type: 'offer.accepted', offer }, { type: 'contact.ended', contact: 'c1' })
    expect(floor.acd.engine.agent(agent)?.slot).toBe('wrapping')
    expect((await die()).acd.engine.agent(agent)?.slot).toBe('free')
  })

  it('who was at work is, who paused has the same reason, who had gone is gone', async () => {
    floor.put(
      { type: 'agent.paused', agent: 'ana', reason: 'lunch' },
      { type: 'agent.signed-out', agent: 'ben' },
    )
    const next = await die()
    expect(next.acd.engine.agent('ana')).toMatchObject({ presence: 'paused', reason: 'lunch' })
    expect(next.acd.engine.agent('ben')).toMatchObject({ presence: 'logged-out' })
    expect(next.acd.engine.rulesHash()).toBe('rules-1')
  })

  it('the end of a server leaves a snapshot, an empty journal, and all of it in the archive', async () => {
    floor.put(queued('c1'))
    const agents = floor.acd.engine.agents()
    await floor.close()
    const state = await openMemoryState({ folder, domain: 'main', clock: new RealClock(), logger: silent })
    const end = await state.journal.end()
    expect(await state.journal.start()).toEqual(end)
    expect((await state.journal.latestSnapshot())?.position).toEqual(end)
    await state.close()
    const archive = new Archive(join(folder.path, 'archive', 'main'), 'main')
    const archived: unknown[] = []
    for await (const entries of archive.read()) archived.push(...entries.map(({ input }) => input))
    expect(archived).toContainEqual(queued('c1'))
    const next = await open()
    expect(next.acd.engine.agents().map(({ agent }) => agent)).toEqual(agents.map(({ agent }) => agent))
  })

  it('a snapshot comes after so many inputs, and what lies before it goes', async () => {
    for (let n = 0; n < 6_000; n++) floor.put({ type: 'agent.paused', agent: 'ana', reason: `r${n}` })
    await floor.journal.written()
    floor.put({ type: 'agent.available', agent: 'ana' })
    await floor.close()
    const files = await readdir(join(folder.path, 'routing', 'main'))
    expect(files.filter((file) => file.startsWith('journal-'))).toHaveLength(1)
    const next = await open()
    expect(next.acd.engine.agent('ana')).toMatchObject({ presence: 'available' })
  })

  it('time does not go backwards when the clock of the machine does', async () => {
    const ahead = Date.now() + 3_600_000
    floor.acd.stop()
    await floor.close()
    const state = await openMemoryState({ folder, domain: 'main', clock: new RealClock(), logger: silent })
    await new Promise<void>((resolve, reject) => {
      const elected = async (term: { epoch: number; owner: string }): Promise<void> => {
        const after = await state.journal.end()
        const input = { type: 'agent.paused', agent: 'ana', reason: 'late' }
        const group = { after, inputs: [{ at: ahead, input }], effects: new Map(), taken: [] }
        expect(await state.journal.append(term, group)).toMatchObject({ outcome: 'committed' })
        await state.close()
      }
      state.leadership.campaign({
        elected: (term) => void elected(term).then(resolve, reject),
        lost: () => undefined,
      })
    })
    const next = await open()
    expect(next.acd.now()).toBe(ahead)
    next.put({ type: 'agent.available', agent: 'ana' })
    await next.journal.written()
    expect(next.acd.engine.agent('ana')).toMatchObject({ presence: 'available', since: ahead })
  })

  it('a damaged journal is refused by name', async () => {
    await floor.close()
    const file = join(folder.path, 'routing', 'main', 'snapshot.json')
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('"ana"', '"eva"'))
    await expect(open()).rejects.toMatchObject({ code: 'STATE_DAMAGED' })
  })
})
