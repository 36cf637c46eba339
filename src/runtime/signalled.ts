import type { CallEvent } from '../call/events.ts'
import type { SignalledField } from '../flow/flow.ts'

type Offered = Extract<CallEvent, { type: 'call.offered' }>

/** What the signalling of a call says beyond who calls whom, for flows and for the record. */
export function signalledFacts({
  trunk,
  identity,
}: Pick<Offered, 'trunk' | 'identity'>): Readonly<Partial<Record<SignalledField, string>>> {
  const { verification, userToUser } = identity ?? {}
  const divertedFrom = divertingNumber(identity)
  return {
    ...(trunk !== undefined && { trunk }),
    ...(divertedFrom !== undefined && { divertedFrom }),
    ...(verification && { verification: verification.status }),
    ...(verification?.attestation && { attestation: verification.attestation }),
    ...(userToUser?.[0] && { userToUser: userToUser[0].data }),
  }
}

/**
 * Does somebody whom we believe vouch for the caller's number: the trunk that brought it, if that is trusted, or the
 * device itself, whose name it is and which proved that?
 */
export function isVouchedFor({
  device,
  from,
  identity,
}: Pick<Offered, 'device' | 'from' | 'identity'>): boolean {
  if (from.number === undefined) return false
  if (device !== undefined) return from.number === device
  return identity?.asserted !== undefined || identity?.screened === true
}

/** Who forwarded the call last: the first Diversion, or the last entry of the history that was left for a reason. */
function divertingNumber(identity: Offered['identity']): string | undefined {
  const { diversions, history } = identity ?? {}
  return diversions?.[0]?.party.number ?? history?.findLast(({ cause }) => cause !== undefined)?.party.number
}
