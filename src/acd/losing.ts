import { type Activity, activities, FREE } from './activity.ts'
import type { Agent } from './agent.ts'
import { membershipOf } from './classes.ts'
import type { Floor } from './matching.ts'
import type { Place, Pool, Profile } from './model.ts'
import { agentsOf } from './plan.ts'
import { whyNot } from './requirement.ts'
import type { LosingReason } from './why.ts'

/** Why did, or does, an agent not get this contact, as the floor stands? */
export interface Question {
  readonly floor: Floor
  readonly place: Place
  readonly pool: Pool
  readonly now: number
}

type Loss = readonly [reason: LosingReason, because: string]

/** Why an agent cannot have the contact now, in words; undefined for somebody free whom the pool allows. */
export function losing(question: Question, agent: Agent): Loss | undefined {
  const { floor, place, pool, now } = question
  const seat = floor.index.profiles.seatOf(agent, pool.profiles.lane)
  const profile = seat?.profile
  if (!profile) return ['lacks-skills', 'is no agent any more']
  if (!pool.profiles.profiles.has(profile.index) && !isAskedByName(question, agent, profile)) {
    return whyNotAsked(question, profile)
  }
  const activity = activities[seat.activity] ?? 'free'
  if (seat.activity !== FREE && activity !== 'free') return [activity, sentence(agent, activity, now)]
  if (place.contact.refusedBy.includes(agent.id)) return ['refused-this-contact', 'refused this contact']
  return undefined
}

/** Why somebody of a profile is not asked, however free they are. */
export function whyNotAsked({ place, pool }: Question, profile: Profile): Loss {
  const { contact, plan } = place
  const { queue, lane } = pool.profiles
  const able = profile.able
  const lacking =
    whyNot(able, plan?.base.required ?? pool.profiles.required) ??
    (plan?.base.profiles.has(profile.index) ? undefined : `takes no ${lane.channel}`)
  if (lacking !== undefined) {
    return lacking.startsWith('takes no') ? ['at-capacity', lacking] : ['lacks-skills', lacking]
  }
  const delayMs = membershipOf(profile, queue)?.delayMs ?? 0
  if (place.stage?.later.profiles.has(profile.index) && delayMs > pool.profiles.delayMs) {
    return ['not-yet', `sees contacts of ${queue.rules.id} when they have waited ${seconds(delayMs)} s`]
  }
  return ['not-in-step', `step ${contact.step + 1} does not ask them`]
}

function isAskedByName({ place, pool }: Question, agent: Agent, profile: Profile): boolean {
  return pool.named.some(
    (step) => agentsOf(step, place.contact).includes(agent.id) && step.gate.profiles.has(profile.index),
  )
}

function sentence(agent: Agent, activity: Exclude<Activity, 'free'>, now: number): string {
  const sentences: Record<typeof activity, string> = {
    'being-offered': 'being offered another contact',
    talking: 'talking',
    'wrapping-up': 'wrapping up',
    'at-capacity': 'has as much in hand as capacity allows',
    'left-alone': '',
    paused: '',
    'device-unregistered': 'the phone is not registered',
    'device-failed': 'the phone failed when it was last rung',
    'logged-out': 'logged out',
  }
  if (activity === 'left-alone') {
    return `left alone for another ${seconds((agent.leftAlone?.until ?? now) - now)} s after not taking an offer`
  }
  return activity === 'paused' ? `paused: ${agent.reason ?? 'no reason given'}` : sentences[activity]
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000)
}
