import type { Party } from '../../call/call.ts'
import { numberOf } from '../identity.ts'
import { parseNameAddr } from '../name-addr.ts'
import { escapeUser, parseUri, userOf } from '../sip-uri.ts'
import { numberForTrunk, numberFromTrunk, type Trunk } from '../trunk.ts'
import { type Dialled, fromValue, oneLines } from './destinations.ts'
import type { Destination } from './outbound-call.ts'
import type { SipRequest, SipSource } from './sip-messages.ts'
import { TrunkLine, type TrunkSurroundings } from './trunk-line.ts'

/** All trunks of a center. */
export class Trunks {
  readonly #lines: ReadonlyMap<string, TrunkLine>

  constructor(trunks: readonly Trunk[], around: TrunkSurroundings) {
    this.#lines = new Map(trunks.map((trunk) => [trunk.name, new TrunkLine(trunk, around)]))
  }

  start(): void {
    for (const line of this.#lines.values()) line.start()
  }

  stop(): void {
    for (const line of this.#lines.values()) line.stop()
  }

  /** The trunk that this comes from. */
  of(source: SipSource): Trunk | undefined {
    for (const line of this.#lines.values()) if (line.isSource(source)) return line.trunk
    return undefined
  }

  /** Every host of every trunk that may carry the call, in the order in which they are to be tried, each by itself. */
  lists(number: string, names: readonly string[], dialled: Dialled): readonly (readonly Destination[])[] {
    return names.flatMap((name) => {
      const line = this.#lines.get(name)
      return line?.usable ? line.hosts().map((host) => [destination(line.trunk, host, number, dialled)]) : []
    })
  }
}

/**
 * The number that was dialled, as the plan has it: in E.164, or as it came where that is what the plan knows. A trunk
 * that calls the name under which we registered there has put the number into To.
 */
export function dialledOver(
  trunk: Trunk,
  request: SipRequest,
  isServed: (number: string) => boolean,
): string {
  const target = parseUri(request.uri)
  const user = target && userOf(target)
  const to = parseNameAddr(request.fields['to']?.[0] ?? '')
  const isOurs = trunk.registration !== undefined && user === trunk.credentials?.username
  const dialled = (isOurs && to ? parseUri(to.uri) : target) ?? target
  const came = (dialled && numberOf(dialled)) ?? ''
  const ours = numberFromTrunk(came, trunk.numbers)
  return isServed(ours) || !isServed(came) ? ours : came
}

function destination(trunk: Trunk, host: string, number: string, { from, headers }: Dialled): Destination {
  const user = escapeUser(numberForTrunk(number, trunk.numbers))
  const domain = trunk.domain ?? parseUri(host)?.host ?? ''
  const shown = trunk.callerId ?? from.number
  return {
    uri: host.replace(/^sip:/, `sip:${user}@`),
    proxy: undefined,
    headers: {
      ...oneLines(headers),
      ...identityHeader(trunk, domain, from),
      From: shown === undefined ? ANONYMOUS : addressed(trunk, domain, shown, from.name),
      To: `<sip:${user}@${domain}>`,
    },
    ...(trunk.credentials && { auth: trunk.credentials }),
    trunk: trunk.name,
  }
}

const ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>'

/** RFC 3325 9.1, or what came before it. Without a number there is nobody to assert. */
function identityHeader(trunk: Trunk, domain: string, { number, name }: Party): Record<string, string> {
  if (number === undefined || trunk.identity === 'none') return {}
  const value = addressed(trunk, domain, number, name)
  return trunk.identity === 'p-asserted-identity'
    ? { 'P-Asserted-Identity': value }
    : { 'Remote-Party-ID': `${value};party=calling;screen=yes;privacy=off` }
}

function addressed(trunk: Trunk, domain: string, number: string, name: string | undefined): string {
  const user = escapeUser(numberForTrunk(number, trunk.numbers))
  return fromValue({ uri: `sip:${user}@${domain}`, ...(name !== undefined && { name }) })
}
