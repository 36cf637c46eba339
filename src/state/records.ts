/** Snapshots, effects and inbox entries as they are written: sealed records. */
import { positionIn } from './entry.ts'
import type { Effect, InboxEntry, InboxInput, Snapshot } from './journal.ts'
import { damaged, type Fields, fieldsOf, isCount, listIn, seal, unseal } from './sealed.ts'

export function sealSnapshot({ engine, position, state }: Snapshot): string {
  return seal({ engine, position, state })
}

/** @throws SwitchroomError STATE_DAMAGED */
export function unsealSnapshot(text: string, place: string): Snapshot {
  const { engine, position, state } = unseal(text, place)
  if (typeof engine !== 'string') throw damaged(`${place} does not say which engine made it`)
  return { engine, position: positionIn(position, place), state }
}

/** @throws SwitchroomError STATE_DAMAGED */
export function effectsIn(value: unknown, place: string): Effect[] {
  return listIn(value, place).map((item) => {
    const { sequence, index, effect } = fieldsOf(item, place)
    if (!isCount(sequence) || !isCount(index)) throw damaged(`${place} has an effect without an id`)
    return { sequence, index, effect }
  })
}

/** The effects of one group for one node. */
export interface EffectGroup {
  /** Of the term that decided them. */
  readonly epoch: number
  /** Of the last input of the group. */
  readonly sequence: number
  readonly effects: readonly Effect[]
}

export function sealEffects(epoch: number, effects: readonly Effect[]): string {
  return seal({ epoch, effects })
}

/** @throws SwitchroomError STATE_DAMAGED */
export function unsealEffects(text: string, place: string): Omit<EffectGroup, 'sequence'> {
  const { epoch, effects } = unseal(text, place)
  if (!isCount(epoch)) throw damaged(`${place} does not say which term decided it`)
  return { epoch, effects: effectsIn(effects, place) }
}

/** @throws SwitchroomError STATE_DAMAGED */
export function inboxInputIn({ key, input }: Fields, place: string): InboxInput {
  if (typeof key !== 'string') throw damaged(`${place} has no key`)
  return { key, input }
}

/** @throws SwitchroomError STATE_DAMAGED */
export function inboxEntriesIn(value: unknown, place: string): InboxEntry[] {
  return listIn(value, place).map((item) => {
    const fields = fieldsOf(item, place)
    const { id } = fields
    if (typeof id !== 'string') throw damaged(`${place} has an inbox entry without an id`)
    return { id, ...inboxInputIn(fields, place) }
  })
}
