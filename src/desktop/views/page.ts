import type { Place } from '../actions/action.ts'

/** Whether the agent is writing at this moment. */
export function isTyping(): boolean {
  const active = document.activeElement
  if (active instanceof HTMLInputElement) return !['button', 'checkbox', 'radio'].includes(active.type)
  return active instanceof HTMLTextAreaElement || active instanceof HTMLSelectElement
}

/** Puts the cursor in a place: at once, so that the next key is written there, or as soon as it is on the page. */
export function focusOn(place: Place): void {
  const find = () => document.querySelector<HTMLElement>(`[data-place="${place}"]`)
  const there = find()
  if (there) there.focus()
  else requestAnimationFrame(() => find()?.focus())
}
