import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { simulateCenter } from '../../../src/cli/simulate-center.ts'
import { niceStep } from '../../../src/simulation/svg-chart.ts'
import { bar, columns } from '../../../src/simulation/terminal-chart.ts'
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts'

let folder: TempFolder
beforeAll(async () => {
  folder = await tempFolder('simulate')
  await writeFile(
    join(folder.path, 'night.scenario.yaml'),
    `name: Nights & weekends
days: 4
hours: "20:00-22:00"
every: 60m
traffic:
  sales: { contacts: [30, 20], talk: { exponential: 3m }, wrapUp: { constant: 0s }, patience: { exponential: 2m } }
agents:
  sellers: { count: 2, skills: { sales: 5 } }
`,
  )
})
afterAll(() => folder.remove())

async function run(...args: readonly string[]) {
  let out = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  const code = await simulateCenter.run([join(folder.path, 'night.scenario.yaml'), ...args]).finally(() => {
    write.mockRestore()
  })
  return { code, out }
}

describe('switchroom simulate center', () => {
  test('prints a table beside the formulas, and charts', async () => {
    const { code, out } = await run()
    expect(code).toBe(0)
    const lines = out.split('\n')
    expect(lines[0]).toMatch(/^Nights & weekends: 4 days, \d+ contacts, seed 1$/)
    expect(lines[2]).toMatch(
      /^queue +contacts +within 20 s +mean wait +speed of answer +gave up +agents busy$/,
    )
    const columnsOf = (name: string) =>
      lines
        .find((line) => line.startsWith(name))
        ?.split(/ {2,}/)
        .slice(name.startsWith(' ') ? 2 : 1)
    const share = /^\d+\.\d % ± \d+\.\d$/
    const time = /^\d+\.\d s ± \d+\.\d$/
    expect(columnsOf('sales')).toEqual(
      [/^\d+$/, share, time, time, share, share].map((like) => expect.stringMatching(like)),
    )
    expect(columnsOf('  by Erlang A')).toEqual(
      ['%', 's', 's', '%', '%'].map((unit) =>
        expect.stringMatching(new RegExp(`^\\d+\\.\\d ${unit} \\([+-]\\d+\\.\\d\\)$`)),
      ),
    )
    expect(out).toContain('by time of day')
    expect(lines.filter((line) => /^ {2}2[01]:00 .*█/.test(line))).toHaveLength(2)
  })

  test('says the same to programs, and twice the same', async () => {
    const { out } = await run('--json', '--days', '3', '--seed', '5')
    const report: unknown = JSON.parse(out)
    expect(report).toMatchObject({
      name: 'Nights & weekends',
      seed: 5,
      days: 3,
      queues: { sales: { serviceLevel: { value: expect.any(Number), standardError: expect.any(Number) } } },
      pools: [
        { queues: ['sales'], profiles: ['sellers'], expected: { erlangA: { asa: expect.any(Number) } } },
      ],
    })
    expect((await run('--json', '--days', '3', '--seed', '5')).out).toBe(out)
    expect((await run('--json', '--days', '3', '--seed', '6')).out).not.toBe(out)
  })

  test('writes charts that are well-formed, and the log of the engine', async () => {
    const [svg, log] = [join(folder.path, 'night.svg'), join(folder.path, 'night.jsonl')]
    await run('--svg', svg, '--log', log)
    const picture = await readFile(svg, 'utf8')
    expect(picture).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 720 940"/)
    expect(picture).toContain('Nights &amp; weekends')
    expect(picture).not.toMatch(/NaN|undefined|Infinity/)
    for (const tag of ['svg', 'g', 'text']) {
      expect(picture.split(`<${tag}`).length - 1, tag).toBe(picture.split(`</${tag}>`).length - 1)
    }
    const lines = (await readFile(log, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).toMatchObject({ at: 1_767_571_200_000, input: { type: 'rules.configured' } })
    expect(lines.filter(({ input }) => input.type === 'contact.queued').length).toBeGreaterThan(100)
    expect(lines.every(({ at }, index) => at >= (lines[index - 1]?.at ?? 0))).toBe(true)
  })

  test.each([
    [['--days', 'many'], '--days takes a whole number, found "many"'],
    [['other.yaml'], 'expected one scenario'],
    [['--svg', '/nowhere/at/all.svg'], '/nowhere/at/all.svg cannot be written'],
  ])('refuses %j', async (args, message) => {
    await expect(run(...args)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(message),
    })
  })

  test('says that a scenario is not there', async () => {
    await expect(simulateCenter.run(['gone.scenario.yaml'])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('charts', () => {
  test('a bar is as long as its share, to an eighth', () => {
    expect(bar(1, 4)).toBe('████')
    expect(bar(0.5, 4)).toBe('██')
    expect(bar(0.53125, 4)).toBe('██▏')
    expect([bar(0, 4), bar(Number.NaN, 4), bar(-1, 4), bar(7, 2)]).toEqual(['', '', '', '██'])
  })

  test('columns are aligned', () => {
    expect(
      columns(
        [
          ['a', '1'],
          ['long', '100'],
        ],
        (column) => (column === 0 ? 'left' : 'right'),
      ),
    ).toEqual(['a       1', 'long  100'])
  })

  test('marks are 1, 2 or 5 times a power of ten', () => {
    expect([0.7, 1, 1.2, 3, 5, 7, 31].map(niceStep)).toEqual([1, 1, 2, 5, 5, 10, 50])
  })
})
