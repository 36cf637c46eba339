import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { replay as command } from '../../src/cli/replay.ts'
import { ENGINE } from '../../src/replay/decision.ts'
import { type ReplayReport, replay } from '../../src/replay/replay.ts'
import { poissonArrivals } from '../../src/simulation/arrivals.ts'
import { timelineOf } from '../../src/simulation/center-plan.ts'
import type { World } from '../../src/simulation/simulator.ts'
import { chain, readEntries } from '../../src/state/entry.ts'
import { History } from '../../src/state/history.ts'
import { BEGINNING, type StampedInput } from '../../src/state/journal.ts'
import { journaled, type Stretch, stretchesOf } from '../support/journaled.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'
import { planOf, queueOf, streamOf } from '../unit/simulation/plans.ts'

const plan = planOf(8, {
  days: 1,
  rules: {
    queues: [
      queueOf('support', {
        wrapUpMs: 10_000,
        noAnswerLimit: 3,
        headStartMs: { 1: 60_000 },
        backOffMs: { rejected: 20_000, noAnswer: 20_000, busy: 20_000 },
      }),
    ],
    teams: [],
    capacity: { slots: { voice: 1 }, while: {} },
  },
  streams: [streamOf('support', { perInterval: Array.from({ length: 48 }, (_, at) => (at < 6 ? 80 : 0)) })],
})

/** Inputs from one snapshot to the next. */
const LENGTH = 500

/** Phones that are answered, refused and ignored. */
const world = (): World => {
  let rung = 0
  return {
    timeline: timelineOf(plan),
    arrivals: poissonArrivals(plan.streams, plan),
    ringing: () => {
      rung++
      if (rung % 7 === 0) return { does: 'ignore', afterMs: 0 }
      return { does: rung % 5 === 0 ? 'reject' : 'answer', afterMs: 4_000 }
    },
  }
}

let folder: TempFolder
let stretches: Stretch[]
let written = 0
beforeAll(async () => {
  folder = await tempFolder('replay')
  stretches = stretchesOf(world(), LENGTH)
})
afterAll(() => folder.remove())

let own: string
beforeEach(() => {
  own = join(folder.path, String(++written))
})

const inputs = (): number => stretches.reduce((sum, stretch) => sum + stretch.inputs.length, 0)
const replayed = async (path: string): Promise<ReplayReport> => replay(await History.open(path))

describe('a replay', () => {
  test('of a whole journal decides the same, and comes to its last snapshot', async () => {
    const { disk } = await journaled(own, stretches, { trim: false })
    expect(await replayed(disk)).toMatchObject({
      engine: ENGINE,
      first: 1,
      last: inputs(),
      inputs: inputs(),
      unproven: 0,
      snapshots: 1,
      gaps: [],
    })
    expect((await replayed(disk)).difference).toBeUndefined()
  })

  test('of a trimmed journal starts from its snapshot, and decides the same byte for byte', async () => {
    const { disk } = await journaled(own, stretches)
    const report = await replayed(disk)
    const last = stretches.at(-1)?.inputs.length ?? 0
    expect(report).toMatchObject({ inputs: last, startedFrom: join(disk, 'snapshot.json'), unproven: 0 })
    expect(report.difference).toBeUndefined()
  })

  test('of an archive goes on from any of its snapshots when earlier segments have expired', async () => {
    const { archive } = await journaled(own, stretches)
    expect(await replayed(archive)).toMatchObject({ first: 1, snapshots: stretches.length - 1 })
    const [oldest = ''] = (await readdir(archive)).filter((name) => name.endsWith('.jsonl.gz')).toSorted()
    await rm(join(archive, oldest))
    const report = await replayed(archive)
    expect(report).toMatchObject({
      first: LENGTH + 1,
      startedFrom: join(archive, '000000000500.snapshot.json.gz'),
    })
    expect(report.difference).toBeUndefined()
  })

  test('says where entries are missing, and goes on behind them', async () => {
    const { archive } = await journaled(own, stretches)
    const segments = (await readdir(archive)).filter((name) => name.endsWith('.jsonl.gz')).toSorted()
    await rm(join(archive, segments[1] ?? ''))
    const report = await replayed(archive)
    expect(report.gaps).toEqual([{ after: LENGTH, from: 2 * LENGTH + 1 }])
    expect(report.difference).toBeUndefined()
  })

  test('without a snapshot at its beginning is refused', async () => {
    const { archive } = await journaled(own, stretches)
    for (const name of await readdir(archive)) {
      if (name.startsWith('000000000500.snapshot') || name.startsWith('000000000001-')) {
        await rm(join(archive, name))
      }
    }
    const [second = ''] = (await readdir(archive)).filter((name) => name.endsWith('.jsonl.gz')).toSorted()
    await expect(replayed(join(archive, second))).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
      message: expect.stringContaining('begins behind entry 500'),
    })
  })
})

