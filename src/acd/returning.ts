import { give } from './callbacks.ts'
import type { LifeEffect } from './life-inputs.ts'
import type { Front, Place, Queue } from './model.ts'
import type { State } from './state.ts'

/** Who comes again: to the place that they had, and to the agent with whom they talked last. */

/** What somebody comes back to. */
export interface Resumed {
  readonly arrival: number
  readonly joinedAt: number
  readonly after: Extract<LifeEffect, { type: 'contact.resumed' }>['after']
  take(): void
}

export function rememberPlace(state: State, { contact }: Place, reason: 'abandoned' | 'left' | 'lost'): void {
  const resumeMs = state.queues.get(contact.queue)?.rules.resumeMs ?? 0
  if (reason === 'left' || resumeMs <= 0 || contact.customer === undefined || contact.callback) return
  if (contact.state === 'connected') return
  forgetOldPlaces(state)
  const key = keyOf(contact.customer, contact.queue)
  state.leftPlaces.delete(key)
  state.leftPlaces.set(key, {
    arrival: contact.arrival,
    joinedAt: contact.joinedAt,
    until: state.now + resumeMs,
    after: reason,
  })
}

/** What this customer has in this queue; `take` ends what it was. */
export function placeOfOld(state: State, customer: string | undefined, queue: string): Resumed | undefined {
  if (customer === undefined) return undefined
  for (const place of state.callbacks) {
    const { contact } = place
    if (contact.customer !== customer || contact.queue !== queue || contact.state === 'connected') continue
    const { arrival, joinedAt } = contact
    return { arrival, joinedAt, after: 'callback', take: () => give(state, place, 'called-again') }
  }
  const key = keyOf(customer, queue)
  const left = state.leftPlaces.get(key)
  if (!left || left.until < state.now) return undefined
  return { ...left, take: () => state.leftPlaces.delete(key) }
}

/** The step in front for somebody who talked with one of our agents not long ago. */
export function lastAgentStep(
  state: State,
  { rules: { lastAgent } }: Queue,
  customer: string | undefined,
): Front | undefined {
  const talk = customer === undefined ? undefined : state.lastTalks.get(customer)
  if (!lastAgent || !talk || talk.at + lastAgent.withinMs < state.now) return undefined
  const { forMs, skipWhen } = lastAgent
  return { agent: talk.agent, because: 'last-agent', forMs, skipWhen, from: 0 }
}

function forgetOldPlaces(state: State): void {
  for (const [key, { until }] of state.leftPlaces) {
    if (until >= state.now) return
    state.leftPlaces.delete(key)
  }
}

function keyOf(customer: string, queue: string): string {
  return `${queue} ${customer}`
}
