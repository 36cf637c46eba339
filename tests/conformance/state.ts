/** What every store of routing's state has in common, from the side of one process. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BEGINNING, type Effect, type Entry, type Group, type Position } from '../../src/state/journal.ts'
import type { Term } from '../../src/state/leadership.ts'
import type { State } from '../../src/state/state.ts'
import { until } from '../support/until.ts'

/** Opens the state of a domain; again for the same domain means another process, or the same one after a restart. */
export type OpenState = (domain: string) => Promise<State>

/** Stands for election with this state. */
export function elect(state: State): Promise<Term> {
  return new Promise((resolve) => {
    state.leadership.campaign({ elected: resolve, lost: () => undefined })
  })
}

/** Stands again, so that another term begins. */
export async function electAgain(state: State): Promise<Term> {
  await state.leadership.resign()
  return elect(state)
}

export function groupOf(after: Position, inputs: readonly unknown[], more: Partial<Group> = {}): Group {
  const stamped = inputs.map((input, index) => ({ at: Math.max(after.at, 1_000) + index, input }))
  return { after, inputs: stamped, effects: new Map(), taken: [], ...more }
}

export async function commit(state: State, term: Term, group: Group): Promise<Position> {
  const result = await state.journal.append(term, group)
  if (result.outcome !== 'committed') throw new Error(`expected committed, got ${JSON.stringify(result)}`)
  return result.end
}

/** Everything from a position on. */
export async function readAll(state: State, after: Position = BEGINNING): Promise<Entry[]> {
  const entries: Entry[] = []
  for (;;) {
    const more = await state.journal.read(entries.at(-1) ?? after)
    if (more.length === 0) return entries
    entries.push(...more)
  }
}

let domains = 0

export function newDomain(): string {
  return `domain-${++domains}`
}

