/** The benchmark itself runs, and we are not below Asterisk in CPU per call, whatever the machine's speed. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { compare, type LoadReport } from '../load/report.ts'
import { describeWith } from '../support/describe-with.ts'
import { finish } from '../support/process.ts'
import { root } from '../support/server.ts'
import { tempFolder } from '../support/temp-folder.ts'

const PATIENCE_MS = 300_000

describeWith(['sipp', 'asterisk'], 'bench:sip', () => {
  it(
    'compares the two at every rate that both carried, and does not find us below',
    async () => {
      await using folder = await tempFolder('bench')
      const bench = join(root, 'tests/load/bench-sip.ts')
      const { output } = await finish(process.execPath, [bench, '--quick', '--out', folder.path], {
        cwd: root,
        timeoutMs: PATIENCE_MS,
      })
      const text = await readFile(join(folder.path, 'sip.md'), 'utf8')
      expect(output).toContain(text.trim())

      const { loads } = JSON.parse(await readFile(join(folder.path, 'sip.json'), 'utf8')) as {
        loads: LoadReport[]
      }
      expect(loads).toHaveLength(2)
      for (const { title, steps } of loads) {
        const compared = compare(steps)
        expect(compared.length, `rates of "${title}" that both carried:\n${text}`).toBeGreaterThan(0)
        for (const { rate, median } of compared) {
          expect(median, `"${title}" at ${rate} calls/s:\n${text}`).toBeGreaterThanOrEqual(1)
        }
      }
    },
    PATIENCE_MS,
  )
})
