import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeRtpHeader } from '../../../src/telephony/embedded/media/rtp.ts'
import { RtpReceiver } from '../../../src/telephony/embedded/media/rtp-receiver.ts'

const source = { address: '192.0.2.10', port: 4000, family: 'IPv4', size: 0 } as const

function receiver(): { heard: string[]; receiver: RtpReceiver } {
  const heard: string[] = []
  const made = new RtpReceiver(
    {
      audio: (_packet, _header, law) => heard.push(law),
      eventPacket: () => heard.push('event'),
      digitBegun: (digit) => heard.push(`${digit} down`),
      digitEnded: (digit) => heard.push(`${digit} up`),
    },
    () => 1000,
  )
  made.setRemote({
    host: source.address,
    port: source.port,
    codec: 'PCMU',
    telephoneEvent: 101,
    send: true,
    receive: true,
  })
  return { heard, receiver: made }
}

function packet(payloadType: number, sequence: number, ssrc = 1, payload = Buffer.alloc(160)): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(12), payload])
  writeRtpHeader(bytes, payloadType, false, sequence, sequence * 160, ssrc)
  return bytes
}

describe('what is received', () => {
  it('is handed on by payload type; what was not agreed to is dropped, and locks nobody in', () => {
    const { heard, receiver: made } = receiver()
    made.receive(packet(96, 1), { ...source, address: '198.51.100.66' })
    expect(made.peer.locked).toBe(false)
    made.receive(packet(0, 1), source)
    made.receive(packet(8, 2), source)
    made.receive(packet(13, 3), source)
    made.receive(packet(101, 4, 1, Buffer.from([5, 0x8a, 3, 0x20])), source)
    expect(heard).toEqual(['PCMU', 'PCMA', '5 down', '5 up', 'event'])
    expect(made.statistics.packetsReceived).toBe(4)
  })

  it('counts on over a new source', () => {
    const { receiver: made } = receiver()
    for (const sequence of [1, 2, 4]) made.receive(packet(0, sequence), source)
    for (const sequence of [900, 901]) made.receive(packet(0, sequence, 2), source)
    expect(made.statistics.packetsLost).toBe(1)
    expect(made.statistics.packetsReceived).toBe(5)
  })

  it('never throws, whatever it is', () => {
    const { receiver: made } = receiver()
    const types = fc.constantFrom(0, 8, 13, 101, 127)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), types, fc.nat(255), (bytes, payloadType, first) => {
        const noise = Buffer.from(bytes)
        if (noise.length > 1) noise.set([0x80 | (first & 0x3f), payloadType])
        made.receive(noise, source)
      }),
      { numRuns: 3000 },
    )
    made.receive(packet(0, 1), source)
    expect(made.statistics.packetsReceived).toBeGreaterThan(0)
  })
})
