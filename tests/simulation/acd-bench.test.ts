import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { finish } from '../support/process.ts'
import { tempFolder } from '../support/temp-folder.ts'

const root = join(import.meta.dirname, '../..')

/** Counts and orderings, never times: those depend on the machine. */
test('the benchmark of the routing engine decides what it says, and faster than a scan of everybody', async () => {
  const folder = await tempFolder('bench-acd')
  const command = join(root, 'tests/load/bench-acd.ts')
  const { output } = await finish(process.execPath, [command, '--quick', '--out', folder.path], { cwd: root })
  const report: unknown = JSON.parse(await readFile(join(folder.path, 'acd.json'), 'utf8'))
  await folder.remove()
  expect(report).toMatchObject({
    center: { agents: 500, profiles: 40, classes: 60, waiting: 2_000 },
    match: { decisions: 2_000 },
    decision: { decisions: 2_000 },
    inputs: 4 * 2_000,
    naive: { decisions: 20 },
    growth: [{ waiting: 1_000 }, { waiting: 4_000 }],
    skills: [{ skills: 1 }, { skills: 10 }],
  })
  const { timesFasterThanNaive, indexBytesPerWaitingContact } = report as Record<string, number>
  expect(timesFasterThanNaive).toBeGreaterThan(3)
  expect(indexBytesPerWaitingContact).toBeGreaterThan(20)
  expect(indexBytesPerWaitingContact).toBeLessThan(200)
  expect(output).toContain('| match p99 |')
}, 60_000)
