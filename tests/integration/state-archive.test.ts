import { readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RealClock } from '../../src/clock/real-clock.ts'
import { Archive, type Segment } from '../../src/state/archive.ts'
import { BEGINNING, type Entry, type Position } from '../../src/state/journal.ts'
import type { Term } from '../../src/state/leadership.ts'
import { openMemoryState } from '../../src/state/memory/state.ts'
import type { State } from '../../src/state/state.ts'
import { commit, elect, groupOf } from '../conformance/state.ts'
import { silent } from '../support/database.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

describe('the archive of a journal', () => {
  let folder: TempFolder
  let state: State
  let term: Term
  let archive: Archive
  let end: Position

  beforeEach(async () => {
    folder = await tempFolder('archive')
    state = await openMemoryState({ domain: 'main', clock: new RealClock(), logger: silent })
    term = await elect(state)
    archive = new Archive(join(folder.path, 'main'), 'main')
    end = BEGINNING
  })
  afterEach(async () => {
    await state.close()
    await folder.remove()
  })

  const append = async (...inputs: unknown[]): Promise<void> => {
    end = await commit(state, term, groupOf(end, inputs))
  }
  /** As the writer does it: snapshot, archive, trim. */
  const forget = async (): Promise<Segment | undefined> => {
    await state.journal.saveSnapshot(term, { engine: 'e 1', position: end, state: {} })
    const [segment] = await archive.take(state.journal, end.sequence)
    await state.journal.trim(term, end)
    return segment
  }
  const read = async (from?: number): Promise<Entry[]> => {
    const entries: Entry[] = []
    for await (const some of archive.read(from)) entries.push(...some)
    return entries
  }
  const change = async (segment: Segment, edit: (text: string) => string): Promise<void> => {
    await writeFile(segment.file, gzipSync(edit(gunzipSync(await readFile(segment.file)).toString())))
  }

  it('has everything that the journal has forgotten, in segments', async () => {
    await append('a', { b: [1, 2] })
    const first = await forget()
    await append('c')
    await forget()
    expect(await forget()).toBeUndefined()
    await append('d')
    expect(basename(first?.file ?? '')).toBe('000000000001-000000000002.jsonl.gz')
    expect((await read()).map(({ sequence, input }) => [sequence, input])).toEqual([
      [1, 'a'],
      [2, { b: [1, 2] }],
      [3, 'c'],
    ])
    expect((await read(3)).map(({ input }) => input)).toEqual(['c'])
    expect((await read()).at(-1)).toMatchObject({ at: 1_001, epoch: term.epoch })
  })

  it('takes once what was archived before a crash and not trimmed', async () => {
    await append('a', 'b')
    await archive.take(state.journal, 1)
    await append('c')
    await forget()
    expect((await archive.segments()).map(({ first, last }) => [first, last])).toEqual([
      [1, 1],
      [2, 3],
    ])
  })

  it('names the file and the entry that was changed', async () => {
    await append('a', 'b', 'c')
    const segment = (await forget())!
    await change(segment, (text) => text.replace('"b"', '"B"'))
    await expect(read()).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
      message: expect.stringMatching(/entry 2 of the file .*000000000001-000000000003\.jsonl\.gz is not/),
    })
  })

  it('names the entry that was taken out', async () => {
    await append('a', 'b', 'c')
    await change((await forget())!, (text) => text.replace(/^.*"b".*\n/m, ''))
    await expect(read()).rejects.toThrow(/has a gap: entry 1 is followed by 3/)
  })

  it('tells how far a file goes whose compressed bytes are damaged', async () => {
    await append('a', 'b', 'c')
    const segment = (await forget())!
    const bytes = await readFile(segment.file)
    await writeFile(segment.file, bytes.subarray(0, -6))
    await expect(read()).rejects.toThrow(/cannot be expanded behind entry 3/)
  })

  it('finds a segment that is missing, and passes over it when asked to', async () => {
    await append('a')
    await forget()
    await append('b')
    const middle = (await forget())!
    await append('c')
    await forget()
    await change(middle, () => '')
    await expect(read()).rejects.toMatchObject({ code: 'STATE_DAMAGED' })
    await rm(middle.file)
    await expect(read()).rejects.toThrow(/continues entry 2, and the one before it ends at 1/)
    const gaps: number[][] = []
    for await (const _ of archive.read(1, (before, after) => gaps.push([before.sequence, after.sequence])))
      continue
    expect(gaps).toEqual([[1, 2]])
  })

  it('has what lies on both sides of a gap in the journal', async () => {
    await append('a')
    await forget()
    await append('b')
    const position = { sequence: 9, at: 2_000, link: 7 }
    await state.journal.resume(term, { engine: 'e 1', position, state: {} }, [])
    end = position
    await append('j')
    await forget()
    expect((await archive.segments()).map(({ first, last }) => [first, last])).toEqual([
      [1, 1],
      [2, 2],
      [10, 10],
    ])
    expect(await state.journal.start()).toEqual(end)
  })

  it('refuses the segments of another domain', async () => {
    await append('a')
    await forget()
    const other = new Archive(join(folder.path, 'main'), 'other')
    await expect(other.read().next()).rejects.toThrow(/is of the domain "main", not of other/)
  })

  it('removes what is older than its retention', async () => {
    await append('a')
    const first = (await forget())!
    await append('b')
    await forget()
    await utimes(first.file, 1_000, 1_000)
    expect(await archive.expire(1_001_000)).toEqual([first])
    expect((await read()).map(({ input }) => input)).toEqual(['b'])
  })
})
