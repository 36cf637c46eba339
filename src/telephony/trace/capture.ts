import type { TraceMessage } from '../call-trace.ts'
import { type PacketEnd, packetEnds, tcpFrame, udpFrame } from './packet.ts'

/** The classic format, times in microseconds (draft-ietf-opsawg-pcap). */
const MAGIC = 0xa1b2c3d4
const LINKTYPE_ETHERNET = 1
const LONGEST_FRAME = 262_144
/** What fits an IP packet with room for its headers. */
const LONGEST_PAYLOAD = 65_000

/**
 * A capture file of these messages, with the addresses and times that they really had. TCP is shown as segments of an
 * established connection. What came encrypted or in WebSocket frames is shown as UDP: it could not be read otherwise.
 */
export function captureOf(messages: readonly TraceMessage[]): Buffer {
  const streams = new Map<string, number>()
  const records = messages.flatMap((message) =>
    framesOf(message, streams).map((frame) => record(message.at, frame)),
  )
  return Buffer.concat([fileHeader(), ...records])
}

function framesOf(
  { source, destination, transport, text }: TraceMessage,
  streams: Map<string, number>,
): Buffer[] {
  const [from, to] = packetEnds(source, destination)
  const payload = Buffer.from(text)
  if (transport !== 'tcp') return [udpFrame(from, to, payload.subarray(0, LONGEST_PAYLOAD))]
  const frames: Buffer[] = []
  const [there, back] = [streamName(from, to), streamName(to, from)]
  for (let start = 0; start < payload.length; start += LONGEST_PAYLOAD) {
    const piece = payload.subarray(start, start + LONGEST_PAYLOAD)
    const sequence = streams.get(there) ?? 1
    frames.push(tcpFrame(from, to, { sequence, acknowledged: streams.get(back) ?? 1 }, piece))
    streams.set(there, sequence + piece.length)
  }
  return frames
}

function streamName(from: PacketEnd, to: PacketEnd): string {
  return [from, to].map(({ address, port }) => `${address.toString('hex')}:${port}`).join(' ')
}

function fileHeader(): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(MAGIC, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(LONGEST_FRAME, 16)
  header.writeUInt32LE(LINKTYPE_ETHERNET, 20)
  return header
}

function record(at: number, frame: Buffer): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32LE(Math.floor(at / 1000), 0)
  header.writeUInt32LE(Math.floor((at % 1000) * 1000), 4)
  header.writeUInt32LE(frame.length, 8)
  header.writeUInt32LE(frame.length, 12)
  return Buffer.concat([header, frame])
}
