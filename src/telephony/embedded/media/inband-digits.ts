import { decodeTable } from '../../../audio/g711.ts'
import type { Codec } from './protocol.ts'
import type { DigitListener } from './telephone-event-receiver.ts'

/** The keys by row and column, ITU-T Q.23. */
const KEYS = ['123A', '456B', '789C', '*0#D'] as const
const ROWS = [697, 770, 852, 941]
const COLUMNS = [1209, 1336, 1477, 1633]

/** 12.75 ms: narrow enough to tell two rows apart, wide enough for tones that are 1.5 % off (Q.24). */
const BLOCK = 102
const BLOCK_MS = BLOCK / 8
/** A key counts after 38 ms of its tone and is up after as much of something else (Q.24: 40 ms). */
const BLOCKS_ON = 3
const BLOCKS_OFF = 3
/** Mean square of -36 dBov: what is quieter is no key. */
const LEAST_POWER = 32768 ** 2 * 10 ** -3.6
/** How much of the energy must lie in the two tones: speech spreads its energy. */
const LEAST_SHARE = 0.7
/** 8 dB: a tone stands so far above the others of its group, and the two are not further apart (twist). */
const EIGHT_DB = 10 ** 0.8

const COEFFICIENTS = Float64Array.from([...ROWS, ...COLUMNS], (hz) => 2 * Math.cos((2 * Math.PI * hz) / 8000))

/**
 * Hears keys as tones in the audio, by Goertzel filters. Only for far ends that did not agree to telephone-event:
 * speech and music are mistaken for a key now and then, packets never are.
 */
export class InbandDigits {
  readonly #listener: DigitListener
  readonly #last = new Float64Array(8)
  readonly #before = new Float64Array(8)
  #energy = 0
  #samples = 0
  /** The key of the last block, how many blocks had it in a row, and the key that is down. */
  #candidate = ''
  #blocks = 0
  #down = ''
  #downBlocks = 0

  constructor(listener: DigitListener) {
    this.#listener = listener
  }

  /** Takes the audio of one packet. */
  receive(packet: Buffer, start: number, end: number, law: Codec): void {
    const values = decodeTable[law]
    for (let at = start; at < end; at++) {
      this.#filter(values[packet[at] ?? 0] ?? 0)
      if (++this.#samples === BLOCK) this.#endBlock()
    }
  }

  #filter(sample: number): void {
    const last = this.#last
    const before = this.#before
    this.#energy += sample * sample
    for (let tone = 0; tone < 8; tone++) {
      const next = sample + (COEFFICIENTS[tone] ?? 0) * (last[tone] ?? 0) - (before[tone] ?? 0)
      before[tone] = last[tone] ?? 0
      last[tone] = next
    }
  }

  #endBlock(): void {
    const key = this.#keyOfBlock()
    this.#last.fill(0)
    this.#before.fill(0)
    this.#energy = 0
    this.#samples = 0
    this.#blocks = key === this.#candidate ? this.#blocks + 1 : 1
    this.#candidate = key
    if (this.#down !== '') this.#downBlocks += 1
    if (key !== this.#down && this.#blocks >= (key === '' ? BLOCKS_OFF : BLOCKS_ON)) this.#change(key)
  }

  #change(key: string): void {
    if (this.#down !== '') {
      this.#listener.digitEnded(this.#down, Math.round((this.#downBlocks - this.#blocks) * BLOCK_MS))
    }
    this.#down = key
    this.#downBlocks = this.#blocks
    if (key !== '') this.#listener.digitBegun(key)
  }

  /** The key whose two tones this block consists of; empty for anything else. */
  #keyOfBlock(): string {
    if (this.#energy < LEAST_POWER * BLOCK) return ''
    const powers = Array.from({ length: 8 }, (_, tone) => this.#powerOf(tone))
    const row = standsOut(powers.slice(0, 4))
    const column = standsOut(powers.slice(4))
    if (!row || !column) return ''
    if (row.power > EIGHT_DB * column.power || column.power > EIGHT_DB * row.power) return ''
    const share = (row.power + column.power) / (this.#energy * (BLOCK / 2))
    return share < LEAST_SHARE ? '' : (KEYS[row.index]?.[column.index] ?? '')
  }

  #powerOf(tone: number): number {
    const last = this.#last[tone] ?? 0
    const before = this.#before[tone] ?? 0
    return last * last + before * before - (COEFFICIENTS[tone] ?? 0) * last * before
  }
}

/** The strongest of a group, if it stands 8 dB above the rest. */
function standsOut(powers: readonly number[]): { index: number; power: number } | undefined {
  const power = Math.max(...powers)
  const index = powers.indexOf(power)
  const isAlone = powers.every((other, at) => at === index || other * EIGHT_DB < power)
  return isAlone ? { index, power } : undefined
}
