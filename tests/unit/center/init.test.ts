import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { init } from '../../../src/cli/init.ts'
import { promptsRender } from '../../../src/cli/prompts-render.ts'
import { loadCenter } from '../../../src/config/center.ts'
import { FlowLibrary } from '../../../src/config/flow-library.ts'
import { loadSettings } from '../../../src/config/load-settings.ts'
import { defaultSettings } from '../../../src/config/settings.ts'

let parent: string
let center: string
let said = ''

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'switchroom-init-'))
  center = join(parent, 'my-center')
  said = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(parent, { recursive: true })
})

describe('init', () => {
  test('makes a center without people, whose files and flows are free of faults', async () => {
    expect(await init.run([center])).toBe(0)
    const files = await loadCenter(center)
    expect(files.demo).toBeUndefined()
    const flows = await FlowLibrary.load(files)
    expect(flows.all.map(({ name }) => name)).toEqual(['main'])
    expect(Object.keys(files.numbers)).toEqual(['100', '101'])
    expect(readdirSync(join(center, 'media/prompts/en'))).not.toContain('menu.wav')
  })

  test('its settings change nothing until a line is opened', async () => {
    await init.run([center])
    const settings = readFileSync(join(center, 'config/settings.yaml'), 'utf8')
    expect(settings).toMatch(/^# Settings of this center\./)
    expect(settings).toContain('SWITCHROOM_HTTP_PORT')
    const configuration = await loadSettings([], center, {})
    expect(configuration.center).toBe(center)
    expect(configuration.settings).toEqual({ ...defaultSettings(), data: { dir: join(center, 'data') } })
  })

  test('its prompts are rendered already', async () => {
    await init.run([center])
    expect(await promptsRender.run(['--center', center])).toBe(0)
    expect(said).toMatch(/^0 rendered, \d+ unchanged, 0 kept, 0 removed$/m)
  })

  test('--demo copies the demo center with its people', async () => {
    expect(await init.run([center, '--demo'])).toBe(0)
    const files = await loadCenter(center)
    expect(Object.keys(files.demo?.people ?? {})).toContain('alice')
    expect((await FlowLibrary.load(files)).all.map(({ name }) => name)).toEqual(['main', 'status'])
    expect(existsSync(join(center, 'config/new-center'))).toBe(false)
    expect(await promptsRender.run(['--center', center])).toBe(0)
    expect(said).toContain('0 rendered')
  })

  test('says what to do next', async () => {
    await init.run([center])
    expect(said).toContain('switchroom center check')
    expect(said).toContain('switchroom start --center')
  })

  test('leaves a folder alone that is not empty', async () => {
    writeFileSync(join(parent, 'letter.txt'), 'mine')
    await expect(init.run([parent])).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('is not empty'),
    })
    expect(readdirSync(parent)).toEqual(['letter.txt'])
  })

  test.each([
    [[], 'found none'],
    [['a', 'b'], 'found a, b'],
    [['a', '--people'], "Unknown option '--people'"],
  ])('refuses %j', async (args, expected) => {
    await expect(init.run(args)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(expected),
    })
  })

  test('a place where no folder can be is named', async () => {
    writeFileSync(join(parent, 'file'), '')
    await expect(init.run([join(parent, 'file', 'center')])).rejects.toMatchObject({ code: 'USAGE' })
  })
})
