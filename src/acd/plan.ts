import type { AgentId } from './ids.ts'
import type { Contact, ContactClass, Front, NamedStep, Plan, PlanStep, Pool, Queue, Stage } from './model.ts'
import {
  ANYONE,
  allOf,
  anyOf,
  inWords,
  NOBODY,
  namesIn,
  normalForm,
  type Requirement,
} from './requirement.ts'
import type { Afterwards, Step } from './rules.ts'

/** Turns rules and requests into what is asked of agents, step by step. */

/** The class of the contacts of a plan that ask for this, when so many delays have passed. */
export type ClassOf = (required: Requirement, delaysPassed: number) => ContactClass

/** The same for contacts that are to be served in the same way. */
export function planKey(contact: Contact): string {
  const { queue, channel, requirement, peers, steps, afterwards, named, front } = contact
  const own = JSON.stringify(requirement)
  const whose = peers === requirement ? own : JSON.stringify(peers)
  const brought = steps || afterwards ? JSON.stringify([steps, afterwards]) : ''
  const first = front ? `${front.because} ${front.forMs} ${front.skipWhen} ${front.from}` : ''
  return `${queue} ${channel} ${named === undefined ? '' : 'named'} ${own} ${whose === own ? '' : whose} ${brought} ${first}`
}

/** What becomes of a contact after its last step. */
export function afterwardsOf(contact: Contact, queue: Queue): Afterwards {
  const written = contact.steps ?? queue.rules.steps
  return written.length === 0 ? { do: 'stay' } : (contact.afterwards ?? queue.rules.afterwards)
}

/** The steps that apply to a contact; never none. */
export function stepsOf(contact: Contact, queue: Queue): PlanStep[] {
  const { front } = contact
  const steps = ordinarySteps(contact, queue)
  if (!front) return steps
  // What was given when a step began is not given again.
  const rest = steps.map((step, at) =>
    at < front.from
      ? { ...step, forMs: 0, boostMs: 0 }
      : at === front.from && front.because !== 'last-agent'
        ? { ...step, boostMs: 0 }
        : step,
  )
  return [frontStep(front, contact, queue), ...rest]
}

function frontStep({ because, forMs, skipWhen = 'never' }: Front, contact: Contact, queue: Queue): PlanStep {
  const isLast = because === 'last-agent'
  return {
    forMs,
    skipWhen,
    boostMs: 0,
    only: !isLast,
    required: isLast ? normalForm(allOf([queue.membership, contact.requirement])) : ANYONE,
    agents: 'front',
    words: isLast
      ? 'the agent of the last talk'
      : `the agent whom it is ${because === 'pulled' ? 'pulled by' : 'assigned to'}`,
  }
}

function ordinarySteps(contact: Contact, queue: Queue): PlanStep[] {
  const written = contact.steps ?? queue.rules.steps
  if (written.length === 0) return [planStep({ who: ANYONE, forMs: 0 }, contact, queue)]
  const steps = written.filter(({ who }) => who !== 'named' || contact.named !== undefined)
  if (steps.length === 0) return [planStep({ who: NOBODY, forMs: 0 }, contact, queue)]
  return steps.map((step) => planStep(step, contact, queue))
}

function planStep(step: Step, contact: Contact, queue: Queue): PlanStep {
  const { who, forMs, skipWhen = 'never', boostMs = 0, relax = 'nothing', only = false } = step
  const base =
    relax === 'members'
      ? ANYONE
      : relax === 'contact'
        ? queue.membership
        : allOf([queue.membership, contact.requirement])
  const asked = whomToAsk(who, contact)
  return {
    forMs,
    skipWhen,
    boostMs,
    only,
    required: normalForm(allOf([base, asked.required])),
    agents: asked.agents,
    words: asked.words,
  }
}

function whomToAsk(who: Step['who'], contact: Contact): Pick<PlanStep, 'required' | 'agents' | 'words'> {
  if (who === 'named') return { required: ANYONE, agents: 'named', words: 'named agent' }
  if (who === 'peers') {
    return { required: contact.peers, agents: undefined, words: 'peers with the required skills' }
  }
  if ('agents' in who) {
    return { required: ANYONE, agents: who.agents, words: `agents ${who.agents.join(', ')}` }
  }
  const required = normalForm(who)
  const isAnyone = 'all' in required && required.all.length === 0
  return {
    required,
    agents: undefined,
    words: isAnyone ? 'peers with the required skills' : inWords(required),
  }
}

/**
 * Whom `peers` means for a contact: whoever meets its requirement; without one, whoever holds the skills that the
 * queue's membership names at the named agent's levels or better.
 * @param requirement in normal form
 */
export function peersOf(
  requirement: Requirement,
  named: Readonly<Record<string, number>> | undefined,
  queue: Queue,
): Requirement {
  if (!named || !('all' in requirement) || requirement.all.length > 0) return requirement
  const held = namesIn(queue.membership).skills.flatMap((skill) => {
    const level = Object.hasOwn(named, skill) ? named[skill] : undefined
    return level === undefined ? [] : [{ skill, atLeast: level }]
  })
  return normalForm(allOf(held))
}

/** What holds in this step of the plan, when so many delays have passed. */
export function stageOf(plan: Plan, step: number, passed: number, classOf: ClassOf): Stage {
  const pools: Pool[] = []
  const parts = new Set<PlanStep>()
  for (let at = step; ; at++) {
    const allowed = allowedAt(plan, at)
    for (const part of allowed) parts.add(part)
    pools.push({
      step: at,
      profiles: classOf(unionOf(allowed), passed),
      named: namedIn(allowed, plan, classOf),
    })
    if (plan.steps[at]?.skipWhen !== 'none-free' || at + 1 >= plan.steps.length) break
  }
  const union = unionOf([...parts])
  return {
    pools,
    waits: classOf(union, passed),
    later: classOf(union, plan.queue.delays.length),
    named: namedIn([...parts], plan, classOf),
  }
}

/** Steps whose people may have the contact while this one is in force. */
function allowedAt(plan: Plan, step: number): PlanStep[] {
  let from = step
  while (from > 0 && plan.steps[from]?.only !== true) from--
  return plan.steps.slice(from, step + 1)
}

/** Whoever meets what one of these steps asks, those by name left out. */
export function unionOf(steps: readonly PlanStep[]): Requirement {
  return anyOf(steps.filter(({ agents }) => agents === undefined).map(({ required }) => required))
}

function namedIn(steps: readonly PlanStep[], plan: Plan, classOf: ClassOf): NamedStep[] {
  return steps.flatMap(({ agents, required }) =>
    agents === undefined ? [] : { agents, gate: classOf(required, plan.queue.delays.length) },
  )
}

/** The agents that a step asks by name. */
export function agentsOf(step: Pick<NamedStep, 'agents'>, contact: Contact): readonly AgentId[] {
  if (step.agents === 'front') return contact.front ? [contact.front.agent] : []
  if (step.agents !== 'named') return step.agents
  return contact.named === undefined ? [] : [contact.named]
}
