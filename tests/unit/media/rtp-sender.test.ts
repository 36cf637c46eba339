import { beforeEach, describe, expect, it } from 'vitest'
import { decodeTable, encodeTable } from '../../../src/audio/g711.ts'
import { Playback } from '../../../src/telephony/embedded/media/playback.ts'
import { emptyHeader, type RtpHeader, readRtp } from '../../../src/telephony/embedded/media/rtp.ts'
import { RtpSender } from '../../../src/telephony/embedded/media/rtp-sender.ts'
import { TelephoneEventSender } from '../../../src/telephony/embedded/media/telephone-event-sender.ts'

const remote = { host: '127.0.0.1', port: 4000, codec: 'PCMU', send: true, receive: true } as const

let now: number
let sent: (RtpHeader & { payload: Buffer })[]
let sender: RtpSender

beforeEach(() => {
  now = 0
  sent = []
  const send = (packet: Buffer): void => {
    const header = emptyHeader()
    readRtp(packet, header)
    sent.push({ ...header, payload: Buffer.from(packet.subarray(header.start, header.end)) })
  }
  sender = new RtpSender({ now: () => now, send })
  sender.setRemote({ ...remote, telephoneEvent: 101 })
})

const steps = (values: number[], bits: number): number[] =>
  values.slice(1).map((value, at) => (value - values[at]!) & (2 ** bits - 1))

function relay(timestamp: number, ssrc = 5, code = 0x90): void {
  const packet = Buffer.alloc(172, code)
  sender.relayAudio(packet, { ...emptyHeader(), timestamp, ssrc, start: 12, end: 172 }, 'PCMU')
}

describe('what is sent', () => {
  it('is one stream: one source, every sequence number, timestamps of the turns', () => {
    const playback = new Playback('PCMU', [10], false)
    for (const frame of [50, 51, 52, 60]) {
      now = frame * 20
      sender.play(playback, frame)
    }
    expect(new Set(sent.map(({ ssrc }) => ssrc)).size).toBe(1)
    expect(
      steps(
        sent.map(({ sequence }) => sequence),
        16,
      ),
    ).toEqual([1, 1, 1])
    expect(
      steps(
        sent.map(({ timestamp }) => timestamp),
        32 - 1,
      ),
    ).toEqual([160, 160, 8 * 160])
    expect(sent.map(({ marker }) => marker)).toEqual([true, false, false, true])
  })

  it('is nothing while the far end holds us', () => {
    sender.setRemote({ ...remote, send: false })
    expect(sender.play(new Playback('PCMU', [2], false), 1)).toBe(true)
    expect(sent).toEqual([])
    expect(sender.packetsSent).toBe(0)
  })

  it('is in the law of the far end, whatever was cut', () => {
    const code = encodeTable.PCMU[1000]!
    sender.setRemote({ ...remote, codec: 'PCMA' })
    sender.play(new Playback('PCMU', [Buffer.alloc(160, code)], false), 1)
    expect(sent[0]!.payloadType).toBe(8)
    expect(decodeTable.PCMA[sent[0]!.payload[0]!]).toBeCloseTo(1000, -2)
  })

  it('has all packets of a key at the timestamp of its beginning', () => {
    const keys = new TelephoneEventSender('1')
    for (let frame = 100; !keys.done; frame++) {
      now = frame * 20
      const event = keys.next()
      if (event) sender.event(event, frame)
    }
    expect(sent).toHaveLength(7)
    expect(new Set(sent.map(({ timestamp }) => timestamp)).size).toBe(1)
    expect(sent.map(({ payloadType }) => payloadType)).toEqual(Array.from({ length: 7 }, () => 101))
  })

  it('is one press also when a stall has skipped turns in the middle of it', () => {
    const keys = new TelephoneEventSender('1')
    for (const frame of [100, 101, 102, 103, 140, 141, 190]) {
      const event = keys.next()
      if (event) sender.event(event, frame)
    }
    expect(sent).toHaveLength(7)
    expect(new Set(sent.map(({ timestamp }) => timestamp)).size).toBe(1)
  })
})

describe('what is relayed', () => {
  it('keeps the rhythm of its source on our line of timestamps', () => {
    for (const [at, timestamp] of [
      [0, 70_000],
      [23, 70_160],
      [39, 70_320],
    ] as const) {
      now = at
      relay(timestamp)
    }
    expect(
      steps(
        sent.map(({ timestamp }) => timestamp),
        31,
      ),
    ).toEqual([160, 160])
  })

  it('stays near the clock when its source changes or its timestamps jump', () => {
    now = 1000
    relay(70_000)
    now = 1020
    relay(4_000_000_000)
    now = 1040
    relay(12, 6)
    expect(
      steps(
        sent.map(({ timestamp }) => timestamp),
        31,
      ),
    ).toEqual([160, 160])
  })

  it('is left out when it is longer than any packet should be', () => {
    sender.relayAudio(Buffer.alloc(1400), { ...emptyHeader(), start: 12, end: 1400 }, 'PCMU')
    expect(sent).toEqual([])
  })
})
