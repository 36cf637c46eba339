import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeTable } from '../../../src/audio/g711.ts'
import { InbandDigits } from '../../../src/telephony/embedded/media/inband-digits.ts'
import { readSamples, silence, tone } from '../../support/audio.ts'

const ROWS = [697, 770, 852, 941]
const COLUMNS = [1209, 1336, 1477, 1633]
const KEYS = '123A456B789C*0#D'
const DIAL = tone(440, 500)

interface Key {
  readonly ms?: number
  readonly level?: number
  /** How far the column is above the row, dB. */
  readonly twist?: number
  /** How far both are off, percent. */
  readonly off?: number
}

function key(digit: string, { ms = 100, level = -16, twist = 0, off = 0 }: Key = {}): Int16Array {
  const at = KEYS.indexOf(digit)
  const row = tone(ROWS[at >> 2]! * (1 + off / 100), ms, level)
  const column = tone(COLUMNS[at & 3]! * (1 + off / 100), ms, level + twist)
  return row.map((sample, index) => sample + column[index]!)
}

function hear(...pieces: readonly Int16Array[]): { digits: string; lengths: number[] } {
  const heard = { digits: '', lengths: [] as number[] }
  const receiver = new InbandDigits({
    digitBegun: (digit) => (heard.digits += digit),
    digitEnded: (_digit, durationMs) => heard.lengths.push(durationMs),
  })
  const codes = encodeTable.PCMU
  const audio = Buffer.concat(
    pieces.map((piece) => Buffer.from(piece.map((sample) => codes[sample & 0xffff]!))),
  )
  for (let at = 0; at < audio.length; at += 160) {
    receiver.receive(audio, at, Math.min(at + 160, audio.length), 'PCMU')
  }
  return heard
}

describe('keys as tones (Q.23, Q.24)', () => {
  it('are all heard, once each, with about their length', () => {
    const { digits, lengths } = hear(
      ...Array.from(KEYS, (digit) => [key(digit), silence(70)]).flat(),
      silence(100),
    )
    expect(digits).toBe(KEYS)
    for (const ms of lengths) expect(Math.abs(ms - 100)).toBeLessThanOrEqual(26)
  })

  it('the same key twice is two', () => {
    expect(hear(key('5'), silence(60), key('5'), silence(60)).digits).toBe('55')
  })

  it.each([
    ['short', { ms: 60 }],
    ['quiet', { level: -33 }],
    ['loud', { level: -9 }],
    ['twisted one way', { twist: 4 }],
    ['and the other', { twist: -6 }],
    ['sharp by 1.5 %', { off: 1.5 }],
    ['flat by 1.5 %', { off: -1.5 }],
  ])('are heard when %s', (_, how) => {
    for (const digit of KEYS) expect(hear(silence(30), key(digit, how), silence(100)).digits).toBe(digit)
  })

  it.each([
    ['too short', key('5', { ms: 20 })],
    ['too quiet', key('5', { level: -45 })],
    ['off by 5 %', key('5', { off: 5 })],
    ['one tone alone', tone(770, 500)],
    ['a dial tone', tone(350, 500).map((sample, at) => sample + DIAL[at]!)],
  ])('are not heard in what is %s', (_, audio) => {
    expect(hear(silence(30), audio, silence(100)).digits).toBe('')
  })

  it('are not heard in speech', async () => {
    const folder = join(import.meta.dirname, '../../../media/prompts/en')
    const files = (await readdir(folder)).filter((file) => file.endsWith('.wav'))
    expect(files.length).toBeGreaterThan(5)
    const speech = await Promise.all(files.map((file) => readSamples(join(folder, file))))
    expect(hear(...speech).digits).toBe('')
  })
})
