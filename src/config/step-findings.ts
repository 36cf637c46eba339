import { ANYONE, type Requirement } from '../acd/requirement.ts'
import { type CenterFinding, errorAt, warningAt } from './center-finding.ts'
import type { Check, Source } from './known-names.ts'
import type { Queue } from './queue-schema.ts'
import { readable } from './requirement-findings.ts'
import { implies, isImpossible } from './requirement-logic.ts'

type WrittenStep = NonNullable<Queue['steps']>[number]

/** Whom a step lets in besides those of earlier steps, as far as the files alone tell. */
interface Allowed {
  readonly who: Requirement | readonly string[] | 'named' | 'peers'
  /** 0 nothing is relaxed, 1 the contact's own requirement, 2 membership too. */
  readonly relaxed: number
}

const relaxations = ['nothing', 'contact', 'members']

/** What is wrong with the steps of a queue and with what comes after them. */
export function stepFindings(
  id: string,
  queue: Queue,
  { place }: Source<'queues.yaml'>,
  { isAgent, isQueue }: { readonly isAgent: Check; readonly isQueue: Check },
): CenterFinding[] {
  const { steps, afterwards = 'stay', namedAgentTime } = queue
  if (!steps) {
    return queue.afterwards === undefined
      ? []
      : [
          errorAt(
            place('queues', id, 'afterwards'),
            'MISSING_KEY',
            'afterwards is what comes after the last step, and there are no steps',
            'Add steps, for example [{ who: anyone, for: 2m }].',
          ),
        ]
  }
  const found: CenterFinding[] = []
  if (namedAgentTime !== undefined) {
    found.push(
      errorAt(
        place('queues', id, 'namedAgentTime'),
        'NEEDLESS_KEY',
        'namedAgentTime counts only where there are no steps',
        `Write a first step { who: named, for: ${namedAgentTime}, skipWhen: none-free }.`,
      ),
    )
  }
  const members = memberRequirement(queue)
  let earlier: Allowed[] = []
  for (const [index, step] of steps.entries()) {
    const where = ['queues', id, 'steps', String(index)]
    const allowed = allowedBy(step)
    if (Array.isArray(step.who)) {
      for (const [at, agent] of step.who.entries()) {
        found.push(...isAgent(agent, place(...where, 'who', String(at))))
      }
    }
    found.push(...timeFindings(step, { place, where, isLast: index === steps.length - 1, afterwards }))
    if (allowed && isRequirement(allowed.who) && allowed.relaxed < 2 && members) {
      if (!isImpossible(allowed.who) && isImpossible({ all: [allowed.who, members] })) {
        found.push(
          errorAt(
            place(...where, 'who'),
            'NOBODY_FITS',
            'no member of the queue could ever meet this',
            'Widen members, or add relax: members to ask others than members.',
          ),
        )
      }
    }
    if (step.only) earlier = []
    else if (allowed && step.boost === undefined && isCovered(allowed, earlier)) {
      found.push(
        warningAt(
          place(...where),
          'SHADOWED_STEP',
          `step ${index + 1} asks nobody whom an earlier step does not ask already`,
          'Remove it, give it a boost, or put the narrower step before the wider one.',
        ),
      )
    }
    if (allowed) earlier.push(allowed)
  }
  if (typeof afterwards === 'object' && 'queue' in afterwards) {
    found.push(...isQueue(afterwards.queue, place('queues', id, 'afterwards', 'queue')))
  }
  return found
}

function timeFindings(
  { for: time }: WrittenStep,
  {
    place,
    where,
    isLast,
    afterwards,
  }: {
    readonly place: Source<'queues.yaml'>['place']
    readonly where: readonly string[]
    readonly isLast: boolean
    readonly afterwards: NonNullable<Queue['afterwards']>
  },
): CenterFinding[] {
  const endless = isLast && afterwards === 'stay'
  if (time === undefined && !endless) {
    const message = isLast
      ? 'the last step lacks for: what comes afterwards would never come'
      : 'lacks for: no later step would begin'
    return [errorAt(place(...where), 'MISSING_KEY', message, 'Add for, for example for: 30s.')]
  }
  if (time !== undefined && endless) {
    const message = 'the last step ends with the call: after it callers stay'
    return [
      warningAt(place(...where, 'for'), 'NEEDLESS_KEY', message, 'Remove for, or say what comes afterwards.'),
    ]
  }
  return []
}

/** Everybody who belongs to the queue; undefined where a text is no requirement. */
export function memberRequirement({ members }: Queue): Requirement | undefined {
  const entries = Array.isArray(members) ? members.map(({ who }) => readable(who)) : [readable(members)]
  const known = entries.filter((entry) => entry !== undefined)
  return known.length === entries.length ? { any: known } : undefined
}

function allowedBy({ who, relax }: WrittenStep): Allowed | undefined {
  const relaxed = relaxations.indexOf(relax)
  if (who === 'named' || who === 'peers' || Array.isArray(who)) return { who, relaxed }
  const requirement = readable(who)
  return requirement && { who: requirement, relaxed }
}

function isRequirement(who: Allowed['who']): who is Requirement {
  return typeof who === 'object' && !Array.isArray(who)
}

/** Whether everybody of a step was allowed before. */
function isCovered({ who, relaxed }: Allowed, earlier: readonly Allowed[]): boolean {
  const before = earlier.filter((one) => one.relaxed >= relaxed).map((one) => one.who)
  const requirements = before.filter(isRequirement)
  const asked = isRequirement(who) ? who : ANYONE
  if (requirements.length > 0 && implies(asked, { any: requirements })) return true
  if (isRequirement(who)) return false
  if (typeof who === 'string') return before.includes(who)
  const named = new Set(before.flatMap((one) => (Array.isArray(one) ? (one as readonly string[]) : [])))
  return who.every((agent) => named.has(agent))
}
