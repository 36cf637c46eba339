/**
 * Reads HEP version 3, the format in which SIP servers of others copy their messages to a capture server (HEP3
 * Network Protocol Specification, rev. 36): `HEP3`, a length, and chunks of vendor, type, length, content.
 */
import { inflateSync } from 'node:zlib'
import type { SipTransport, TracedAddress } from '../trace.ts'

export interface HepPacket {
  readonly source: TracedAddress
  readonly destination: TracedAddress
  readonly transport: SipTransport
  /** Milliseconds since 1970, with microseconds behind the point. */
  readonly at: number
  readonly password: string | undefined
  readonly text: string
}

const HEADER = 6
const CHUNK_HEADER = 6
/** Chunks of other vendors mean nothing to us. */
const GENERIC = 0
const SIP = 1
const MOST_INFLATED = 128 * 1024

const Chunk = {
  protocol: 2,
  source4: 3,
  destination4: 4,
  source6: 5,
  destination6: 6,
  sourcePort: 7,
  destinationPort: 8,
  seconds: 9,
  micros: 10,
  kind: 11,
  password: 14,
  payload: 15,
  zipped: 16,
} as const

/** IANA protocol numbers; the servers tell no more than these, so TLS is shown as TCP. */
const TRANSPORTS: Readonly<Record<number, SipTransport>> = { 6: 'tcp', 17: 'udp' }

/** What a packet holds; undefined when it is no HEP 3, no SIP, or incomplete. */
export function readHep(data: Buffer): HepPacket | undefined {
  const chunks = chunksOf(data)
  const number = (type: number, length: 1 | 2 | 4): number | undefined => {
    const content = chunks?.get(type)
    return content?.length === length ? content.readUIntBE(0, length) : undefined
  }
  const end = (four: number, six: number, portType: number): TracedAddress | undefined => {
    const host = hostOf(chunks?.get(four), chunks?.get(six))
    const port = number(portType, 2)
    return host === undefined || port === undefined ? undefined : { host, port }
  }
  const source = end(Chunk.source4, Chunk.source6, Chunk.sourcePort)
  const destination = end(Chunk.destination4, Chunk.destination6, Chunk.destinationPort)
  const transport = TRANSPORTS[number(Chunk.protocol, 1) ?? 0]
  const [seconds, micros] = [number(Chunk.seconds, 4), number(Chunk.micros, 4)]
  const text = textOf(chunks?.get(Chunk.payload), chunks?.get(Chunk.zipped))
  if (number(Chunk.kind, 1) !== SIP || !source || !destination || !transport) return undefined
  if (seconds === undefined || micros === undefined || text === undefined) return undefined
  const at = seconds * 1000 + micros / 1000
  return { source, destination, transport, at, password: chunks?.get(Chunk.password)?.toString(), text }
}

function chunksOf(data: Buffer): Map<number, Buffer> | undefined {
  if (data.length < HEADER || data.toString('latin1', 0, 4) !== 'HEP3') return undefined
  if (data.readUInt16BE(4) !== data.length) return undefined
  const chunks = new Map<number, Buffer>()
  for (let at = HEADER; at + CHUNK_HEADER <= data.length; ) {
    const length = data.readUInt16BE(at + 4)
    if (length < CHUNK_HEADER || at + length > data.length) return undefined
    if (data.readUInt16BE(at) === GENERIC)
      chunks.set(data.readUInt16BE(at + 2), data.subarray(at + CHUNK_HEADER, at + length))
    at += length
  }
  return chunks
}

function hostOf(four: Buffer | undefined, six: Buffer | undefined): string | undefined {
  if (four?.length === 4) return four.join('.')
  if (six?.length !== 16) return undefined
  const groups = Array.from({ length: 8 }, (_, i) => six.readUInt16BE(2 * i).toString(16))
  // The URL parser writes the canonical form (RFC 5952).
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

function textOf(payload: Buffer | undefined, zipped: Buffer | undefined): string | undefined {
  if (payload || !zipped) return payload?.toString()
  try {
    return inflateSync(zipped, { maxOutputLength: MOST_INFLATED }).toString()
  } catch {
    return undefined
  }
}