export function stateConformance(open: OpenState): void {
  let domain: string
  let state: State
  let term: Term

  beforeEach(async () => {
    domain = newDomain()
    state = await open(domain)
    term = await elect(state)
  })
  afterEach(() => state.close())

  const reopen = async (): Promise<void> => {
    await state.close()
    state = await open(domain)
  }
  const inputs = async (after?: Position): Promise<unknown[]> =>
    (await readAll(state, after)).map(({ input }) => input)

  describe('journal', () => {
    it('is empty at first', async () => {
      expect(await state.journal.end()).toEqual(BEGINNING)
      expect(await state.journal.read(BEGINNING)).toEqual([])
      expect(await state.journal.latestSnapshot()).toBeUndefined()
    })

    it('gives back what was appended, numbered and stamped, also after a restart', async () => {
      const middle = await commit(state, term, groupOf(BEGINNING, [{ join: 'ä"\n' }, [1.5, null]]))
      const end = await commit(state, term, groupOf(middle, ['last']))
      expect(middle.sequence).toBe(2)
      await reopen()
      const entries = await readAll(state)
      expect(entries.map(({ sequence, at, epoch, input }) => ({ sequence, at, epoch, input }))).toEqual([
        { sequence: 1, at: 1_000, epoch: term.epoch, input: { join: 'ä"\n' } },
        { sequence: 2, at: 1_001, epoch: term.epoch, input: [1.5, null] },
        { sequence: 3, at: 1_001, epoch: term.epoch, input: 'last' },
      ])
      expect(entries[1]).toMatchObject(middle)
      expect(entries[2]).toMatchObject(end)
      expect(await state.journal.end()).toEqual(end)
    })

    it('keeps what the engine says of its decision', async () => {
      const decided = 'acd 2 0f3c92d1'
      const told = [
        { at: 1_000, decided, input: 'a' },
        { at: 1_000, input: 'b' },
      ]
      const end = await commit(state, term, { ...groupOf(BEGINNING, []), inputs: told })
      await reopen()
      const entries = await readAll(state)
      expect(entries.map((entry) => [entry.decided, entry.input])).toEqual([
        [decided, 'a'],
        [undefined, 'b'],
      ])
      expect(entries.at(-1)).toMatchObject(end)
    })

    it('is read from any position, in pieces', async () => {
      let end = BEGINNING
      for (let first = 0; first < 50; first += 5) {
        end = await commit(
          state,
          term,
          groupOf(
            end,
            Array.from({ length: 5 }, (_, index) => first + index),
          ),
        )
      }
      const [, , third] = await readAll(state)
      expect((await state.journal.read(third!, 3)).at(0)?.input).toBe(3)
      expect(await inputs(third)).toEqual(Array.from({ length: 47 }, (_, index) => index + 3))
      expect(await inputs(end)).toEqual([])
    })

    it('takes no input from before the last one', async () => {
      const end = await commit(state, term, groupOf(BEGINNING, ['first']))
      const early = { ...groupOf(end, []), inputs: [{ at: end.at - 1, input: 'early' }] }
      await expect((async () => state.journal.append(term, early))()).rejects.toThrow(RangeError)
      expect(await inputs()).toEqual(['first'])
    })

    it('knows a group that is handed in again', async () => {
      const group = groupOf(BEGINNING, ['a', 'b'], {
        effects: new Map([['node-1', [{ sequence: 1, index: 0, effect: 'ring' }]]]),
      })
      const end = await commit(state, term, group)
      expect(await commit(state, term, group)).toEqual(end)
      expect(await inputs()).toEqual(['a', 'b'])
      expect(await state.journal.outbox('node-1').pending()).toHaveLength(1)
    })

    it('refuses an earlier term in every way, and changes nothing', async () => {
      const end = await commit(state, term, groupOf(BEGINNING, ['a', 'b']))
      const later = await electAgain(state)
      expect(later.epoch).toBeGreaterThan(term.epoch)
      const refused = { outcome: 'fenced', epoch: later.epoch }
      const snapshot = { engine: 'e 1', position: end, state: {} }
      expect(await state.journal.append(term, groupOf(end, ['late']))).toEqual(refused)
      expect(await state.journal.saveSnapshot(term, snapshot)).toEqual(refused)
      expect(await state.journal.resume(term, snapshot, [])).toEqual(refused)
      expect(await state.journal.trim(term, end)).toEqual(refused)
      expect(await inputs()).toEqual(['a', 'b'])
      expect(await state.journal.latestSnapshot()).toBeUndefined()
      expect((await commit(state, later, groupOf(end, ['c']))).sequence).toBe(3)
    })

    it('refuses another writer of the same epoch', async () => {
      const other = { epoch: term.epoch, owner: 'somebody else' }
      expect(await state.journal.append(other, groupOf(BEGINNING, ['x']))).toEqual({
        outcome: 'fenced',
        epoch: term.epoch,
      })
    })

    it('says so when it ends before what the writer was told', async () => {
      const end = await commit(state, term, groupOf(BEGINNING, ['a']))
      const ahead = { sequence: 5, at: 1_004, link: 12 }
      expect(await state.journal.append(term, groupOf(ahead, ['x']))).toEqual({ outcome: 'rolled-back', end })
      expect(await inputs()).toEqual(['a'])
    })
  })

  describe('following', () => {
    it('hands over what is there and what comes, each once and in order', async () => {
      const middle = await commit(state, term, groupOf(BEGINNING, [1, 2, 3]))
      const got: unknown[] = []
      const [first] = await readAll(state)
      const stop = state.journal.follow(first!, {
        receive: (entries) => got.push(...entries.map(({ input }) => input)),
        interrupted: (error) => got.push(error),
      })
      await until('what is there', () => got.length === 2)
      const end = await commit(state, term, groupOf(middle, [4]))
      await until('what comes', () => got.length === 3)
      stop()
      await commit(state, term, groupOf(end, [5]))
      expect(await inputs()).toEqual([1, 2, 3, 4, 5])
      expect(got).toEqual([2, 3, 4])
    })

    it('is interrupted where the journal goes on from a snapshot', async () => {
      const end = await commit(state, term, groupOf(BEGINNING, ['a']))
      const interrupted = new Promise<Error>((resolve) => {
        state.journal.follow(end, { receive: () => resolve(new Error('received')), interrupted: resolve })
      })
      const position = { sequence: 10, at: 2_000, link: 77 }
      await state.journal.resume(term, { engine: 'e 1', position, state: 10 }, [])
      await commit(state, term, groupOf(position, ['b']))
      expect(await interrupted).toMatchObject({ code: 'STATE_DAMAGED' })
    })
  })

  describe('snapshots', () => {
    it('are kept with their engine and position, the latest only', async () => {
      const middle = await commit(state, term, groupOf(BEGINNING, ['a', 'b']))
      const end = await commit(state, term, groupOf(middle, ['c']))
      const late = { engine: 'e 2', position: end, state: { waiting: ['x'], text: 'ü' } }
      expect(await state.journal.saveSnapshot(term, late)).toEqual({ outcome: 'committed', end })
      await state.journal.saveSnapshot(term, { engine: 'e 1', position: middle, state: {} })
      await reopen()
      expect(await state.journal.latestSnapshot()).toEqual(late)
      expect(await inputs(middle)).toEqual(['c'])
    })

    it('are the engine as it was when they were handed in', async () => {
      const end = await commit(state, term, groupOf(BEGINNING, ['a']))
      const engine = { waiting: 1 }
      const saved = state.journal.saveSnapshot(term, { engine: 'e 1', position: end, state: engine })
      engine.waiting = 2
      await saved
      expect((await state.journal.latestSnapshot())?.state).toEqual({ waiting: 1 })
    })

    it('cannot lie behind the end', async () => {
      const position = { sequence: 3, at: 1_000, link: 1 }
      expect(await state.journal.saveSnapshot(term, { engine: 'e 1', position, state: {} })).toEqual({
        outcome: 'rolled-back',
        end: BEGINNING,
      })
      expect(await state.journal.latestSnapshot()).toBeUndefined()
    })

    it('allow what lies before them to be forgotten, and no more', async () => {
      const first = await commit(state, term, groupOf(BEGINNING, ['a', 'b']))
      const second = await commit(state, term, groupOf(first, ['c']))
      await state.journal.trim(term, first)
      expect(await inputs()).toEqual(['a', 'b', 'c'])
      await state.journal.saveSnapshot(term, { engine: 'e 1', position: first, state: {} })
      await state.journal.trim(term, second)
      expect(await inputs()).toEqual(['a', 'b', 'c'])
      expect(await state.journal.start()).toEqual(BEGINNING)
      await state.journal.trim(term, first)
      expect(await state.journal.start()).toEqual(first)
      expect(await inputs(first)).toEqual(['c'])
      await expect(state.journal.read(BEGINNING)).rejects.toMatchObject({ code: 'STATE_DAMAGED' })
      await reopen()
      expect(await inputs(first)).toEqual(['c'])
      expect(await state.journal.end()).toEqual(second)
    })
  })

  describe('resuming', () => {
    it('goes on from the snapshot where the history before is not there', async () => {
      await commit(state, term, groupOf(BEGINNING, ['a']))
      const position = { sequence: 10, at: 2_000, link: 77 }
      const snapshot = { engine: 'e 1', position, state: { ten: true } }
      expect(await state.journal.resume(term, snapshot, [])).toEqual({ outcome: 'committed', end: position })
      const end = await commit(state, term, groupOf(position, ['b']))
      await reopen()
      expect(await state.journal.start()).toEqual(position)
      expect(await state.journal.latestSnapshot()).toEqual(snapshot)
      expect(await inputs(position)).toEqual(['b'])
      expect(await state.journal.end()).toEqual(end)
      expect((await state.journal.read(BEGINNING)).map(({ input }) => input)).toEqual(['a'])
      await expect(readAll(state)).rejects.toMatchObject({ code: 'STATE_DAMAGED' })
    })

    it('never goes behind what is there', async () => {
      const first = await commit(state, term, groupOf(BEGINNING, ['a']))
      await commit(state, term, groupOf(first, ['b']))
      const snapshot = { engine: 'e 1', position: first, state: {} }
      expect(await state.journal.resume(term, snapshot, [])).toMatchObject({ outcome: 'fenced' })
      expect(await inputs()).toEqual(['a', 'b'])
    })
  })

  describe('outboxes', () => {
    const effect = (sequence: number, index = 0): Effect => ({
      sequence,
      index,
      effect: `${sequence}.${index}`,
    })

    it('keep the effects of a group until the node has acknowledged them', async () => {
      const effects = new Map([
        ['node-1', [effect(1), effect(1, 1), effect(2)]],
        ['node-2', [effect(2, 1)]],
      ])
      const end = await commit(state, term, groupOf(BEGINNING, ['a', 'b'], { effects }))
      await commit(state, term, groupOf(end, ['c'], { effects: new Map([['node-1', [effect(3)]]]) }))
      expect(await state.journal.outbox('node-1').acknowledge(1)).toBe(true)
      await reopen()
      expect(await state.journal.outbox('node-1').pending()).toEqual([effect(2), effect(3)])
      await state.journal.outbox('node-1').acknowledge(2)
      expect(await state.journal.outbox('node-1').pending()).toEqual([effect(3)])
      expect(await state.journal.outbox('node-2').pending()).toEqual([effect(2, 1)])
      expect(await state.journal.outbox('node-3').pending()).toEqual([])
    })

    it('take an acknowledgement that comes with a later group', async () => {
      const effects = new Map([['node-1', [effect(1)]]])
      const end = await commit(state, term, groupOf(BEGINNING, ['a'], { effects }))
      await commit(state, term, groupOf(end, ['b'], { performed: { node: 'node-1', through: 1 } }))
      expect(await state.journal.outbox('node-1').pending()).toEqual([])
    })

    it('are followed by the node: what is not acknowledged, then what comes', async () => {
      const end = await commit(
        state,
        term,
        groupOf(BEGINNING, ['a'], { effects: new Map([['node-1', [effect(1)]]]) }),
      )
      const got: Effect[] = []
      const stop = state.journal.outbox('node-1').follow((effects) => got.push(...effects))
      await until('what was there', () => got.length === 1)
      await commit(state, term, groupOf(end, ['b'], { effects: new Map([['node-1', [effect(2)]]]) }))
      await until('what came', () => got.length === 2)
      stop()
      expect(got).toEqual([effect(1), effect(2)])
    })
  })

  describe('inbox', () => {
    it('keeps inputs until a group has taken them, each key once', async () => {
      const { inbox } = state.journal
      const one = { key: 'node-2:1', input: { type: 'left' } }
      expect(await inbox.put([one, { key: 'node-2:2', input: 2 }])).toEqual({ outcome: 'put', duplicates: 0 })
      expect(await inbox.put([one])).toEqual({ outcome: 'put', duplicates: 1 })
      const got: { id: string; key: string; input: unknown }[] = []
      const stop = inbox.follow((entries) => got.push(...entries))
      await until('both', () => got.length === 2)
      await inbox.put([{ key: 'node-2:3', input: 3 }, one])
      await until('the third', () => got.length === 3)
      stop()
      expect(got.map(({ key, input }) => ({ key, input }))).toEqual([
        one,
        { key: 'node-2:2', input: 2 },
        { key: 'node-2:3', input: 3 },
      ])
      await commit(
        state,
        term,
        groupOf(BEGINNING, ['one', 2], { taken: got.slice(0, 2).map(({ id }) => id) }),
      )
      await reopen()
      expect(await state.journal.inbox.put([one])).toEqual({ outcome: 'put', duplicates: 1 })
      const again: string[] = []
      state.journal.inbox.follow((entries) => again.push(...entries.map(({ key }) => key)))
      await until('what was not taken', () => again.length > 0)
      expect(again).toEqual(['node-2:3'])
    })

    it('keeps what a refused group would have taken', async () => {
      await state.journal.inbox.put([{ key: 'k', input: 1 }])
      const id = await new Promise<string>((resolve) => {
        state.journal.inbox.follow(([entry]) => resolve(entry?.id ?? ''))
      })
      await electAgain(state)
      await state.journal.append(term, groupOf(BEGINNING, [1], { taken: [id] }))
      const again = await new Promise<string>((resolve) => {
        state.journal.inbox.follow(([entry]) => resolve(entry?.id ?? ''))
      })
      expect(again).toBe(id)
    })
  })

  describe('leadership', () => {
    it('begins a later term each time, also after a restart', async () => {
      expect(state.leadership.term).toEqual(term)
      await state.leadership.resign()
      expect(state.leadership.term).toBeUndefined()
      await reopen()
      expect((await elect(state)).epoch).toBeGreaterThan(term.epoch)
    })
  })

  it('keeps domains apart', async () => {
    const other = await open(newDomain())
    try {
      await elect(other)
      await commit(state, term, groupOf(BEGINNING, ['a']))
      expect(await other.journal.end()).toEqual(BEGINNING)
      const hints: unknown[] = []
      other.bus.subscribe((topic, hint) => hints.push([topic, hint]))
      await until('its own hint', () => {
        state.bus.publish('foreign', 1)
        other.bus.publish('own', { n: 1 })
        return hints.length > 0
      })
      expect(hints[0]).toEqual(['own', { n: 1 }])
    } finally {
      await other.close()
    }
  })

  it('passes hints to all who subscribe, until they do not any more', async () => {
    const [one, two]: [unknown[], unknown[]] = [[], []]
    const leave = state.bus.subscribe((_topic, hint) => one.push(hint))
    state.bus.subscribe((_topic, hint) => two.push(hint))
    await until('a hint', () => {
      state.bus.publish('floor', 'first')
      return two.length > 0
    })
    expect(one).toContain('first')
    leave()
    one.length = 0
    await until('a later hint', () => {
      state.bus.publish('floor', 'second')
      return two.includes('second')
    })
    expect(one).not.toContain('second')
  })
}
