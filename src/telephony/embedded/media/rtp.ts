/**
 * The RTP packet, RFC 3550 5.1. Reading fills a header that the caller keeps, writing patches a buffer that the
 * caller keeps: nothing is allocated per packet.
 */

export const RTP_HEADER_BYTES = 12

/** Samples, and so bytes, of one packet of G.711 as we send it: 20 ms at 8 kHz. */
export const FRAME_SAMPLES = 160

/** Static payload types, RFC 3551 6. */
export const PAYLOAD_PCMU = 0
export const PAYLOAD_PCMA = 8
/** Comfort noise, RFC 3389. */
export const PAYLOAD_COMFORT_NOISE = 13

export interface RtpHeader {
  payloadType: number
  marker: boolean
  /** 16 bits. */
  sequence: number
  /** 32 bits, in samples (8 kHz). */
  timestamp: number
  /** 32 bits. */
  ssrc: number
  /** Where the payload lies in the packet: from `start` up to, not including, `end`. */
  start: number
  end: number
}

export function emptyHeader(): RtpHeader {
  return { payloadType: 0, marker: false, sequence: 0, timestamp: 0, ssrc: 0, start: 0, end: 0 }
}

/**
 * Reads `packet` into `header`, passing over contributing sources, header extension and padding.
 * @returns false when it is not an RTP packet with a payload; `header` is undefined then
 */
export function readRtp(packet: Buffer, header: RtpHeader): boolean {
  if (packet.length < RTP_HEADER_BYTES) return false
  const first = packet.readUInt8(0)
  if (first >> 6 !== 2) return false
  let start = RTP_HEADER_BYTES + (first & 0x0f) * 4
  if (first & 0x10) {
    if (packet.length < start + 4) return false
    start += 4 + packet.readUInt16BE(start + 2) * 4
  }
  let end = packet.length
  if (first & 0x20) {
    const padding = packet.readUInt8(end - 1)
    if (padding === 0) return false
    end -= padding
  }
  if (start >= end) return false
  const second = packet.readUInt8(1)
  header.marker = second >= 0x80
  header.payloadType = second & 0x7f
  header.sequence = packet.readUInt16BE(2)
  header.timestamp = packet.readUInt32BE(4)
  header.ssrc = packet.readUInt32BE(8)
  header.start = start
  header.end = end
  return true
}

/** Writes the twelve bytes of the header; the payload is to follow at `RTP_HEADER_BYTES`. */
export function writeRtpHeader(
  packet: Buffer,
  payloadType: number,
  marker: boolean,
  sequence: number,
  timestamp: number,
  ssrc: number,
): void {
  packet[0] = 0x80
  packet[1] = marker ? payloadType | 0x80 : payloadType
  packet.writeUInt16BE(sequence, 2)
  packet.writeUInt32BE(timestamp, 4)
  packet.writeUInt32BE(ssrc, 8)
}

/** `a - b` of two 32-bit timestamps, as a signed number: positive when `a` is later. */
export function timestampDifference(a: number, b: number): number {
  return (a - b) | 0
}
