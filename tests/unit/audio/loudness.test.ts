import { describe, expect, it } from 'vitest'
import { encodeTable } from '../../../src/audio/g711.ts'
import { dbovOf, energyOfCodes, levelOf, wholeDbovOf } from '../../../src/audio/loudness.ts'
import { tone } from '../../../src/audio/tone.ts'

describe('loudness', () => {
  it('of a square wave at full scale is 0 dBov, of a sine 3 dB less', () => {
    expect(levelOf(Int16Array.of(-32_768, -32_768))).toBe(0)
    expect(levelOf(tone(1000, 100, 32_767))).toBeCloseTo(-3.01, 2)
  })

  it('falls by 20 dB when the samples are a tenth', () => {
    expect(levelOf(tone(1000, 100, 20_000)) - levelOf(tone(1000, 100, 2000))).toBeCloseTo(20, 1)
  })

  it('of silence, and of nothing, is -127 dBov', () => {
    expect(levelOf(new Int16Array(160))).toBe(-127)
    expect(levelOf(new Int16Array(0))).toBe(-127)
    expect(dbovOf(1, 1e9)).toBe(-127)
  })

  it.each(['PCMU', 'PCMA'] as const)('of %s codes is that of what they stand for', (law) => {
    const samples = tone(1000, 20, 10_000)
    const codes = Uint8Array.from(samples, (sample) => encodeTable[law][sample & 0xffff]!)
    const level = dbovOf(energyOfCodes(codes, 0, codes.length, law), codes.length)
    expect(level).toBeCloseTo(levelOf(samples), 1)
    expect(energyOfCodes(codes, 10, 10, law)).toBe(0)
  })

  it('in whole dBov is rounded', () => {
    expect(wholeDbovOf(32_768 ** 2, 2)).toBe(-3)
    expect(wholeDbovOf(32_768 ** 2 * 0.7, 1)).toBe(-2)
    expect(wholeDbovOf(0, 160)).toBe(-127)
  })
})
