import { type Activity, type Agent, activityOf } from './agent.ts'
import type { Contact } from './contact.ts'
import type { Candidate, Explanation, LosingReason } from './contract.ts'
import type { Choice, Floor } from './matching.ts'
import { inWords, normalForm, whyNot } from './requirement.ts'

/** A floor of up to this many agents is explained person by person. */
const SMALL_FLOOR = 50
/** How many of those who were ranked lower are named on a larger one. */
const CLOSEST = 10

/** In the order in which those who are not named are counted. */
const reasons: readonly LosingReason[] = [
  'ranked-lower',
  'being-offered',
  'talking',
  'wrapping-up',
  'left-alone',
  'paused',
  'device-unregistered',
  'device-failed',
  'logged-out',
  'lacks-skills',
]

/** Puts a choice into words. To be asked before anything is changed by it. */
export function explain(floor: Floor, contact: Contact, choice: Choice, now: number): Explanation {
  return new Explainer(floor, contact, choice, now).explanation()
}

class Explainer {
  readonly #floor: Floor
  readonly #contact: Contact
  readonly #choice: Choice
  readonly #now: number

  constructor(floor: Floor, contact: Contact, choice: Choice, now: number) {
    this.#floor = floor
    this.#contact = contact
    this.#choice = choice
    this.#now = now
  }

  explanation(): Explanation {
    const { agents, strategy } = this.#floor
    const small = agents.size <= SMALL_FLOOR
    const { agent: chosen, step } = this.#choice
    const losers = small ? [...agents.values()].filter((agent) => this.#qualifiable(agent)) : this.#closest()
    const candidates = losers
      .filter((agent) => agent !== chosen)
      .sort((one, other) => strategy.compare(one, other))
      .map((agent) => this.#losing(agent))
    return {
      contact: this.#contact.id,
      queue: this.#contact.queue,
      channel: 'voice',
      decidedAt: this.#now,
      waitedMs: this.#now - this.#contact.joinedAt,
      strictClass: 5,
      joinedAt: this.#contact.joinedAt,
      headStartMs: this.#contact.headStartMs,
      adjustmentMs: 0,
      boostMs: 0,
      step: { ...step, of: 2, sinceMs: this.#now - this.#contact.joinedAt, skipped: [] },
      required: inWords(normalForm(this.#contact.required)),
      strategy: strategy.name,
      chosen: chosen.id,
      candidates: [
        { agent: chosen.id, verdict: 'chosen', because: this.#whyChosen(), score: {} },
        ...candidates.filter((candidate) => candidate.verdict === 'ranked-lower'),
        ...candidates.filter((candidate) => candidate.verdict === 'rejected'),
      ],
      others: small ? [] : this.#count(new Set([chosen, ...losers])),
    }
  }

  /** The named agent, the refusers and the best of the free, on a floor that is too large to name everybody. */
  #closest(): Agent[] {
    const { groups, agents, strategy } = this.#floor
    const best: Agent[] = []
    for (const { free } of groups.requirementOf(this.#contact)?.free ?? []) {
      for (const agent of free) {
        const at = best.findIndex((other) => strategy.compare(agent, other) < 0)
        if (at < 0 && best.length > CLOSEST) break
        best.splice(at < 0 ? best.length : at, 0, agent)
        if (best.length > CLOSEST + 1) best.pop()
      }
    }
    const { named, refusedBy } = this.#contact
    const others = [...(named === undefined ? [] : [named]), ...refusedBy].flatMap(
      (id) => agents.get(id) ?? [],
    )
    return [...new Set([...best, ...others.filter((agent) => this.#qualifiable(agent))])]
  }

  #count(named: ReadonlySet<Agent>): Explanation['others'] {
    const counts = new Map<LosingReason, number>()
    const add = (reason: LosingReason, agents: number): void => {
      counts.set(reason, (counts.get(reason) ?? 0) + agents)
    }
    const { groups } = this.#floor
    add('lacks-skills', groups.headcount)
    for (const group of groups.requirementOf(this.#contact)?.servedBy ?? []) {
      add('lacks-skills', -group.size)
      for (const [activity, agents] of group.doing) add(reasonOf(activity), agents)
    }
    for (const agent of named) add(this.#serves(agent) ? reasonOf(activityOf(agent)) : 'lacks-skills', -1)
    return reasons.flatMap((reason) => {
      const agents = counts.get(reason) ?? 0
      return agents > 0 ? [{ reason, agents }] : []
    })
  }

  #losing(agent: Agent): Candidate {
    const rejected = (reason: LosingReason, because: string): Candidate => {
      return { agent: agent.id, verdict: 'rejected', reason, because }
    }
    const lacking = whyNot({ skills: agent.skills, teams: [] }, this.#contact.required)
    if (lacking !== undefined) return rejected('lacks-skills', lacking)
    const activity = activityOf(agent)
    if (activity !== 'free') return rejected(activity, sentence(agent, activity, this.#now))
    if (this.#refused(agent) && !this.#refused(this.#choice.agent)) {
      return rejected('refused-this-contact', 'refused this contact')
    }
    return {
      agent: agent.id,
      verdict: 'ranked-lower',
      reason: 'ranked-lower',
      because: this.#whyLower(agent),
    }
  }

  #whyChosen(): string {
    const { agent, step } = this.#choice
    if (step.who === 'named agent') return 'the named agent, and free'
    const first = this.#floor.strategy.whyFirst(agent, this.#now)
    return this.#refused(agent) ? `${first}; refused this contact, but nobody else is free` : first
  }

  #whyLower(agent: Agent): string {
    const { agent: chosen, step } = this.#choice
    if (step.who === 'named agent') return `free, but ${chosen.id} is the named agent`
    return this.#floor.strategy.whyLater(agent, chosen, this.#now)
  }

  #refused(agent: Agent): boolean {
    return this.#contact.refusedBy.includes(agent.id)
  }

  #serves(agent: Agent): boolean {
    const group = this.#floor.groups.groupOf(agent)
    return (
      group !== undefined && this.#floor.groups.requirementOf(this.#contact)?.servedBy.has(group) === true
    )
  }

  /** False for somebody who is no longer an agent and only finishes a talk. */
  #qualifiable(agent: Agent): boolean {
    return this.#floor.groups.groupOf(agent) !== undefined
  }
}

function reasonOf(activity: Activity): LosingReason {
  return activity === 'free' ? 'ranked-lower' : activity
}

function sentence(agent: Agent, activity: Exclude<Activity, 'free'>, now: number): string {
  const left = Math.ceil(((agent.leftAlone?.until ?? now) - now) / 1000)
  const sentences: Record<typeof activity, string> = {
    'being-offered': 'being offered another contact',
    talking: 'talking',
    'wrapping-up': 'wrapping up',
    'at-capacity': 'has as much as they may have at a time',
    'left-alone': `left alone for another ${left} s after not taking an offer`,
    paused: `paused: ${agent.reason ?? 'no reason given'}`,
    'device-unregistered': 'the phone is not registered',
    'device-failed': 'the phone failed when it was last rung',
    'logged-out': 'logged out',
  }
  return sentences[activity]
}
