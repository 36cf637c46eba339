import type { Party } from '../call/call.ts'
import { quote } from './sip-grammar.ts'
import { escapeUser } from './sip-uri.ts'
import { numberForTrunk, type Trunk } from './trunk.ts'

/** From of a caller who is not named (RFC 3323 4.1.1.3). */
const ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>'

/** The headers that name the caller in an INVITE over a trunk. */
export interface TrunkCaller {
  /** From, without its tag. */
  readonly from: string
  /** P-Asserted-Identity, Remote-Party-ID, Privacy. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * How a trunk is told who calls. From has the trunk's own number where it wants that, else the caller's. Who has no
 * number withholds it: nobody is named beside From, and the network is asked to keep it so (RFC 3323 4.2).
 * @param domain host part of the addresses
 * @param asserted is the caller's number vouched for? Only such a one is asserted (RFC 3325 5); Remote-Party-ID may
 *   name another one as not screened.
 */
export function trunkCaller(trunk: Trunk, domain: string, from: Party, asserted: boolean): TrunkCaller {
  const addressed = (number: string): string => {
    const name = from.name === undefined ? '' : `${quote(from.name.replaceAll(/[\r\n]+/g, ' '))} `
    return `${name}<sip:${escapeUser(numberForTrunk(number, trunk.numbers))}@${domain}>`
  }
  const { number } = from
  const shown = trunk.callerId ?? number
  return {
    from: shown === undefined ? ANONYMOUS : addressed(shown),
    headers:
      number === undefined ? { Privacy: 'id' } : identityHeader(trunk.identity, addressed(number), asserted),
  }
}

/** RFC 3325 9.1, or what came before it (draft-ietf-sip-privacy-04). */
function identityHeader(kind: Trunk['identity'], value: string, asserted: boolean): Record<string, string> {
  if (kind === 'remote-party-id') {
    return { 'Remote-Party-ID': `${value};party=calling;screen=${asserted ? 'yes' : 'no'};privacy=off` }
  }
  return kind === 'p-asserted-identity' && asserted ? { 'P-Asserted-Identity': value } : {}
}
