import type { ReceptionBlock } from './sequence-statistics.ts'

/** RTCP, RFC 3550 6: a sender or receiver report and our name in one compound packet. */

const SENDER_REPORT = 200
const RECEIVER_REPORT = 201
const SOURCE_DESCRIPTION = 202
const CNAME = 1
/** From 1900 (NTP) to 1970, seconds. */
const NTP_OFFSET_S = 2208988800

export interface OutgoingReport {
  readonly ssrc: number
  /** Milliseconds since 1970. */
  readonly wallClock: number
  /** Absent when we have sent nothing since the last report: then it is a receiver report. */
  readonly sent?: { readonly timestamp: number; readonly packets: number; readonly bytes: number }
  /** Absent when we have heard nobody. */
  readonly heard?: ReceptionBlock & {
    readonly ssrc: number
    /** The middle 32 bits of the NTP time of their last sender report, and how long ago that was; 0 without one. */
    readonly lastSenderReport: number
    readonly sinceLastSenderReportMs: number
  }
  /** The same for all packets of one session. */
  readonly name: string
}

export function writeReport(report: OutgoingReport): Buffer {
  return Buffer.concat([writeCounts(report), writeName(report.ssrc, report.name)])
}

function writeCounts({ ssrc, wallClock, sent, heard }: OutgoingReport): Buffer {
  const bytes = Buffer.alloc(8 + (sent ? 20 : 0) + (heard ? 24 : 0))
  bytes[0] = 0x80 | (heard ? 1 : 0)
  bytes[1] = sent ? SENDER_REPORT : RECEIVER_REPORT
  bytes.writeUInt16BE(bytes.length / 4 - 1, 2)
  bytes.writeUInt32BE(ssrc, 4)
  if (sent) {
    bytes.writeUInt32BE((Math.floor(wallClock / 1000) + NTP_OFFSET_S) % 2 ** 32, 8)
    bytes.writeUInt32BE(Math.floor(((wallClock % 1000) / 1000) * 2 ** 32), 12)
    bytes.writeUInt32BE(sent.timestamp, 16)
    bytes.writeUInt32BE(sent.packets % 2 ** 32, 20)
    bytes.writeUInt32BE(sent.bytes % 2 ** 32, 24)
  }
  if (heard) {
    const at = sent ? 28 : 8
    bytes.writeUInt32BE(heard.ssrc, at)
    bytes.writeUInt8(heard.fractionLost, at + 4)
    bytes.writeUIntBE(Math.min(heard.packetsLost, 0x7fffff), at + 5, 3)
    bytes.writeUInt32BE(heard.highestSequence % 2 ** 32, at + 8)
    bytes.writeUInt32BE(heard.jitter, at + 12)
    bytes.writeUInt32BE(heard.lastSenderReport, at + 16)
    bytes.writeUInt32BE(Math.floor(heard.sinceLastSenderReportMs * 65.536) % 2 ** 32, at + 20)
  }
  return bytes
}

/** SDES with a CNAME, padded with at least one zero byte to whole words (RFC 3550 6.5). */
function writeName(ssrc: number, name: string): Buffer {
  const text = Buffer.from(name, 'utf8').subarray(0, 255)
  const bytes = Buffer.alloc((8 + 2 + text.length + 4) & ~3)
  bytes[0] = 0x81
  bytes[1] = SOURCE_DESCRIPTION
  bytes.writeUInt16BE(bytes.length / 4 - 1, 2)
  bytes.writeUInt32BE(ssrc, 4)
  bytes[8] = CNAME
  bytes[9] = text.length
  text.copy(bytes, 10)
  return bytes
}

/**
 * The middle 32 bits of the NTP time in a compound packet's sender report, for the next report's LSR.
 * @returns 0 when it has none, undefined when it is not RTCP
 */
export function readReport(packet: Buffer): number | undefined {
  let middle = 0
  for (let at = 0; at < packet.length; ) {
    if (packet.length - at < 4 || packet.readUInt8(at) >> 6 !== 2) return undefined
    const type = packet.readUInt8(at + 1)
    const length = (packet.readUInt16BE(at + 2) + 1) * 4
    if (at + length > packet.length || (at === 0 && type !== SENDER_REPORT && type !== RECEIVER_REPORT)) {
      return undefined
    }
    if (type === SENDER_REPORT && length >= 28) middle = packet.readUInt32BE(at + 10)
    at += length
  }
  return packet.length > 0 ? middle : undefined
}
