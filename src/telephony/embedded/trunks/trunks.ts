import type { Party } from '../../../call/call.ts'
import { escapeUser, parseUri } from '../../sip-uri.ts'
import { numberForTrunk, type Trunk } from '../../trunk.ts'
import type { Destination } from '../destination.ts'
import { fromValue } from '../parties.ts'
import type { Hop } from '../sip/message.ts'
import { TrunkLine, type TrunkLineOptions } from './trunk-line.ts'

/** What a call over trunks needs to know. */
export interface TrunkCall {
  readonly number: string
  readonly trunks: readonly string[]
  readonly from: Party
  readonly headers: Readonly<Record<string, string>>
}

/** All trunks of a center. */
export class Trunks {
  readonly #lines: ReadonlyMap<string, TrunkLine>

  constructor(trunks: readonly Trunk[], around: TrunkLineOptions) {
    this.#lines = new Map(trunks.map((trunk) => [trunk.name, new TrunkLine(trunk, around)]))
  }

  start(): void {
    for (const line of this.#lines.values()) line.start()
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#lines.values()].map((line) => line.stop()))
  }

  /** The trunk that this comes from. */
  bySource(source: Hop): Trunk | undefined {
    for (const line of this.#lines.values()) if (line.isSource(source)) return line.trunk
    return undefined
  }

  /** Every host of every trunk that may carry the call, in the order in which they are to be tried. */
  destinations(call: TrunkCall): readonly Destination[] {
    return call.trunks.flatMap((name) => {
      const line = this.#lines.get(name)
      return line?.usable ? line.hosts().map((host) => destination(line.trunk, host, call)) : []
    })
  }
}

function destination(trunk: Trunk, host: string, { number, from, headers }: TrunkCall): Destination {
  const user = escapeUser(numberForTrunk(number, trunk.numbers))
  const domain = trunk.domain ?? parseUri(host)?.host ?? ''
  const presented = presentedParty(trunk, domain, from)
  return {
    uri: host.replace(/^sip:/, `sip:${user}@`),
    flow: undefined,
    trunk,
    parts: {
      from: presented ? fromValue(presented) : '"Anonymous" <sip:anonymous@anonymous.invalid>',
      to: `<sip:${user}@${domain}>`,
      headers: { ...headers, ...identityHeader(trunk, domain, from) },
    },
  }
}

/** Who is shown in From: the trunk's own number where it wants that, else the caller; nobody who withheld it. */
function presentedParty(trunk: Trunk, domain: string, from: Party): Party | undefined {
  const number = trunk.callerId ?? from.number
  if (number === undefined) return undefined
  return addressed(trunk, domain, { number, ...(from.name !== undefined && { name: from.name }) })
}

/** RFC 3325 9.1, or what came before it. Without a number there is nobody to assert. */
function identityHeader(trunk: Trunk, domain: string, { number, name }: Party): Record<string, string> {
  if (number === undefined || trunk.identity === 'none') return {}
  const value = fromValue(addressed(trunk, domain, { number, ...(name !== undefined && { name }) }))
  return trunk.identity === 'p-asserted-identity'
    ? { 'P-Asserted-Identity': value }
    : { 'Remote-Party-ID': `${value};party=calling;screen=yes;privacy=off` }
}

function addressed(
  trunk: Trunk,
  domain: string,
  { number, name }: { readonly number: string; readonly name?: string },
): Party {
  const user = escapeUser(numberForTrunk(number, trunk.numbers))
  return { uri: `sip:${user}@${domain}`, ...(name !== undefined && { name }) }
}
