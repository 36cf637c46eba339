import type { Party } from '../../../call/call.ts'
import { escapeUser, parseUri } from '../../sip-uri.ts'
import { numberForTrunk, type Trunk } from '../../trunk.ts'
import { trunkCaller } from '../../trunk-caller.ts'
import type { Destination } from '../destination.ts'
import type { ClientCredentials } from '../sip/client-credentials.ts'
import type { Hop } from '../sip/message.ts'
import { TrunkLine, type TrunkLineOptions } from './trunk-line.ts'

/** What a call over trunks needs to know. */
export interface TrunkCall {
  readonly number: string
  readonly trunks: readonly string[]
  readonly from: Party
  readonly asserted: boolean
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

  /** What the challenges of a trunk are answered with; undefined where it has none. */
  credentialsOf({ name }: Trunk): ClientCredentials | undefined {
    return this.#lines.get(name)?.credentials()
  }

  /** Every host of every trunk that may carry the call, in the order in which they are to be tried. */
  destinations(call: TrunkCall): readonly Destination[] {
    return call.trunks.flatMap((name) => {
      const line = this.#lines.get(name)
      return line?.usable ? line.hosts().map((host) => destination(line.trunk, host, call)) : []
    })
  }
}

function destination(trunk: Trunk, host: string, call: TrunkCall): Destination {
  const user = escapeUser(numberForTrunk(call.number, trunk.numbers))
  const domain = trunk.domain ?? parseUri(host)?.host ?? ''
  const caller = trunkCaller(trunk, domain, call.from, call.asserted)
  return {
    uri: host.replace(/^sip:/, `sip:${user}@`),
    flow: undefined,
    trunk,
    parts: {
      from: caller.from,
      to: `<sip:${user}@${domain}>`,
      headers: { ...call.headers, ...caller.headers },
    },
  }
}
