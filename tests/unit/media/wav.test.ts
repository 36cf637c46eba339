import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeTable } from '../../../src/telephony/embedded/media/g711.ts'
import { decodeWav, encodeWav, readWav } from '../../../src/telephony/embedded/media/wav.ts'
import { WavWriter } from '../../../src/telephony/embedded/media/wav-writer.ts'
import { readSamples, tone, writeWav } from '../../support/audio.ts'
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts'

let folder: TempFolder
beforeAll(async () => {
  folder = await tempFolder('wav')
})
afterAll(() => folder.remove())

interface Format {
  readonly tag: number
  readonly channels?: number
  readonly rate?: number
  readonly bits?: number
  readonly before?: Buffer
}

function wavFile({ tag, channels = 1, rate = 8000, bits = 16, before }: Format, data: Buffer): Buffer {
  const format = Buffer.alloc(16)
  format.writeUInt16LE(tag, 0)
  format.writeUInt16LE(channels, 2)
  format.writeUInt32LE(rate, 4)
  format.writeUInt16LE(bits, 14)
  const chunks = [chunk('fmt ', format), before ?? Buffer.alloc(0), chunk('data', data)]
  return Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(4), Buffer.from('WAVE'), ...chunks])
}

function chunk(id: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(id, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length & 1)])
}

describe('reading WAV', () => {
  it('takes 16-bit PCM past chunks that it does not know, odd ones too', () => {
    const data = Buffer.from(Int16Array.of(1, -2, 300).buffer)
    const wav = readWav(wavFile({ tag: 1, before: chunk('LIST', Buffer.from('odd')) }, data), 'a.wav')
    expect(wav.encoding).toBe('pcm16')
    expect(decodeWav(wav)).toEqual(Int16Array.of(1, -2, 300))
  })

  it('takes both G.711 laws, and hands them on as they are', () => {
    const codes = Buffer.from([0x00, 0x80, 0xff])
    const muLaw = readWav(wavFile({ tag: 7, bits: 8 }, codes), 'mu.wav')
    expect(encodeWav(muLaw, 'PCMU')).toEqual(codes)
    expect(decodeWav(muLaw)).toEqual(Int16Array.of(-32124, 32124, 0))
    const aLaw = readWav(wavFile({ tag: 6, bits: 8 }, codes), 'a.wav')
    expect(encodeWav(aLaw, 'PCMA')).toEqual(codes)
  })

  it('encodes PCM by the law that is asked for', () => {
    const wav = readWav(wavFile({ tag: 1 }, Buffer.from(Int16Array.of(1000, -1000).buffer)), 'a.wav')
    for (const law of ['PCMU', 'PCMA'] as const) {
      const values = Array.from(encodeWav(wav, law), (code) => decodeTable[law][code]!)
      expect(Math.abs(values[0]! - 1000)).toBeLessThan(32)
      expect(values[1]).toBe(-values[0]!)
    }
  })

  it.each([
    [
      'another rate',
      wavFile({ tag: 1, rate: 44100 }, Buffer.alloc(4)),
      /1 channel\(s\) of 16 bits at 44100 Hz/,
    ],
    ['stereo', wavFile({ tag: 1, channels: 2 }, Buffer.alloc(4)), /2 channel\(s\)/],
    ['floating point', wavFile({ tag: 3, bits: 32 }, Buffer.alloc(4)), /format is number 3/],
    ['MP3 by another name', Buffer.from('ID3 and so on, much longer'), /not a RIFF WAVE file/],
    ['an empty file', Buffer.alloc(0), /not a RIFF WAVE file/],
    ['no data', wavFile({ tag: 1 }, Buffer.alloc(0)).subarray(0, 36), /no data chunk/],
  ])('refuses %s by name', (_, file, found) => {
    expect(() => readWav(file, 'greeting.wav')).toThrow(found)
    expect(() => readWav(file, 'greeting.wav')).toThrow(/greeting\.wav/)
  })
})

describe('writing WAV', () => {
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
