import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeTable } from '../../../src/audio/g711.ts'
import { Playback } from '../../../src/telephony/embedded/media/playback.ts'
import { Prompts } from '../../../src/telephony/embedded/media/prompts.ts'
import { tone, writeWav } from '../../support/audio.ts'
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts'

let folder: TempFolder
beforeAll(async () => {
  folder = await tempFolder('prompts')
})
afterAll(() => folder.remove())

const wav = (name: string, ms: number): Promise<string> => writeWav(join(folder.path, name), tone(440, ms))

describe('prompts', () => {
  it('are cut into whole packets, the last one filled with silence', async () => {
    const frames = await new Prompts(() => 0).load(await wav('cut.wav', 50), 'PCMU')
    expect(frames).toHaveLength(3 * 160)
    expect([...frames.subarray(400)]).toEqual(Array.from({ length: 80 }, () => 0xff))
    expect(decodeTable.PCMU[frames[10]!]).toBeCloseTo(tone(440, 50)[10]!, -3)
  })

  it('are read once per law, and again when the file has changed', async () => {
    let now = 0
    const prompts = new Prompts(() => now)
    const file = await wav('changing.wav', 100)
    const first = await prompts.load(file, 'PCMU')
    expect(prompts.ready(file, 'PCMU')).toBe(first)
    expect(prompts.ready(file, 'PCMA')).toBeUndefined()
    now = 1500
    expect(prompts.ready(file, 'PCMU')).toBeUndefined()
    expect(await prompts.load(file, 'PCMU')).toBe(first)
    expect(prompts.ready(file, 'PCMU')).toBe(first)
    await wav('changing.wav', 200)
    await utimes(file, 1, 1)
    now = 3000
    expect(await prompts.load(file, 'PCMU')).toHaveLength(10 * 160)
  })

  it('asked for by many at once are read once', async () => {
    const prompts = new Prompts(() => 0)
    const file = await wav('shared.wav', 100)
    const [one, two] = await Promise.all([prompts.load(file, 'PCMA'), prompts.load(file, 'PCMA')])
    expect(one).toBe(two)
  })

  it('make room for others, the one used longest ago first', async () => {
    const prompts = new Prompts(() => 0, 4000)
    const [one, two, three] = await Promise.all(['1.wav', '2.wav', '3.wav'].map((name) => wav(name, 200)))
    await prompts.load(one!, 'PCMU')
    await prompts.load(two!, 'PCMU')
    prompts.ready(one!, 'PCMU')
    await prompts.load(three!, 'PCMU')
    expect([one, two, three].map((file) => prompts.ready(file!, 'PCMU') !== undefined)).toEqual([
      true,
      false,
      true,
    ])
  })

  it('larger than the whole room are refused by name', async () => {
    const file = await wav('large.wav', 1000)
    await expect(new Prompts(() => 0, 4000).load(file, 'PCMU')).rejects.toThrow(
      /large\.wav .* the most is 4000/,
    )
  })
})

describe('a playback', () => {
  const count = (playback: Playback, limit: number): number => {
    const packet = Buffer.alloc(172)
    let packets = 0
    while (packets < limit && playback.next(packet, 12)) packets++
    return packets
  }

  it('plays each piece whole, in order, pauses too', () => {
    const pieces = [Buffer.alloc(160, 1), 2, Buffer.alloc(320, 3)]
    const playback = new Playback('PCMA', pieces, false)
    const packet = Buffer.alloc(172)
    const heard: number[] = []
    while (playback.next(packet, 12)) heard.push(packet[12]!)
    expect(heard).toEqual([1, 0xd5, 0xd5, 3, 3])
  })

  it('goes round and round where asked to, but never round nothing', () => {
    expect(count(new Playback('PCMU', [Buffer.alloc(320)], true), 1000)).toBe(1000)
    expect(count(new Playback('PCMU', [Buffer.alloc(0), 0], true), 1000)).toBe(0)
  })
})
