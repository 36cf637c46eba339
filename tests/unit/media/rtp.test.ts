import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readReport, writeReport } from '../../../src/telephony/embedded/media/rtcp.ts'
import { emptyHeader, readRtp, writeRtpHeader } from '../../../src/telephony/embedded/media/rtp.ts'

function packet(payload: string, first = 0x80): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(12), Buffer.from(payload, 'latin1')])
  writeRtpHeader(bytes, 101, true, 65_535, 0xfffffff0, 0xdeadbeef)
  bytes[0] = first
  return bytes
}

describe('the RTP packet (RFC 3550 5.1)', () => {
  it('reads what was written', () => {
    const header = emptyHeader()
    expect(readRtp(packet('abcd'), header)).toBe(true)
    expect(header).toEqual({
      payloadType: 101,
      marker: true,
      sequence: 65_535,
      timestamp: 0xfffffff0,
      ssrc: 0xdeadbeef,
      start: 12,
      end: 16,
    })
  })

  it('passes over contributing sources, extension and padding', () => {
    const header = emptyHeader()
    const bytes = packet(`ccccCCCC\xbe\xde\x00\x01extnAUDIO\x00\x00\x03`, 0x80 | 0x20 | 0x10 | 2)
    expect(readRtp(bytes, header)).toBe(true)
    expect(bytes.toString('latin1', header.start, header.end)).toBe('AUDIO')
  })

  it.each([
    ['is too short', Buffer.alloc(11, 0x80)],
    ['is of another version (a STUN message)', packet('abcd', 0x00)],
    ['has no payload', packet('')],
    ['has more contributing sources than bytes', packet('abcd', 0x8f)],
    ['has an extension longer than itself', packet('\x00\x00\xff\xff', 0x90)],
    ['has more padding than payload', packet('abc\xff', 0xa0)],
    ['has padding of nothing', packet('abc\x00', 0xa0)],
  ])('is refused when it %s', (_, bytes) => {
    expect(readRtp(bytes, emptyHeader())).toBe(false)
  })

  it('no bytes make the readers throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, isPlausible) => {
        const noise = Buffer.from(bytes)
        if (isPlausible && noise.length > 1)
          noise.set([0x80 | (noise[0]! & 0x3f), noise[1]! % 4 === 0 ? 200 : 201])
        if (readRtp(noise, emptyHeader())) expect(noise.length).toBeGreaterThan(12)
        readReport(noise)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('RTCP reports (RFC 3550 6.4)', () => {
  const heard = {
    fractionLost: 255,
    packetsLost: 12,
    highestSequence: 0x1_0005,
    jitter: 40,
    ssrc: 2,
    lastSenderReport: 0x12345678,
    sinceLastSenderReportMs: 1000,
  }

  it('carries a sender report with one block and a name, in whole words', () => {
    const sent = { timestamp: 8000, packets: 50, bytes: 8000 }
    const report = writeReport({ ssrc: 1, wallClock: Date.UTC(2026, 0, 1), sent, heard, name: 'abc' })
    expect([...report.subarray(0, 8)]).toEqual([0x81, 200, 0, 12, 0, 0, 0, 1])
    expect(report.readUInt32BE(8) - 2208988800).toBe(Date.UTC(2026, 0, 1) / 1000)
    expect(report.readUInt32BE(32)).toBe(0xff00000c)
    expect(report.readUInt32BE(36)).toBe(0x10005)
    expect(report.readUInt32BE(48)).toBe(65_536)
    expect(report.length % 4).toBe(0)
    expect(report.readUInt16BE(54)).toBe((report.length - 52) / 4 - 1)
    expect(report.toString('latin1', 62, 65)).toBe('abc')
    expect(report.at(-1)).toBe(0)
  })

  it('gives the middle of the NTP time of what it reads, 0 for a receiver report, nothing for noise', () => {
    const sent = { timestamp: 8000, packets: 50, bytes: 8000 }
    const report = writeReport({ ssrc: 1, wallClock: 1_000_500, sent, name: 'abc' })
    expect(readReport(report)).toBe((((1000 + 2208988800) & 0xffff) * 0x10000 + 0x8000) >>> 0)
    expect(readReport(writeReport({ ssrc: 1, wallClock: 0, heard, name: 'abc' }))).toBe(0)
    expect(readReport(report.subarray(0, 30))).toBeUndefined()
    expect(readReport(packet('abcd'))).toBeUndefined()
    expect(readReport(Buffer.alloc(0))).toBeUndefined()
  })
})
