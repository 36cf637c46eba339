import { describe, expect, it } from 'vitest'
import { decodeTable, encodeTable, silenceCode, transcodeTable } from '../../../src/audio/g711.ts'

/** From tables 1 and 2 of ITU-T G.711 (1988), at 16 bits: code, and the value that it stands for. */
const muLaw: readonly (readonly [number, number])[] = [
  [0x00, -32124],
  [0x01, -31100],
  [0x0f, -16764],
  [0x10, -15996],
  [0x2f, -4092],
  [0x7e, -8],
  [0x7f, 0],
  [0x80, 32124],
  [0x8f, 16764],
  [0xb0, 3900],
  [0xef, 132],
  [0xf0, 120],
  [0xfe, 8],
  [0xff, 0],
]
const aLaw: readonly (readonly [number, number])[] = [
  [0x2a, -32256],
  [0xaa, 32256],
  [0x55, -8],
  [0xd5, 8],
  [0x54, -24],
  [0xd4, 24],
  [0x5a, -248],
  [0x45, -264],
  [0xc5, 264],
  [0x80, 5504],
  [0x00, -5504],
]

describe('G.711', () => {
  it.each(muLaw)('mu-law %i is %i', (code, value) => {
    expect(decodeTable.PCMU[code]).toBe(value)
  })

  it.each(aLaw)('A-law %i is %i', (code, value) => {
    expect(decodeTable.PCMA[code]).toBe(value)
  })

  it.each(['PCMU', 'PCMA'] as const)('%s: every code survives decoding and encoding', (law) => {
    const codes = Array.from({ length: 256 }, (_, code) => encodeTable[law][decodeTable[law][code]! & 0xffff])
    const same = Array.from({ length: 256 }, (_, code) => code)
    // Mu-law has two zeros; the positive one is sent.
    if (law === 'PCMU') same[0x7f] = 0xff
    expect(codes).toEqual(same)
  })

  it.each(['PCMU', 'PCMA'] as const)('%s: every sample becomes the nearest value of its sign', (law) => {
    const values = Array.from(decodeTable[law])
    for (let sample = -32768; sample <= 32767; sample += 97) {
      const coded = decodeTable[law][encodeTable[law][sample & 0xffff]!]!
      const nearest = Math.min(...values.map((value) => Math.abs(value - sample)))
      expect(Math.abs(coded - sample), `sample ${sample}`).toBe(nearest)
    }
  })

  it('silence is the code of zero, and stays silence in the other law', () => {
    expect(encodeTable.PCMU[0]).toBe(silenceCode.PCMU)
    expect(encodeTable.PCMA[0]).toBe(silenceCode.PCMA)
    expect(transcodeTable.PCMU[silenceCode.PCMU]).toBe(silenceCode.PCMA)
  })

  it('from one law to the other keeps each value within a step of the coarser one', () => {
    for (let code = 0; code < 256; code++) {
      const before = decodeTable.PCMU[code]!
      const after = decodeTable.PCMA[transcodeTable.PCMU[code]!]!
      expect(Math.abs(after - before)).toBeLessThanOrEqual(Math.max(8, Math.abs(before) / 16))
    }
  })
})
