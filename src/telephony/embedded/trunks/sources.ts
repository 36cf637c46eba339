import type { Hop } from '../sip/message.ts'

/** Does this come from there? */
export type SourceCheck = (source: Hop) => boolean

/** `203.0.113.7`, `203.0.113.7:5070` or `203.0.113.0/24`, known to be well formed. */
export function sourceCheck(entry: string): SourceCheck {
  const [, address = '', bits = '32', port] = /^([\d.]+)(?:\/(\d+)|:(\d+))?$/.exec(entry) ?? []
  // A shift by 32 is none at all in JavaScript.
  const mask = Number(bits) === 0 ? 0 : (-1 << (32 - Number(bits))) >>> 0
  const network = (numberOf(address) & mask) >>> 0
  return (source) =>
    (numberOf(source.host) & mask) >>> 0 === network && (port === undefined || Number(port) === source.port)
}

/** Over TCP the port of a caller is any: only over UDP does a peer send from where it listens. */
export function isFromHop(source: Hop, hop: Hop): boolean {
  return source.host === hop.host && (source.transport === 'tcp' || source.port === hop.port)
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
}
