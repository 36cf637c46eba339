import { isIPv4 } from 'node:net'
import type { Codec, RemoteMedia } from '../media/protocol.ts'
import {
  type Direction,
  type MediaSection,
  parseSdp,
  type SessionDescription,
} from './session-description.ts'

/** Static payload types (RFC 3551 6) of what we speak. */
const PAYLOAD_TYPES: Readonly<Record<string, Codec>> = { 0: 'PCMU', 8: 'PCMA' }
/** The payload type that we propose for telephone-event (RFC 4733); an offerer's own number wins. */
const TELEPHONE_EVENT = '101'
/** Old-style hold (RFC 2543; RFC 3264 8.4): an address that nothing can be sent to. */
const NOWHERE = '0.0.0.0'

export interface LocalMedia {
  readonly host: string
  readonly port: number
}

/** What an offer and its answer have agreed on. */
export interface Agreed {
  /** Our answer; undefined when the answer was theirs. */
  readonly answer: string | undefined
  readonly remote: RemoteMedia
}

/**
 * Offer and answer (RFC 3264) for one call: G.711 in both laws and telephone-event, one audio stream.
 * Keeps what must stay the same over re-negotiations: our session id, and the version that counts our changes.
 */
export class Negotiation {
  readonly #local: LocalMedia
  /** RFC 8866 5.2 wants it unique; any number that fits 63 bits will do. */
  readonly #sessionId: number
  #version = 0
  #last = ''

  constructor(local: LocalMedia, sessionId: number) {
    this.#local = local
    this.#sessionId = sessionId
  }

  /** Everything that we can do. */
  offer(direction: Direction = 'sendrecv'): string {
    return this.#write([this.#audio(['0', '8'], TELEPHONE_EVENT, direction)])
  }

  /** Our answer to an offer; undefined when there is no audio stream in it that we could take (488). */
  answerTo(offer: SessionDescription): Agreed | undefined {
    const chosen = offer.media.find((each) => choose(each) !== undefined)
    const choice = chosen && choose(chosen)
    if (!chosen || !choice) return undefined
    // Same number of sections in the same order; what is not taken gets port 0 (6).
    const sections = offer.media.map((each) =>
      each === chosen
        ? this.#audio([choice.format], choice.event, answering(chosen.direction))
        : [`m=${each.kind} 0 ${each.protocol} ${each.formats.join(' ')}`],
    )
    return { answer: this.#write(sections), remote: remoteOf(chosen, choice) }
  }

  /** What their answer to our offer means; undefined when it takes nothing of it. */
  accept(text: string): Agreed | undefined {
    const answered = parseSdp(text)?.media[0]
    const choice = answered && choose(answered)
    if (!answered || !choice) return undefined
    return { answer: undefined, remote: remoteOf(answered, choice) }
  }

  #audio(formats: readonly string[], event: string | undefined, direction: Direction): string[] {
    const all = event === undefined ? formats : [...formats, event]
    const lines = [`m=audio ${this.#local.port} RTP/AVP ${all.join(' ')}`]
    for (const format of formats) lines.push(`a=rtpmap:${format} ${PAYLOAD_TYPES[format]}/8000`)
    if (event !== undefined) lines.push(`a=rtpmap:${event} telephone-event/8000`, `a=fmtp:${event} 0-15`)
    return [...lines, 'a=ptime:20', `a=${direction}`]
  }

  #write(sections: readonly (readonly string[])[]): string {
    const { host } = this.#local
    const rest = ['s=-', `c=IN IP4 ${host}`, 't=0 0', ...sections.flat(), ''].join('\r\n')
    // The version rises when, and only when, the description changes (8).
    if (rest !== this.#last) this.#version++
    this.#last = rest
    return `v=0\r\no=- ${this.#sessionId} ${this.#version} IN IP4 ${host}\r\n${rest}`
  }
}

interface Choice {
  readonly format: string
  readonly codec: Codec
  readonly event: string | undefined
}

/** The first format of theirs that we know: the offerer's preference decides (6.1). */
function choose(section: MediaSection): Choice | undefined {
  if (section.kind !== 'audio' || section.port === 0 || section.protocol !== 'RTP/AVP') return undefined
  if (section.address === undefined || !isIPv4(section.address)) return undefined
  for (const format of section.formats) {
    const codec = PAYLOAD_TYPES[format]
    if (codec) return { format, codec, event: eventOf(section) }
  }
  return undefined
}

function eventOf({ formats, rtpmap }: MediaSection): string | undefined {
  return formats.find((format) => rtpmap.get(format) === 'telephone-event/8000' && Number(format) >= 96)
}

/** 6.1: who only sends is answered by one who only receives. */
function answering(direction: Direction): Direction {
  if (direction === 'sendonly') return 'recvonly'
  return direction === 'recvonly' ? 'sendonly' : direction
}

function remoteOf(section: MediaSection, { codec, event }: Choice): RemoteMedia {
  const listens = section.direction === 'sendrecv' || section.direction === 'recvonly'
  const held = !listens || section.address === NOWHERE
  return {
    host: section.address ?? NOWHERE,
    port: section.port,
    codec,
    ...(event !== undefined && { telephoneEvent: Number(event) }),
    send: !held,
    // Many phones say sendonly for hold and then send nothing: silence is no loss there.
    receive: section.direction === 'sendrecv' && !held,
  }
}

/** The offer, if we could answer it at all. */
export function acceptable(offer: string): SessionDescription | undefined {
  const description = parseSdp(offer)
  return description?.media.some((each) => choose(each) !== undefined) ? description : undefined
}
