import { once } from 'node:events'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { DataFolder } from '../../../src/database/data-folder.ts'
import { type RunningProgram, start } from '../../support/process.ts'
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts'

const clock = new SimulatedClock(Date.UTC(2026, 0, 5, 9))
const holder = join(import.meta.dirname, 'data-folder.holder.ts')

describe('data folder', () => {
  let folder: TempFolder
  beforeEach(async () => {
    folder = await tempFolder('data')
  })
  afterEach(() => folder.remove())

  const path = () => join(folder.path, 'a/b')
  const open = () => DataFolder.open(path(), 'server', clock)
  async function openElsewhere(): Promise<RunningProgram> {
    const program = start(process.execPath, [holder, path()])
    await program.line(/^opened$/)
    return program
  }

  it('is made when it is not there, and can be given back and taken again', () => {
    const data = open()
    expect(data.path).toBe(path())
    data.release()
    open().release()
  })

  it('is refused to a second process, naming the first one, until that one is killed', async () => {
    const other = await openElsewhere()
    expect(open).toThrow(
      expect.objectContaining({
        code: 'DATA_FOLDER_BUSY',
        message: expect.stringContaining(`process ${other.pid} (switchroom server)`),
        remedy: expect.stringContaining(`kill ${other.pid}`),
      }),
    )
    await other.kill()
    open().release()
  })

  it('is refused to the same process and to its threads', async () => {
    const data = open()
    expect(open).toThrow(expect.objectContaining({ code: 'DATA_FOLDER_BUSY' }))
    const worker = new Worker(holder, { argv: [path()], stdout: true, stderr: true })
    const [error] = (await once(worker, 'error')) as [Error]
    expect(error).toMatchObject({ code: 'DATA_FOLDER_BUSY' })
    data.release()
  })

  it('goes to exactly one of many that want it at once', async () => {
    const programs = Array.from({ length: 6 }, () => start(process.execPath, [holder, path()]))
    const results = await Promise.all(programs.map((each) => each.line(/^(opened|DATA_FOLDER_BUSY)$/)))
    expect(results.filter((line) => line === 'opened')).toHaveLength(1)
    await Promise.all(programs.map((each) => each.kill()))
  })

  it('tells a command where the running server answers, and with what token', () => {
    const data = open()
    expect(DataFolder.openOrFindOwner(path(), 'user list', clock)).toEqual({
      pid: process.pid,
      program: 'server',
      startedAt: clock.now(),
    })
    data.announce('http://127.0.0.1:8080')
    expect(DataFolder.openOrFindOwner(path(), 'user list', clock)).toEqual({
      pid: process.pid,
      program: 'server',
      startedAt: clock.now(),
      address: 'http://127.0.0.1:8080',
      operatorToken: data.operatorToken,
    })
    expect(statSync(join(path(), 'owner.json')).mode & 0o777).toBe(0o600)
    data.release()
  })

  it('believes the lock, not what a dead owner left behind', async () => {
    const other = await openElsewhere()
    await other.kill()
    expect(readFileSync(join(path(), 'owner.json'), 'utf8')).toContain(`${other.pid}`)
    const data = open()
    writeFileSync(join(path(), 'owner.json'), JSON.stringify({ pid: other.pid, program: 'x', startedAt: 0 }))
    expect(DataFolder.openOrFindOwner(path(), 'user list', clock)).toBe('unknown')
    writeFileSync(join(path(), 'owner.json'), 'half a fi')
    expect(open).toThrow(expect.objectContaining({ code: 'DATA_FOLDER_BUSY' }))
    data.release()
  })

  it('says what is wrong with a folder that cannot be one', () => {
    mkdirSync(join(folder.path, 'a'))
    writeFileSync(path(), 'a file')
    expect(open).toThrow(
      expect.objectContaining({ code: 'DATA_FOLDER_UNUSABLE', message: expect.stringContaining(path()) }),
    )
  })
})
