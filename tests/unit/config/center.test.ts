import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadCenter } from '../../../src/config/center.ts'
import { FlowLibrary } from '../../../src/config/flow-library.ts'
import { demoCenter } from '../../../src/config/load-settings.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** The demo center, with one text of a file replaced by another. */
async function centerWith(file: string, before: string, after: string): Promise<string> {
  const { path, remove } = await tempFolder('center')
  onTestFinished(remove)
  for (const part of ['config', 'ivr-flows', 'media']) {
    await cp(join(demoCenter, part), join(path, part), { recursive: true })
  }
  const text = await readFile(join(path, file), 'utf8')
  if (!text.includes(before)) throw new Error(`${file} has no ${before}`)
  await writeFile(join(path, file), text.replace(before, after))
  return path
}

describe('a center whose files do not fit together is refused by line', () => {
  test.each([
    [
      'config/queues.yaml',
      'members: { billing: 1',
      'members: { biling: 1',
      /queues\.yaml:\d+:\d+ there is no skill biling/,
    ],
    [
      'config/dispositions.yaml',
      '[billing]',
      '[bills]',
      /dispositions\.yaml:\d+:\d+ there is no queue bills/,
    ],
    [
      'config/calendars.yaml',
      'America/New_York',
      'America/Nowhere',
      /calendars\.yaml:\d+:\d+ found "America\/Nowhere"/,
    ],
    [
      'config/calendars.yaml',
      'monday: 08:00-20:00',
      'monday: 08:00-08:00',
      /calendars\.yaml:\d+:7 08:00-08:00 ends before/,
    ],
    [
      'config/calendars.yaml',
      'monday: 08:00-20:00',
      'monday: [08:00-12:00, 20:00-13:00]',
      /20:00-13:00 ends before it begins/,
    ],
    [
      'config/calendars.yaml',
      '"2026-11-26"',
      '"2026-11-31"',
      /calendars\.yaml:\d+:7 there is no day 2026-11-31/,
    ],
    ['config/calendars.yaml', 'monday: 08:00-20:00', 'monday: 08:00-24:01', /found "08:00-24:01"/],
    [
      'config/demo.yaml',
      'owner: alice',
      'owner: alcie',
      /demo\.yaml:\d+:\d+ there is no person alcie in demo\.yaml/,
    ],
  ])('%s: %s as %s', async (file, before, after, message) => {
    await expect(loadCenter(await centerWith(file, before, after))).rejects.toThrow(message)
  })

  test.each([
    ['flow: status', 'flow: staus', /numbers\.yaml:\d+:5 there is no flow staus/],
    ['language: es', 'language: fr', /numbers\.yaml:\d+:5 flow main does not list the language fr/],
    [
      '{ outages: 0 }',
      '{ outages: none }',
      /numbers\.yaml:\d+:\d+ outages is number in flow status, found string/,
    ],
    ['{ outages: 0 }', '{ outage: 0 }', /numbers\.yaml:\d+:\d+ flow status has no variable outage/],
  ])('config/numbers.yaml: %s as %s', async (before, after, message) => {
    const files = await loadCenter(await centerWith('config/numbers.yaml', before, after))
    await expect(FlowLibrary.load(files)).rejects.toThrow(message)
  })

  test('24:00 is the end of a day', async () => {
    const center = await centerWith('config/calendars.yaml', 'monday: 08:00-20:00', 'monday: 00:00-24:00')
    const { calendars } = await loadCenter(center)
    expect(calendars['office']?.open[1]).toEqual([{ from: 0, to: 1440 }])
  })
})
