import { numberOf } from '../identity.ts'
import { parseNameAddr } from '../name-addr.ts'
import { escapeUser, parseUri, userOf } from '../sip-uri.ts'
import { numberForTrunk, numberFromTrunk, type Trunk } from '../trunk.ts'
import { trunkCaller } from '../trunk-caller.ts'
import { type Dialled, oneLines } from './destinations.ts'
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
      return line?.usable ? line.hosts().map((host) => [destination(line, host, number, dialled)]) : []
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

function destination(
  { trunk, auth }: TrunkLine,
  host: string,
  number: string,
  dialled: Dialled,
): Destination {
  const user = escapeUser(numberForTrunk(number, trunk.numbers))
  const domain = trunk.domain ?? parseUri(host)?.host ?? ''
  const caller = trunkCaller(trunk, domain, dialled.from, dialled.asserted ?? false)
  return {
    uri: host.replace(/^sip:/, `sip:${user}@`),
    proxy: undefined,
    headers: {
      ...oneLines(dialled.headers),
      ...caller.headers,
      From: caller.from,
      To: `<sip:${user}@${domain}>`,
    },
    ...(auth && { auth }),
    trunk: trunk.name,
  }
}
