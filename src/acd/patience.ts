import type { Place } from './model.ts'
import type { State } from './state.ts'

/** Begins to count how long a contact may wait. */
export function startPatience(state: State, { contact }: Place): void {
  const maxWaitMs = state.queues.get(contact.queue)?.rules.leave?.maxWaitMs
  state.stopTimer(patienceTimer(contact.id))
  contact.overdue = false
  if (maxWaitMs === undefined) return
  state.startTimer(patienceTimer(contact.id), contact.queuedAt + maxWaitMs, {
    kind: 'patience',
    contact: contact.id,
  })
}

export function patienceTimer(contact: string): string {
  return `patience:${contact}`
}
