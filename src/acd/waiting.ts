import type { Agent } from './agent.ts'
import { addNotable, type Explained, requiredInWords, SMALL_FLOOR } from './explanation.ts'
import { losing, type Question } from './losing.ts'
import { countOthers } from './losing-counts.ts'
import type { Place } from './model.ts'
import { orderParts, stepInForce } from './stage-words.ts'
import type { Candidate, LosingReason, WaitingExplanation } from './why.ts'

/** What people call the reasons, for a number of agents. */
const words: Readonly<Partial<Record<LosingReason, string>>> = {
  'being-offered': 'being offered another contact',
  'ranked-lower': 'free',
  'wrapping-up': 'wrapping up',
  'at-capacity': 'with as much in hand as they may have',
  'left-alone': 'left alone after a refusal',
  'device-unregistered': 'without a registered phone',
  'device-failed': 'with a failed phone',
  'logged-out': 'logged out',
}

/** Why a contact still waits. Changes nothing. */
export function whyWaiting(
  floor: Explained,
  place: Place,
  position: number,
  state: 'waiting' | 'offered' | 'callback',
): WaitingExplanation | undefined {
  const { contact, stage } = place
  const pool = stage?.pools.at(-1)
  if (!pool) return undefined
  const question: Question = { floor, place, pool, now: floor.now }
  const small = floor.agents.size <= SMALL_FLOOR
  const named: Agent[] = []
  if (small) {
    for (const agent of floor.agents.values()) if (floor.index.profiles.has(agent)) named.push(agent)
  } else addNotable(floor, place, pool, [], named)
  const candidates = named.map((agent): Candidate => {
    const offered = contact.offers.some((offer) => offer.agent === agent.id)
    const [reason, because] = losing(question, agent) ?? ['ranked-lower', 'free']
    return {
      agent: agent.id,
      verdict: 'rejected',
      reason,
      because: offered ? 'being offered this contact' : because,
    }
  })
  const others = small ? [] : countOthers(question, named)
  return {
    contact: contact.id,
    queue: contact.queue,
    channel: contact.channel,
    askedAt: floor.now,
    waitedMs: floor.now - contact.joinedAt,
    ...orderParts(place),
    state,
    position,
    step: stepInForce(place, pool.step, floor.now),
    required: requiredInWords(pool),
    summary: summaryOf(countOthers(question, [])),
    candidates,
    others,
  }
}

function summaryOf(counts: WaitingExplanation['others']): string {
  const asked = counts.filter(({ reason }) => !['lacks-skills', 'not-in-step', 'not-yet'].includes(reason))
  const total = asked.reduce((sum, { agents }) => sum + agents, 0)
  const later = counts.flatMap(({ reason, agents }) =>
    reason === 'not-in-step' || reason === 'not-yet' ? agents : [],
  )
  const more =
    later.length === 0 ? '' : `; ${later.reduce((sum, agents) => sum + agents, 0)} more may be asked later`
  if (total === 0) return `nobody who is known may have it now${more}`
  const parts = asked.map(({ reason, agents }) => `${agents} ${words[reason] ?? reason}`)
  return `${total} ${total === 1 ? 'agent' : 'agents'} could have it now: ${parts.join(', ')}${more}`
}
