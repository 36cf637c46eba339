import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { demoCenter, loadSettings } from '../../../src/config/load-settings.ts'
import { settingInfos } from '../../../src/config/settings.ts'
import { settingsSample } from '../../../src/config/settings-sample.ts'

async function center(settings?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'switchroom-center-'))
  await mkdir(join(folder, 'config'))
  if (settings !== undefined) await writeFile(join(folder, 'config', 'settings.yaml'), settings)
  return folder
}

describe('settings', () => {
  test('defaults hold where nothing is set', async () => {
    const { settings } = await loadSettings([], await center(), {})
    expect(settings.http).toEqual({ host: '127.0.0.1', port: 8080 })
    expect(settings.sip.port).toBe(5060)
  })

  test('the data folder is in the center, and for the demo center in the current folder', async () => {
    const folder = await center()
    expect((await loadSettings([], folder, {})).settings.data.dir).toBe(join(folder, 'data'))
    expect((await loadSettings([], undefined, {})).settings.data.dir).toBe(resolve('data'))
  })

  test('flags win over the environment, and that over the file', async () => {
    const folder = await center('http: { port: 1001, host: 127.0.0.2 }\nsip: { port: 1002 }\n')
    const { settings } = await loadSettings(['http.port=3003', 'data.dir=./x'], folder, {
      SWITCHROOM_HTTP_PORT: '2002',
      SWITCHROOM_SIP_PORT: '2003',
    })
    expect(settings.http).toEqual({ host: '127.0.0.2', port: 3003 })
    expect(settings.sip.port).toBe(2003)
    expect(settings.data.dir).toBe(resolve('x'))
  })

  test.each([
    [['http.prot=1'], {}, /--set http.prot=1: there is no setting http.prot/],
    [['http.port'], {}, /expected name=value/],
    [['http.port=abc'], {}, /--set http.port: found "abc", expected a number/],
    [['http.port=70000'], {}, /http.port: must be <= 65535/],
    [['sip.tcp=yes'], {}, /expected true or false/],
    [['log.level=loud'], {}, /log.level/],
    [[], { SWITCHROOM_HTTP_PROT: '1' }, /SWITCHROOM_HTTP_PROT: there is no such setting/],
  ])('%j %j is refused by name', async (sets, environment, message) => {
    await expect(loadSettings(sets, await center(), environment)).rejects.toThrow(message)
  })

  test('a fault in the file is named by line and column', async () => {
    const folder = await center('http:\n  port: 8080\n  prot: 1\n')
    await expect(loadSettings([], folder, {})).rejects.toThrow(/settings\.yaml:3:3 http\.prot: no such key/)
  })

  test('a wrong value in the file is named by line', async () => {
    const folder = await center('http:\n  port: eighty\n')
    await expect(loadSettings([], folder, {})).rejects.toThrow(
      /settings\.yaml:2:\d+ http\.port: must be integer/,
    )
  })

  test('broken YAML is named by line', async () => {
    const folder = await center('http:\n  port: [1\n')
    await expect(loadSettings([], folder, {})).rejects.toThrow(/settings\.yaml:\d+:\d+/)
  })

  test('a folder that is no center is told so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'switchroom-none-'))
    await expect(loadSettings([], folder, {})).rejects.toThrow(/is not a center folder/)
  })

  test('names of environment variables follow from the names of settings', () => {
    expect(settingInfos.find(({ path }) => path === 'desk.popLead')?.env).toBe('SWITCHROOM_DESK_POP_LEAD')
  })

  test('the committed sample is fresh', async () => {
    expect(await readFile(join(demoCenter, 'config', 'settings.sample.yaml'), 'utf8')).toBe(settingsSample())
  })

  test('the sample with every line opened is a settings file', async () => {
    const opened = settingsSample()
      .split('\n')
      .filter((line) => /^# {3}[a-zA-Z]+:|^# [a-z]+:$/.test(line))
      .map((line) => line.slice(2))
      .join('\n')
    const { settings } = await loadSettings([], await center(opened), {})
    expect(settings.limits.calls).toBe(1000)
  })
})
