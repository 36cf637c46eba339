import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { Synthesizer } from '../../../src/speech/synthesizer.ts'

let folder: string
let clock: SimulatedClock
let synthesizer: Synthesizer

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchroom-synthesizer-'))
  clock = new SimulatedClock()
  synthesizer = new Synthesizer(clock)
})
afterEach(async () => {
  await synthesizer.stop()
  rmSync(folder, { recursive: true })
})

const say = (text: string, file: string): Promise<void> =>
  synthesizer.render({ engine: 'flite', voice: 'slt', text }, join(folder, file))

test('a job that hangs fails after half a minute, and the next one has a worker of its own', async () => {
  const hanging = expect(say('One.', '1.wav')).rejects.toMatchObject({
    code: 'SPEECH_FAILED',
    message: expect.stringContaining('more than 30 s'),
  })
  const next = say('Two.', '2.wav')
  clock.advance(30_000)
  await hanging
  await next
  expect(existsSync(join(folder, '2.wav'))).toBe(true)
})

test('stop fails what is running and what waits, and what comes later', async () => {
  const refused = [say('One.', '1.wav'), say('Two.', '2.wav')].map((job) =>
    expect(job).rejects.toMatchObject({ message: expect.stringContaining('the server stops') }),
  )
  await synthesizer.stop()
  await Promise.all(refused)
  await expect(say('Three.', '3.wav')).rejects.toMatchObject({ code: 'SPEECH_FAILED' })
  expect(synthesizer.running).toBe(false)
})

test('a job that fails says why, and does not harm the next', async () => {
  const absent = join(folder, 'absent.wav')
  await expect(
    synthesizer.render({ engine: 'file', file: absent }, join(folder, '1.wav')),
  ).rejects.toMatchObject({ message: expect.stringContaining('absent.wav') })
  await say('Two.', '2.wav')
  expect(existsSync(join(folder, '2.wav'))).toBe(true)
})
