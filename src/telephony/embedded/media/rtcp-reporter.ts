import { randomUUID } from 'node:crypto'
import type { PortPair } from './port-pairs.ts'
import { readReport, writeReport } from './rtcp.ts'
import type { RtpReceiver } from './rtp-receiver.ts'
import type { RtpSender } from './rtp-sender.ts'

/** Many calls are shorter than this; only then is the RTCP port worth opening. */
const OPEN_AFTER_MS = 1000
/** RFC 3550 6.2: five seconds on average, each interval between half and one and a half of that. */
const INTERVAL_MS = 5000

/** Sends a report about one leg every five seconds or so, and hears the far end's. */
export class RtcpReporter {
  readonly #pair: PortPair
  readonly #sender: RtpSender
  readonly #receiver: RtpReceiver
  readonly #wallClock: () => number
  readonly #now: () => number
  /** RFC 7022: an identifier per session that says nothing about the machine. */
  #name: string | undefined
  readonly #openAt: number
  #nextAt: number
  #sentBefore = 0
  #lastSenderReport = 0
  #opening = false
  /** When the far end's last report came, milliseconds; undefined before the first. */
  heardAt: number | undefined

  constructor(
    pair: PortPair,
    sender: RtpSender,
    receiver: RtpReceiver,
    around: { readonly wallClock: () => number; readonly pacing: { now(): number } },
  ) {
    this.#pair = pair
    this.#sender = sender
    this.#receiver = receiver
    this.#wallClock = around.wallClock
    this.#now = () => around.pacing.now()
    this.#openAt = this.#now() + OPEN_AFTER_MS
    this.#nextAt = this.#openAt + INTERVAL_MS * (0.5 + Math.random())
    pair.onRtcp = (packet, source) => this.#receive(packet, source.address)
  }

  tick(now: number): void {
    if (now < this.#openAt) return
    if (!this.#pair.rtcp && !this.#opening) {
      this.#opening = true
      void this.#pair.openRtcp()
    }
    if (now < this.#nextAt) return
    this.#nextAt = now + INTERVAL_MS * (0.5 + Math.random())
    this.#send(now)
  }

  #send(now: number): void {
    const { peer, ssrc, statistics } = this.#receiver
    if (!this.#pair.rtcp || peer.port === 0) return
    const { packetsSent, payloadBytesSent: bytes } = this.#sender
    const sent = { timestamp: this.#sender.timestampNow, packets: packetsSent, bytes }
    this.#name ??= randomUUID()
    const report = writeReport({
      ssrc: this.#sender.ssrc,
      name: this.#name,
      wallClock: this.#wallClock(),
      ...(packetsSent > this.#sentBefore && { sent }),
      ...(ssrc !== undefined && {
        heard: {
          ...statistics.report(),
          ssrc,
          lastSenderReport: this.#lastSenderReport,
          sinceLastSenderReportMs: this.#lastSenderReport === 0 ? 0 : now - (this.heardAt ?? now),
        },
      }),
    })
    this.#sentBefore = packetsSent
    this.#pair.rtcp.send(report, peer.port + 1, peer.host)
  }

  #receive(packet: Buffer, host: string): void {
    if (host !== this.#receiver.peer.host) return
    const lastSenderReport = readReport(packet)
    if (lastSenderReport === undefined) return
    this.heardAt = this.#now()
    this.#lastSenderReport = lastSenderReport
  }
}
