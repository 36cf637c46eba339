import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WavWriter } from '../../../src/audio/wav-writer.ts'
import { readSamples, tone, writeWav } from '../../support/audio.ts'
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts'

let folder: TempFolder
beforeAll(async () => {
  folder = await tempFolder('wav')
})
afterAll(() => folder.remove())

describe('writing WAV as it comes', () => {
  it('gives back what was written', async () => {
    const samples = tone(440, 500)
    const path = await writeWav(
      join(folder.path, 'tone.wav'),
      samples.subarray(0, 100),
      samples.subarray(100),
    )
    expect(await readSamples(path)).toEqual(samples)
    const bytes = await readFile(path)
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8)
    expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44)
  })

  it('leaves a file that can be read when its writer dies', async () => {
    const path = join(folder.path, 'whole.wav')
    const writer = await WavWriter.create(path)
    writer.append(tone(440, 100))
    await writer.close()
    const crashed = await readFile(path)
    crashed.writeUInt32LE(0xffffffff, 4)
    crashed.writeUInt32LE(0xffffffff, 40)
    await writeFile(join(folder.path, 'crashed.wav'), crashed.subarray(0, -31))
    expect(await readSamples(join(folder.path, 'crashed.wav'))).toHaveLength(800 - 16)
  })

  it('says at its end that the disk refused', async () => {
    await expect(WavWriter.create(join(folder.path, 'missing', 'a.wav'))).rejects.toThrow(/ENOENT/)
    const writer = await WavWriter.create('/dev/full')
    writer.append(tone(440, 100))
    await expect(writer.close()).rejects.toThrow(/ENOSPC/)
  })
})
