import type { RemoteInfo } from 'node:dgram'
import { PeerLock } from './peer-lock.ts'
import type { Codec, RemoteMedia } from './protocol.ts'
import {
  emptyHeader,
  PAYLOAD_COMFORT_NOISE,
  PAYLOAD_PCMA,
  PAYLOAD_PCMU,
  type RtpHeader,
  readRtp,
} from './rtp.ts'
import { SequenceStatistics } from './sequence-statistics.ts'
import { type DigitListener, TelephoneEventReceiver } from './telephone-event-receiver.ts'

/** What a leg sent us, packet by packet; packet and header are only lent. */
export interface ReceiverListener extends DigitListener {
  audio(packet: Buffer, header: RtpHeader, law: Codec): void
  /** A packet of a key, each of them; `digitBegun` says once that it is pressed. */
  eventPacket(packet: Buffer, header: RtpHeader): void
}

/**
 * Takes packets from the network, believes none of them, and hands on what belongs to the call: from the locked
 * peer, well formed, of a payload type that we know. Everything else is dropped without a word.
 */
export class RtpReceiver {
  readonly peer = new PeerLock()
  readonly statistics = new SequenceStatistics()
  readonly #listener: ReceiverListener
  readonly #events: TelephoneEventReceiver
  readonly #now: () => number
  readonly #header = emptyHeader()
  #telephoneEvent: number | undefined
  #ssrc: number | undefined
  /** When the peer was last heard, milliseconds; undefined before the first packet. */
  heardAt: number | undefined

  constructor(listener: ReceiverListener, now: () => number) {
    this.#listener = listener
    this.#events = new TelephoneEventReceiver(listener)
    this.#now = now
  }

  setRemote(remote: RemoteMedia): void {
    this.peer.expect(remote.host, remote.port)
    this.#telephoneEvent = remote.telephoneEvent
  }

  /** The source that is heard now. */
  get ssrc(): number | undefined {
    return this.#ssrc
  }

  receive(packet: Buffer, source: RemoteInfo): void {
    const header = this.#header
    if (!readRtp(packet, header) || !this.#isKnown(header.payloadType)) return
    const now = this.#now()
    if (!this.peer.admit(source.address, source.port, now)) return
    this.heardAt = now
    if (header.ssrc !== this.#ssrc) this.#startSource(header.ssrc)
    const sampledAt = header.payloadType === this.#telephoneEvent ? undefined : header.timestamp
    this.statistics.receive(header.sequence, sampledAt, now)
    this.#handOn(packet, header, now)
  }

  /** Ends a key press whose packets have ceased. */
  expireDigit(now: number): void {
    this.#events.expire(now)
  }

  #handOn(packet: Buffer, header: RtpHeader, now: number): void {
    switch (header.payloadType) {
      case this.#telephoneEvent:
        this.#events.receive(packet, header, now)
        this.#listener.eventPacket(packet, header)
        return
      case PAYLOAD_PCMU:
        return this.#listener.audio(packet, header, 'PCMU')
      case PAYLOAD_PCMA:
        return this.#listener.audio(packet, header, 'PCMA')
    }
  }

  #startSource(ssrc: number): void {
    if (this.#ssrc !== undefined) {
      this.statistics.startSource()
      this.#events.startSource()
    }
    this.#ssrc = ssrc
  }

  #isKnown(payloadType: number): boolean {
    return (
      payloadType === PAYLOAD_PCMU ||
      payloadType === PAYLOAD_PCMA ||
      payloadType === this.#telephoneEvent ||
      payloadType === PAYLOAD_COMFORT_NOISE
    )
  }
}
