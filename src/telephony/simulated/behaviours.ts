import type { FarRefusal, SimulatedParty } from './party.ts'

/** What somebody does who is dialled; told once per call, as it begins to ring. */
export type Behaviour = (party: SimulatedParty) => void

/** Rings until we give up, or until the test or demo lets the party act. */
export const ringsOn: Behaviour = () => undefined

export function answersAfter(ms: number): Behaviour {
  return (party) => party.after(ms, () => party.answer())
}

export function refusesAfter(ms: number, cause: FarRefusal): Behaviour {
  return (party) => party.after(ms, () => party.refuse(cause))
}

/** Picks up at the very moment at which we give up: the answer crosses our CANCEL (RFC 3261 9.1). */
export const answersTooLate: Behaviour = (party) => {
  party.onEnd(() => party.answer())
}
