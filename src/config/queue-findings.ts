import { meets, namesIn, type Requirement } from '../acd/requirement.ts'
import { type CenterFinding, errorAt, warningAt } from './center-finding.ts'
import { among, type Check, type KnownPerson, type Source } from './known-names.ts'
import { overflowFindings } from './overflow-findings.ts'
import type { Queue } from './queue-schema.ts'
import { readable, requirementFindings } from './requirement-findings.ts'
import { implies } from './requirement-logic.ts'
import { durationMs } from './schema-parts.ts'
import { memberRequirement, stepFindings } from './step-findings.ts'
import { teamFindings, teamsOf } from './team-findings.ts'
import { type HasAudio, whisperFindings } from './whisper-findings.ts'

export interface QueueSources {
  readonly skills: Source<'skills.yaml'>
  readonly teams: Source<'teams.yaml'>
  readonly queues: Source<'queues.yaml'>
}

/**
 * What is wrong with queues and teams that their schemas cannot say.
 * @param people where they are known
 */
export function queueFindings(
  { skills, teams, queues }: QueueSources,
  people: readonly KnownPerson[] | undefined,
  hasAudio: HasAudio,
): CenterFinding[] {
  const isSkill = among(skills.value.skills, 'skill', 'skills.yaml', 'UNKNOWN_SKILL')
  const isTeam = among(teams.value.teams, 'team', 'teams.yaml', 'UNKNOWN_TEAM')
  const isQueue = among(queues.value.queues, 'queue', 'queues.yaml', 'UNKNOWN_QUEUE')
  const isAgent = agentCheck(people)
  const found = [
    ...teamFindings(teams, { isSkill, isTeam, isAgent }),
    ...Object.entries(queues.value.queues).flatMap(([id, queue]) => [
      ...writtenIn(id, queue).flatMap(({ value, path }) =>
        requirementFindings({ value, path, source: queues }, { isSkill, isTeam }),
      ),
      ...memberFindings(id, queue, queues),
      ...strategyFindings(id, queue, queues),
      ...headStartFindings(id, queue, queues),
      ...stepFindings(id, queue, queues, { isAgent, isQueue }),
      ...whisperFindings(id, queue, queues, hasAudio),
    ]),
    ...overflowFindings(queues),
  ]
  if (!people || found.some(({ severity }) => severity === 'error')) return found
  return [...found, ...unstaffed({ teams, queues }, people)]
}

/** People come and go without the files: somebody who is not there is no reason to refuse them. */
function agentCheck(people: readonly KnownPerson[] | undefined): Check {
  if (!people) return () => []
  const ids = Object.fromEntries(people.map(({ id }) => [id, true]))
  const check = among(ids, 'agent', 'this center', 'UNKNOWN_AGENT')
  return (name, where) => check(name, where).map((finding) => ({ ...finding, severity: 'warning' }))
}

/** Every requirement of a queue, and where it stands. */
function writtenIn(id: string, { members, steps = [] }: Queue) {
  const ofMembers = Array.isArray(members)
    ? members.map(({ who }, index) => ({ value: who, path: ['queues', id, 'members', String(index), 'who'] }))
    : [{ value: members, path: ['queues', id, 'members'] }]
  const ofSteps = steps.flatMap(({ who }, index) =>
    Array.isArray(who) || who === 'named' || who === 'peers'
      ? []
      : [{ value: who, path: ['queues', id, 'steps', String(index), 'who'] }],
  )
  return [...ofMembers, ...ofSteps]
}

function memberFindings(id: string, { members }: Queue, { place }: Source<'queues.yaml'>): CenterFinding[] {
  if (!Array.isArray(members)) return []
  const earlier: Requirement[] = []
  return members.flatMap(({ who }, index) => {
    const requirement = readable(who)
    if (!requirement) return []
    const shadowed = earlier.length > 0 && implies(requirement, { any: earlier })
    earlier.push(requirement)
    if (!shadowed) return []
    const message = 'whoever fits this entry fits an earlier one, which counts'
    const remedy = 'Put the narrower entry before the wider one, or remove it.'
    return [warningAt(place('queues', id, 'members', String(index)), 'SHADOWED_MEMBER', message, remedy)]
  })
}

function strategyFindings(id: string, queue: Queue, { place }: Source<'queues.yaml'>): CenterFinding[] {
  const { strategy, ringAtOnce } = queue
  const found: CenterFinding[] = []
  if (ringAtOnce !== undefined && strategy !== 'ring-all') {
    const message = `ringAtOnce counts only with ring-all, and the strategy is ${strategy}`
    const remedy = 'Remove it, or write strategy: ring-all.'
    found.push(errorAt(place('queues', id, 'ringAtOnce'), 'NEEDLESS_KEY', message, remedy))
  }
  const members = memberRequirement(queue)
  if (strategy.endsWith('-skilled') && members && namesIn(members).skills.length === 0) {
    const message = `${strategy} compares the skills that are asked for: members need none, which leaves those of flows`
    const remedy = 'Name skills in members, or take another strategy.'
    found.push(warningAt(place('queues', id, 'strategy'), 'MEANINGLESS_STRATEGY', message, remedy))
  }
  return found
}

function headStartFindings(
  id: string,
  { headStart }: Queue,
  { place }: Source<'queues.yaml'>,
): CenterFinding[] {
  const worth = (priority: number): string => headStart[String(priority)] ?? '0s'
  return Object.keys(headStart)
    .map(Number)
    .flatMap((priority) => {
      if (priority === 1 || durationMs(worth(priority)) <= durationMs(worth(priority - 1))) return []
      const message = `priority ${priority} is worth ${worth(priority)}, and ${priority - 1}, which is better, ${worth(priority - 1)}`
      const remedy = 'Give the better priority as much at least.'
      return [
        warningAt(place('queues', id, 'headStart', String(priority)), 'HEAD_START_ORDER', message, remedy),
      ]
    })
}

/** Queues that nobody who works here could serve. */
function unstaffed(
  { teams, queues }: Pick<QueueSources, 'teams' | 'queues'>,
  people: readonly KnownPerson[],
): CenterFinding[] {
  const able = people.map(({ id, skills }) => ({ skills, teams: teamsOf({ id, skills }, teams.value.teams) }))
  return Object.entries(queues.value.queues).flatMap(([id, queue]) => {
    const members = memberRequirement(queue)
    if (!members || able.some((person) => meets(person, members))) return []
    const message = `nobody who works here could serve ${id}`
    const remedy = 'Give somebody the skills (`switchroom agent skills`), or widen members.'
    return [warningAt(queues.place('queues', id, 'members'), 'NO_MEMBERS', message, remedy)]
  })
}
