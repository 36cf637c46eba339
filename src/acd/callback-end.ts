import type { ContactId } from './ids.ts'
import type { CallbackOutcome } from './life-inputs.ts'
import type { Callback, Place } from './model.ts'
import type { State } from './state.ts'

/** Ends a callback whose contact is being taken out. */
export function over(state: State, place: Place, outcome: CallbackOutcome): void {
  const { callback, id } = place.contact
  if (!callback) return
  stopTimer(state, callback)
  state.stopTimer(endTimer(id))
  state.callbacks.delete(place)
  place.contact.callback = undefined
  state.tell({ type: 'callback.ended', contact: id, outcome, attempts: callback.attempts })
}

export function stopTimer(state: State, callback: Callback): void {
  if (callback.timer !== undefined) state.stopTimer(callback.timer)
  callback.timer = undefined
}

export function endTimer(id: ContactId): string {
  return `callback-end:${id}`
}
