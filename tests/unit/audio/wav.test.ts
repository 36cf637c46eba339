import { describe, expect, it } from 'vitest'
import { decodeTable } from '../../../src/audio/g711.ts'
import {
  codesOf,
  durationMsOf,
  encodeWav,
  readTelephoneWav,
  readWav,
  soundOf,
} from '../../../src/audio/wav.ts'

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
    const wav = readWav(wavFile({ tag: 1, before: chunk('LIST', Buffer.from('odd')) }, data))
    expect(wav.encoding).toBe('pcm16')
    expect(soundOf(wav)).toEqual({ rate: 8000, samples: Int16Array.of(1, -2, 300) })
  })

  it('takes both G.711 laws, and hands them on as they are', () => {
    const codes = Buffer.from([0x00, 0x80, 0xff])
    const muLaw = readWav(wavFile({ tag: 7, bits: 8 }, codes))
    expect(codesOf(muLaw, 'PCMU')).toEqual(codes)
    expect(soundOf(muLaw).samples).toEqual(Int16Array.of(-32124, 32124, 0))
    const aLaw = readWav(wavFile({ tag: 6, bits: 8 }, codes))
    expect(codesOf(aLaw, 'PCMA')).toEqual(codes)
  })

  it('encodes PCM by the law that is asked for', () => {
    const wav = readWav(wavFile({ tag: 1 }, Buffer.from(Int16Array.of(1000, -1000).buffer)))
    for (const law of ['PCMU', 'PCMA'] as const) {
      const values = Array.from(codesOf(wav, law), (code) => decodeTable[law][code]!)
      expect(Math.abs(values[0]! - 1000)).toBeLessThan(32)
      expect(values[1]).toBe(-values[0]!)
    }
  })

  it('takes any rate, and knows how long it sounds', () => {
    const pcm = readWav(wavFile({ tag: 1, rate: 44_100 }, Buffer.alloc(44_100)))
    expect(soundOf(pcm).rate).toBe(44_100)
    expect(durationMsOf(pcm)).toBe(500)
    expect(durationMsOf(readWav(wavFile({ tag: 7, bits: 8 }, Buffer.alloc(800))))).toBe(100)
  })

  it('takes what is there when the data claims to be longer', () => {
    const file = wavFile({ tag: 1 }, Buffer.alloc(161))
    file.writeUInt32LE(0xffffffff, 40)
    expect(soundOf(readWav(file.subarray(0, 44 + 161))).samples).toHaveLength(80)
  })

  it.each([
    ['stereo', wavFile({ tag: 1, channels: 2 }, Buffer.alloc(4)), /2 channel\(s\)/],
    ['8-bit PCM', wavFile({ tag: 1, bits: 8 }, Buffer.alloc(4)), /1 channel\(s\) of 8 bits at 8000 Hz/],
    ['no rate', wavFile({ tag: 1, rate: 0 }, Buffer.alloc(4)), /at 0 Hz/],
    ['floating point', wavFile({ tag: 3, bits: 32 }, Buffer.alloc(4)), /format is number 3/],
    ['MP3 by another name', Buffer.from('ID3 and so on, much longer'), /not a RIFF WAVE file/],
    ['an empty file', Buffer.alloc(0), /not a RIFF WAVE file/],
    ['no data', wavFile({ tag: 1 }, Buffer.alloc(0)).subarray(0, 36), /no data chunk/],
  ])('refuses %s, for the telephone by name', (_, file, found) => {
    expect(() => readWav(file)).toThrow(found)
    expect(() => readTelephoneWav(file, 'greeting.wav')).toThrow(found)
    expect(() => readTelephoneWav(file, 'greeting.wav')).toThrow(/greeting\.wav/)
  })

  it('refuses another rate for the telephone', () => {
    const file = wavFile({ tag: 1, rate: 44_100 }, Buffer.alloc(4))
    expect(() => readTelephoneWav(file, 'cd.wav')).toThrow(/cd\.wav cannot be played: its rate is 44100 Hz/)
  })
})

describe('writing WAV', () => {
  it('gives back what was written', () => {
    const sound = { rate: 22_050, samples: Int16Array.of(0, 1, -1, 32_767, -32_768) }
    const file = encodeWav(sound)
    expect(soundOf(readWav(file))).toEqual(sound)
    expect(file.readUInt32LE(4)).toBe(file.length - 8)
    expect(file.readUInt32LE(28)).toBe(44_100)
    expect(file.readUInt32LE(40)).toBe(10)
  })
})
