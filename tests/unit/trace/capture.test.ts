import { expect, test } from 'vitest'
import { captureOf } from '../../../src/telephony/trace/capture.ts'
import { CALLER, Stage, US } from './stage.ts'

/** The record at `at`: its times and the frame, by the layout of the format. */
function recordAt(file: Buffer, at: number) {
  const length = file.readUInt32LE(at + 8)
  return {
    seconds: file.readUInt32LE(at),
    micros: file.readUInt32LE(at + 4),
    frame: file.subarray(at + 16, at + 16 + length),
    next: at + 16 + length,
  }
}

/** Ones' complement sum of 16-bit words: 0xffff over anything that contains its own checksum (RFC 1071). */
function sum(bytes: Buffer): number {
  const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)])
  let total = 0
  for (let i = 0; i < padded.length; i += 2) total += padded.readUInt16BE(i)
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16)
  return total
}

test('a message over UDP is an Ethernet frame with its addresses, ports, time and right checksums', () => {
  const stage = new Stage()
  stage.clock.advance(123)
  stage.received('x@far', CALLER, 'INVITE sip:100@192.0.2.1 SIP/2.0', '1 INVITE')
  const { messages } = stage.trace('x@far')
  const file = captureOf(messages)
  expect(file.subarray(0, 24).toString('hex')).toBe('d4c3b2a1020004000000000000000000' + '0000040001000000')
  const { seconds, micros, frame, next } = recordAt(file, 24)
  expect(next).toBe(file.length)
  expect(seconds * 1000 + micros / 1000).toBe(stage.clock.now())
  expect(frame.subarray(0, 14).toString('hex')).toBe('0200c0000201' + '0200c6336407' + '0800')
  const [ip, udp] = [frame.subarray(14, 34), frame.subarray(34)]
  expect(sum(ip)).toBe(0xffff)
  expect(ip.readUInt16BE(2)).toBe(frame.length - 14)
  expect([...ip.subarray(12, 20)]).toEqual([198, 51, 100, 7, 192, 0, 2, 1])
  expect([udp.readUInt16BE(0), udp.readUInt16BE(2), udp.readUInt16BE(4)]).toEqual([5070, 5060, udp.length])
  const pseudo = Buffer.from([...ip.subarray(12, 20), 0, 17, 0, udp.length])
  expect(sum(Buffer.concat([pseudo, udp]))).toBe(0xffff)
  expect(udp.subarray(8).toString()).toBe(messages[0]?.text)
})

test('over TCP each side counts its own bytes and acknowledges those of the other', () => {
  const [there, back] = [
    { source: CALLER, destination: US },
    { source: US, destination: CALLER },
  ]
  const message = {
    number: 1,
    at: 0,
    sipCallId: 'x',
    direction: 'received',
    transport: 'tcp',
    summary: '',
  } as const
  const rest = { method: '', hasSdp: false, repeated: false }
  const file = captureOf([
    { ...message, ...rest, ...there, text: 'A'.repeat(100) },
    { ...message, ...rest, ...back, text: 'B'.repeat(30) },
    { ...message, ...rest, ...there, text: 'C'.repeat(66_000) },
  ])
  const positions = []
  for (let at = 24; at < file.length; ) {
    const { frame, next } = recordAt(file, at)
    at = next
    const [ip, tcp] = [frame.subarray(14, 34), frame.subarray(34)]
    const length = Buffer.alloc(2)
    length.writeUInt16BE(tcp.length)
    expect(sum(Buffer.concat([ip.subarray(12, 20), Buffer.from([0, 6]), length, tcp]))).toBe(0xffff)
    positions.push([tcp.readUInt32BE(4), tcp.readUInt32BE(8), tcp.length - 20])
  }
  expect(positions).toEqual([
    [1, 1, 100],
    [1, 101, 30],
    [101, 31, 65_000],
    [65_101, 31, 1000],
  ])
})

test.each([
  ['2001:db8::7', '20010db8000000000000000000000007'],
  ['::1', '00000000000000000000000000000001'],
  ['fe80::1:2%eth0', 'fe800000000000000000000000010002'],
  ['::ffff:192.0.2.9', '00000000000000000000ffffc0000209'],
  ['192.0.2.9', '00000000000000000000ffffc0000209'],
  ['not an address', '00000000000000000000ffff00000000'],
])('over IPv6 %s is %s', (host, hex) => {
  const stage = new Stage()
  stage.received('x@far', CALLER, 'INVITE sip:100@host SIP/2.0', '1 INVITE')
  const [message] = stage.trace('x@far').messages
  const file = captureOf([
    { ...message!, source: { host, port: 5060 }, destination: { host: '2001:db8::1', port: 5060 } },
  ])
  const { frame } = recordAt(file, 24)
  expect(frame.subarray(12, 14).toString('hex')).toBe('86dd')
  const [from, to, udp] = [frame.subarray(22, 38), frame.subarray(38, 54), frame.subarray(54)]
  expect(from.toString('hex')).toBe(hex)
  const pseudo = Buffer.concat([from, to, Buffer.from([0, 0, 0, udp.length, 0, 0, 0, 17])])
  expect(sum(Buffer.concat([pseudo, udp]))).toBe(0xffff)
})
