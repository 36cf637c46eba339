/**
 * Session descriptions (RFC 8866) as far as a call has them: sections of media, each with its address, formats
 * and attributes. What we do not know is skipped, so any phone's SDP can be read.
 */

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

export interface MediaSection {
  /** `audio`, `video`, ... */
  readonly kind: string
  readonly port: number
  /** `RTP/AVP`, ... */
  readonly protocol: string
  /** Payload types, in the order of preference. */
  readonly formats: readonly string[]
  /** From the section or, where it has none, from the session. */
  readonly address: string | undefined
  readonly direction: Direction
  /** Payload type -> `name/rate` in lower case. */
  readonly rtpmap: ReadonlyMap<string, string>
}

export interface SessionDescription {
  readonly media: readonly MediaSection[]
}

interface Open {
  kind: string
  port: number
  protocol: string
  formats: string[]
  address: string | undefined
  direction: Direction | undefined
  rtpmap: Map<string, string>
}

const DIRECTIONS: ReadonlySet<string> = new Set(['sendrecv', 'sendonly', 'recvonly', 'inactive'])
/** More sections than this in one body is no call. */
const MAX_SECTIONS = 32

/** The description, or undefined when the text is none. */
export function parseSdp(text: string): SessionDescription | undefined {
  if (!/^v=0\s/.test(text)) return undefined
  const session: Open = section('', 0, '', [])
  const media: Open[] = []
  for (const line of text.split(/\r\n|\n|\r/)) {
    const value = line.slice(2).trim()
    if (line.startsWith('m=')) {
      const next = openSection(value)
      if (!next || media.length >= MAX_SECTIONS) return undefined
      media.push(next)
    } else if (line.startsWith('c=')) (media.at(-1) ?? session).address = readAddress(value)
    else if (line.startsWith('a=')) readAttribute(value, media.at(-1) ?? session)
  }
  return {
    media: media.map((each) => ({
      ...each,
      address: each.address ?? session.address,
      direction: each.direction ?? session.direction ?? 'sendrecv',
    })),
  }
}

function section(kind: string, port: number, protocol: string, formats: string[]): Open {
  return { kind, port, protocol, formats, address: undefined, direction: undefined, rtpmap: new Map() }
}

/** `audio 49170/2 RTP/AVP 0 8` */
function openSection(value: string): Open | undefined {
  const [kind, port, protocol, ...formats] = value.split(/[ \t]+/)
  const number = /^(\d{1,5})(?:\/\d{1,5})?$/.exec(port ?? '')?.[1]
  if (!kind || number === undefined || Number(number) > 65_535 || !protocol) return undefined
  return section(kind.toLowerCase(), Number(number), protocol.toUpperCase(), formats)
}

/** `IN IP4 192.0.2.1`; other address types are none of ours. */
function readAddress(value: string): string | undefined {
  return /^IN[ \t]+IP4[ \t]+([A-Za-z0-9.-]+)/.exec(value)?.[1]
}

function readAttribute(value: string, into: Open): void {
  if (DIRECTIONS.has(value)) into.direction = asDirection(value)
  else if (value.startsWith('rtpmap:')) {
    const map = /^rtpmap:(\d{1,3})[ \t]+([A-Za-z0-9_.-]+\/\d{1,6})/.exec(value)
    if (map?.[1] !== undefined && map[2] !== undefined) into.rtpmap.set(map[1], map[2].toLowerCase())
  }
}

function asDirection(value: string): Direction {
  if (value === 'sendonly' || value === 'recvonly' || value === 'inactive') return value
  return 'sendrecv'
}
