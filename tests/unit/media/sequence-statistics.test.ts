import { beforeEach, describe, expect, it } from 'vitest'
import { SequenceStatistics } from '../../../src/telephony/embedded/media/sequence-statistics.ts'

let statistics: SequenceStatistics
beforeEach(() => {
  statistics = new SequenceStatistics()
})

/** Packets of 20 ms that come when they should, unless told otherwise. */
function receive(sequences: Iterable<number>): void {
  for (const sequence of sequences) statistics.receive(sequence & 0xffff, sequence * 160, sequence * 20)
}

function* range(from: number, to: number): Generator<number> {
  for (let at = from; at <= to; at++) yield at
}

describe('reception statistics (RFC 3550 appendix A)', () => {
  it('counts nothing lost where nothing is lost, over the wrap of the sequence', () => {
    receive(range(65_000, 66_000))
    expect(statistics.packetsReceived).toBe(1001)
    expect(statistics.packetsLost).toBe(0)
    expect(statistics.report().highestSequence).toBe(66_000)
  })

  it('counts what is missing, and takes it back when it was only late', () => {
    receive([1, 2, 3, 6, 7])
    expect(statistics.packetsLost).toBe(2)
    receive([5])
    expect(statistics.packetsLost).toBe(1)
  })

  it('gives the share lost since the last report in 1/256', () => {
    receive(range(1, 100))
    expect(statistics.report().fractionLost).toBe(0)
    receive([...range(101, 200)].filter((sequence) => sequence % 4 !== 0))
    // The last one of the hundred is missing too, so it is not expected yet: 24 of 99.
    expect(statistics.report()).toMatchObject({ fractionLost: Math.floor((24 * 256) / 99), packetsLost: 24 })
    receive(range(201, 210))
    expect(statistics.report().packetsLost).toBe(25)
  })

  it('a single stray packet changes nothing; two in a row are a restart', () => {
    receive(range(1, 50))
    receive([30_000])
    receive(range(51, 60))
    expect(statistics.packetsLost).toBe(0)
    receive(range(40_000, 40_049))
    expect(statistics.packetsLost).toBe(0)
    expect(statistics.packetsReceived).toBe(110)
  })

  it('keeps the loss of a source when another one follows', () => {
    receive([1, 2, 4])
    statistics.startSource()
    receive([500, 501])
    expect(statistics.packetsReceived).toBe(5)
    expect(statistics.packetsLost).toBe(1)
  })

  it('duplicates never make loss negative', () => {
    receive([1, 2, 2, 2])
    expect(statistics.packetsLost).toBe(0)
  })

  it('jitter is nothing for an even stream and tends to the mean deviation for an uneven one', () => {
    receive(range(1, 100))
    expect(statistics.jitterMs).toBe(0)
    for (let sequence = 101; sequence <= 400; sequence++) {
      statistics.receive(sequence, sequence * 160, sequence * 20 + (sequence % 2) * 10)
    }
    expect(statistics.jitterMs).toBeCloseTo(10, 0)
  })

  it('keys do not count as jitter', () => {
    receive(range(1, 100))
    for (let sequence = 101; sequence <= 110; sequence++) {
      statistics.receive(sequence, undefined, sequence * 20)
    }
    receive(range(111, 120))
    expect(statistics.jitterMs).toBe(0)
  })
})