describe('a journal that is not what was written', () => {
  const damage = async (edit: (lines: string[]) => string[]): Promise<string> => {
    const { archive } = await journaled(own, stretches)
    const [name = ''] = (await readdir(archive)).filter((each) => each.endsWith('.jsonl.gz')).toSorted()
    const file = join(archive, name)
    const lines = gunzipSync(await readFile(file))
      .toString()
      .split('\n')
    await writeFile(file, gzipSync(edit(lines).join('\n')))
    return file
  }

  test('is told by file and entry', async () => {
    const file = await damage((lines) =>
      lines.map((line, at) => (at === 400 ? line.replace('"at":1', '"at":2') : line)),
    )
    await expect(replayed(file)).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
      message: expect.stringContaining(`entry 400 of the file ${file}`),
    })
  })

  test('is told by its decisions when its links were made to fit', async () => {
    const changed = 250
    const file = await damage(([header = '', ...lines]) => {
      const entries = readEntries(lines.slice(0, -1), BEGINNING, 'the segment')
      const forged = entries.map((entry): StampedInput => {
        const type = String(JSON.parse(JSON.stringify(entry.input)).type)
        return entry.sequence === changed ? { ...entry, input: { type, contact: 'x', timer: 'x' } } : entry
      })
      return [header, ...chain(BEGINNING, entries[0]?.epoch ?? 1, forged).lines, '']
    })
    const { difference } = await replayed(file)
    expect(difference).toMatchObject({ file })
    expect(difference?.sequence).toBeGreaterThanOrEqual(changed)
    expect(difference?.sequence).toBeLessThan(changed + 20)
  })

  test('of another version of the engine is refused by name', async () => {
    const other = stretches.map((stretch) => ({
      ...stretch,
      inputs: stretch.inputs.map((input) => ({ ...input, decided: 'acd 999 00000000' })),
    }))
    const { archive } = await journaled(own, other)
    await expect(replayed(archive)).rejects.toMatchObject({
      code: 'ENGINE_DIFFERS',
      message: expect.stringMatching(
        /^entry 1 of the file .* is of the engine "acd 999"; this one is "acd \d+"/,
      ),
    })
  })

  test('is refused when its snapshot is of another version of the engine', async () => {
    const { disk } = await journaled(own, stretches, { engine: 'acd 1' })
    await expect(replayed(disk)).rejects.toMatchObject({
      code: 'ENGINE_DIFFERS',
      message: expect.stringContaining('snapshot.json is of the engine "acd 1"'),
    })
  })
})

describe('switchroom replay', () => {
  const run = async (...args: readonly string[]) => {
    let out = ''
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text)
      return true
    })
    const code = await command.run(args).finally(() => write.mockRestore())
    return { code, out }
  }

  test('says what it has seen, for people and for programs', async () => {
    const { archive } = await journaled(own, stretches)
    const { code, out } = await run(archive)
    expect(code).toBe(0)
    const archived = LENGTH * (stretches.length - 1)
    expect(out).toMatch(
      new RegExp(
        `^engine acd \\d+, from the very first input\\nentries 1 to ${archived}: ${archived} inputs, \\d+ effects, \\d+ snapshots\\nevery decision is the same\\n$`,
      ),
    )
    expect(JSON.parse((await run(archive, '--json')).out)).toMatchObject({ inputs: archived, unproven: 0 })
  })

  test('shows the first decision that differs, and fails', async () => {
    const [first, ...others] = stretches
    const inputs = first?.inputs.map((input, at) =>
      at === 42 ? { ...input, decided: `${ENGINE} 00000000` } : input,
    )
    const { archive } = await journaled(own, [{ ...first!, inputs: inputs ?? [] }, ...others])
    const { code, out } = await run(archive)
    expect(code).toBe(1)
    expect(out).toMatch(
      /Entry 43 of .*\.jsonl\.gz \(20.*Z\) is decided otherwise:\n {2}journal {2}acd \d+ 00000000\n/,
    )
    expect(out).not.toContain('every decision is the same')
  })

  test('names a folder without a journal', async () => {
    await expect(command.run([folder.path])).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(command.run(['/nowhere'])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
