import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { flowCheck } from '../../../src/cli/flow-check.ts'
import { flowSchema } from '../../../src/cli/flow-schema.ts'

let folder: string
let written: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flow-check-'))
  written = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text)
    return true
  })
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

describe('switchroom flow check', () => {
  it('finds nothing wrong with the flows of the demo center', async () => {
    expect(await flowCheck.run([])).toBe(0)
    expect(written).toMatch(/^[1-9]\d* flows, 0 errors, 0 warnings\n$/)
  })

  it('tells file, line and column of what is wrong, by the names of the center, and ends with 1', async () => {
    const text = 'flow: a\nstart: b\nlanguages: [en]\nnodes:\n  b: { type: queue, queue: suport }\n'
    await writeFile(join(folder, 'a.flow.yaml'), text)
    await writeFile(join(folder, 'notes.txt'), 'not a flow')
    expect(await flowCheck.run([folder])).toBe(1)
    expect(written).toMatch(
      /a\.flow\.yaml:5:28: error UNKNOWN_QUEUE: .*\n {4}Did you mean support\?\n1 flow, 1 error, 0 warnings\n$/,
    )
  })

  it('says which file it cannot read', async () => {
    await expect(flowCheck.run([join(folder, 'none.flow.yaml')])).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('none.flow.yaml'),
    })
  })

  it('refuses flags that it does not know', async () => {
    await expect(flowCheck.run(['--fix'])).rejects.toMatchObject({ code: 'USAGE' })
  })
})

it('switchroom flow schema prints JSON', async () => {
  expect(await flowSchema.run([])).toBe(0)
  expect(JSON.parse(written)).toMatchObject({ title: 'Switchroom flow' })
})
