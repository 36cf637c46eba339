import { isIPv4, isIPv6 } from 'node:net'
import type { TracedAddress } from '../trace.ts'

/** One end, as headers need it: 4 or 16 bytes of address. */
export interface PacketEnd {
  readonly address: Buffer
  readonly port: number
}

/** Segments of TCP: where the stream stands in either direction. */
export interface StreamPosition {
  readonly sequence: number
  readonly acknowledged: number
}

const UDP = 17
const TCP = 6
const HOPS = 64
const DO_NOT_FRAGMENT = 0x4000
const PSH_ACK = 0x18
const TCP_HEADER_WORDS = 5
const WINDOW = 65_535

/** Both ends in the same family; what is no address of either is shown as unspecified. */
export function packetEnds(source: TracedAddress, destination: TracedAddress): [PacketEnd, PacketEnd] {
  const all = [source, destination].map(({ host }) => bytesOf(host))
  const six = all.some((bytes) => bytes.length === 16)
  const [from, to] = all.map((bytes) => (six && bytes.length === 4 ? mapped(bytes) : bytes))
  const none = Buffer.alloc(six ? 16 : 4)
  return [
    { address: from ?? none, port: source.port },
    { address: to ?? none, port: destination.port },
  ]
}

/** An Ethernet frame (IEEE 802.3) with an IP packet (RFC 791, RFC 8200) with a UDP datagram (RFC 768). */
export function udpFrame(from: PacketEnd, to: PacketEnd, payload: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt16BE(from.port, 0)
  header.writeUInt16BE(to.port, 2)
  header.writeUInt16BE(header.length + payload.length, 4)
  const datagram = Buffer.concat([header, payload])
  // A sum of zero is sent as all ones: zero would mean that there is none.
  datagram.writeUInt16BE(transportSum(from, to, UDP, datagram) || 0xffff, 6)
  return frame(from, to, UDP, datagram)
}

/** As `udpFrame`, with a segment of an established TCP connection (RFC 9293). */
export function tcpFrame(
  from: PacketEnd,
  to: PacketEnd,
  { sequence, acknowledged }: StreamPosition,
  payload: Buffer,
): Buffer {
  const header = Buffer.alloc(TCP_HEADER_WORDS * 4)
  header.writeUInt16BE(from.port, 0)
  header.writeUInt16BE(to.port, 2)
  header.writeUInt32BE(sequence, 4)
  header.writeUInt32BE(acknowledged, 8)
  header.writeUInt8(TCP_HEADER_WORDS << 4, 12)
  header.writeUInt8(PSH_ACK, 13)
  header.writeUInt16BE(WINDOW, 14)
  const segment = Buffer.concat([header, payload])
  segment.writeUInt16BE(transportSum(from, to, TCP, segment), 16)
  return frame(from, to, TCP, segment)
}

function frame(from: PacketEnd, to: PacketEnd, protocol: number, content: Buffer): Buffer {
  const isSix = from.address.length === 16
  const ethernet = Buffer.concat([hardwareAddress(to), hardwareAddress(from), Buffer.alloc(2)])
  ethernet.writeUInt16BE(isSix ? 0x86dd : 0x0800, 12)
  const ip = isSix ? ipv6(from, to, protocol, content.length) : ipv4(from, to, protocol, content.length)
  return Buffer.concat([ethernet, ip, content])
}

/** Nobody knows the real ones: locally administered, made of the address. */
function hardwareAddress({ address }: PacketEnd): Buffer {
  return Buffer.concat([Buffer.from([2, 0]), address.subarray(-4)])
}

function ipv4(from: PacketEnd, to: PacketEnd, protocol: number, length: number): Buffer {
  const header = Buffer.alloc(20)
  header.writeUInt8(0x45, 0)
  header.writeUInt16BE(header.length + length, 2)
  header.writeUInt16BE(DO_NOT_FRAGMENT, 6)
  header.writeUInt8(HOPS, 8)
  header.writeUInt8(protocol, 9)
  from.address.copy(header, 12)
  to.address.copy(header, 16)
  header.writeUInt16BE(checksum(header), 10)
  return header
}

function ipv6(from: PacketEnd, to: PacketEnd, protocol: number, length: number): Buffer {
  const header = Buffer.alloc(40)
  header.writeUInt8(0x60, 0)
  header.writeUInt16BE(length, 4)
  header.writeUInt8(protocol, 6)
  header.writeUInt8(HOPS, 7)
  from.address.copy(header, 8)
  to.address.copy(header, 24)
  return header
}

/** Over the pseudo header of RFC 768 and RFC 8200 8.1, which give the same sum for lengths below 65,536. */
function transportSum(from: PacketEnd, to: PacketEnd, protocol: number, content: Buffer): number {
  const tail = Buffer.alloc(4)
  tail.writeUInt16BE(protocol, 0)
  tail.writeUInt16BE(content.length, 2)
  return checksum(Buffer.concat([from.address, to.address, tail, content]))
}

/** The Internet checksum (RFC 1071): the complement of the ones' complement sum of 16-bit words. */
function checksum(bytes: Buffer): number {
  let sum = 0
  for (let i = 0; i + 1 < bytes.length; i += 2) sum += bytes.readUInt16BE(i)
  if (bytes.length % 2 === 1) sum += bytes.readUInt8(bytes.length - 1) << 8
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}

function bytesOf(host: string): Buffer {
  if (isIPv4(host)) return Buffer.from(host.split('.').map(Number))
  return isIPv6(host) ? ipv6Bytes(host) : Buffer.alloc(4)
}

function mapped(four: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(10), Buffer.from([0xff, 0xff]), four])
}

/** RFC 4291 2.2: groups of four hex digits, one run of zeros left out, the last two groups perhaps as IPv4. */
function ipv6Bytes(host: string): Buffer {
  const [head = '', tail] = host.replace(/%.*/, '').split('::')
  const groups = (text: string): number[] =>
    text
      .split(':')
      .filter((group) => group !== '')
      .flatMap((group) => {
        if (!group.includes('.')) return [Number.parseInt(group, 16)]
        const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
        return [a * 256 + b, c * 256 + d]
      })
  const [first, last] = [groups(head), groups(tail ?? '')]
  const bytes = Buffer.alloc(16)
  for (const [i, group] of first.entries()) bytes.writeUInt16BE(group, 2 * i)
  for (const [i, group] of last.entries()) bytes.writeUInt16BE(group, 16 - 2 * (last.length - i))
  return bytes
}
