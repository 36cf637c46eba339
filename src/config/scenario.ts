import { ANYONE } from '../acd/requirement.ts'
import { SwitchroomError } from '../errors.ts'
import { DAY_MS, type Stream } from '../simulation/arrivals.ts'
import { type CenterPlan, MONDAY, type Profile } from '../simulation/center-plan.ts'
import type { Distribution } from '../simulation/distribution.ts'
import type { CenterFiles } from './center.ts'
import { type CenterFinding, errorAt, type Place, refuseErrors } from './center-finding.ts'
import { among } from './known-names.ts'
import { requirementOf } from './queue-rules.ts'
import { requirementFindings } from './requirement-findings.ts'
import { type Scenario, scenarioSchema, type WrittenDistribution } from './scenario-schema.ts'
import { durationMs } from './schema-parts.ts'
import { readYamlSource, type YamlSource } from './yaml-file.ts'

/** How a scenario file ends. */
export const SCENARIO_ENDING = '.scenario.yaml'

/** Batches of a run: enough to know the error, and few enough that each is long (Schmeiser 1982). */
const BATCHES = 30

/** What the command line says in place of the file. */
export interface ScenarioChanges {
  readonly days?: number
  readonly seed?: number
}

/**
 * Reads a scenario and puts it together with the rules of its center.
 * @throws SwitchroomError SCENARIO_INVALID, naming file, line and what was expected
 */
export async function loadScenario(
  file: string,
  center: CenterFiles,
  changes: ScenarioChanges = {},
): Promise<CenterPlan> {
  const source = await readYamlSource(file, scenarioSchema, 'SCENARIO_INVALID')
  refuseErrors(
    findingsOf(source, center),
    'SCENARIO_INVALID',
    'Correct the scenario; docs/simulation.md describes it.',
  )
  return planOf({ ...source.value, ...changes }, center)
}

function findingsOf(source: YamlSource<Scenario>, center: CenterFiles): CenterFinding[] {
  const { value, place } = source
  const named = (names: readonly string[]): object => Object.fromEntries(names.map((each) => [each, true]))
  const isQueue = among(named(center.queues.map(({ id }) => id)), 'queue', 'queues.yaml', 'UNKNOWN_QUEUE')
  const isSkill = among(named(center.skills), 'skill', 'skills.yaml', 'UNKNOWN_SKILL')
  const isTeam = among(named(center.teams.map(({ id }) => id)), 'team', 'teams.yaml', 'UNKNOWN_TEAM')
  const intervals = intervalsOf(value)
  const findings = hoursFindings(value, place)
  for (const [id, { queue, contacts, needs, tiers }] of Object.entries(value.traffic)) {
    const at = (...path: readonly string[]): Place => place('traffic', id, ...path)
    findings.push(...isQueue(queue ?? id, queue === undefined ? at() : at('queue')))
    if (Array.isArray(contacts) && contacts.length !== intervals) {
      findings.push(
        wrong(
          at('contacts'),
          `${contacts.length} numbers for the ${intervals} intervals of ${value.every} in ${value.hours}`,
        ),
      )
    }
    const shares = Object.values(tiers ?? {}).reduce((sum, { share }) => sum + share, 0)
    if (tiers && Math.abs(shares - 1) > 1e-6) {
      findings.push(wrong(at('tiers'), `the shares make ${Number(shares.toFixed(6))}, expected 1`))
    }
    if (needs !== undefined) {
      const path = ['traffic', id, 'needs']
      findings.push(...requirementFindings({ value: needs, source, path }, { isSkill, isTeam }))
    }
  }
  for (const [id, { skills }] of Object.entries(value.agents ?? {})) {
    findings.push(
      ...Object.keys(skills).flatMap((skill) => isSkill(skill, place('agents', id, 'skills', skill))),
    )
  }
  if (!value.agents && !center.demo) {
    findings.push(wrong(place(), 'nobody works here: there is no agents, and the center has no demo.yaml'))
  }
  return findings
}

function hoursFindings(
  { hours, every, days, warmUpDays = 0, agents = {} }: Scenario,
  place: YamlSource<Scenario>['place'],
): CenterFinding[] {
  const orderly = (text: string, ...path: readonly string[]): CenterFinding[] => {
    const { fromMs, toMs } = spanOf(text)
    return fromMs < toMs ? [] : [wrong(place(...path), `${text} ends before it begins`)]
  }
  const open = spanOf(hours)
  const everyMs = durationMs(every)
  const whole = everyMs > 0 && open.fromMs % everyMs === 0 && open.toMs % everyMs === 0
  return [
    ...orderly(hours, 'hours'),
    ...(whole ? [] : [wrong(place('every'), `${hours} does not begin and end with an interval of ${every}`)]),
    ...(days - warmUpDays >= 2
      ? []
      : [wrong(place('warmUpDays'), `fewer than two of ${days} days are left`)]),
    ...Object.entries(agents).flatMap(([id, profile]) => [
      ...(profile.hours === undefined ? [] : orderly(profile.hours, 'agents', id, 'hours')),
      ...profile.breaks.flatMap(({ between }, at) =>
        orderly(between, 'agents', id, 'breaks', String(at), 'between'),
      ),
    ]),
  ]
}

function wrong(place: Place, message: string): CenterFinding {
  return errorAt(place, 'WRONG_VALUE', message, '')
}

function planOf(scenario: Scenario, center: CenterFiles): CenterPlan {
  const { name, seed, days, hours, every, answering, traffic } = scenario
  const open = spanOf(hours)
  const allDay = open.toMs - open.fromMs === DAY_MS
  const warmUpDays = scenario.warmUpDays ?? (allDay ? 1 : 0)
  if (days - warmUpDays < 2) {
    throw new SwitchroomError('USAGE', `at least ${warmUpDays + 2} days are needed, found ${days}`, {
      remedy: 'Give a higher --days: errors are known from several days only.',
    })
  }
  return {
    name,
    seed,
    start: MONDAY,
    days,
    warmUpDays,
    batches: Math.min(BATCHES, days - warmUpDays),
    open,
    intervalMs: durationMs(every),
    thresholdMs: durationMs(scenario.answeredWithin),
    shortAbandonMs: durationMs(scenario.shortAbandons),
    rules: center.routing,
    profiles: profilesOf(scenario, center),
    streams: Object.entries(traffic).map(([id, each]) => streamOf(id, each, scenario)),
    answering: { afterMs: durationMs(answering.after), missed: answering.missed },
  }
}

function profilesOf({ agents }: Scenario, { demo }: CenterFiles): Profile[] {
  if (agents) {
    return Object.entries(agents).map(([name, { count, skills, hours, breaks }]) => ({
      name,
      agents: Array.from({ length: count }, (_, number) => `${name}-${number + 1}`),
      skills,
      ...(hours !== undefined && { hours: spanOf(hours) }),
      breaks: breaks.map(({ between, for: time }) => ({ ...spanOf(between), forMs: durationMs(time) })),
    }))
  }
  return Object.entries(demo?.people ?? {}).flatMap(([name, { role, skills = {} }]) =>
    role === 'agent' ? [{ name, agents: [name], skills, breaks: [] }] : [],
  )
}

function streamOf(name: string, traffic: Scenario['traffic'][string], scenario: Scenario): Stream {
  const { contacts, talk, wrapUp, patience, needs, tiers } = traffic
  const queue = traffic.queue ?? name
  const requirement = needs === undefined ? ANYONE : requirementOf(needs)
  const before = spanOf(scenario.hours).fromMs / durationMs(scenario.every)
  return {
    name,
    intervalMs: durationMs(scenario.every),
    perInterval: [
      ...Array.from({ length: before }, () => 0),
      ...(Array.isArray(contacts) ? contacts : Array.from({ length: intervalsOf(scenario) }, () => contacts)),
    ],
    talk: distributionOf(talk),
    ...(wrapUp && { wrapUp: distributionOf(wrapUp) }),
    patience: patience === 'endless' ? { kind: 'endless' } : distributionOf(patience),
    requests: tiers
      ? Object.entries(tiers).map(([tier, { share, priority }]) => ({
          share,
          tier,
          request: { queue, requirement, priority },
        }))
      : [{ share: 1, request: { queue, requirement, priority: 5 } }],
  }
}

function distributionOf(written: WrittenDistribution): Distribution {
  if ('exponential' in written) return { kind: 'exponential', meanMs: durationMs(written.exponential) }
  if ('constant' in written) return { kind: 'constant', ms: durationMs(written.constant) }
  if ('values' in written) return { kind: 'empirical', valuesMs: written.values.map(durationMs) }
  const { lognormal, deviation } = written
  return { kind: 'lognormal', meanMs: durationMs(lognormal), deviationMs: durationMs(deviation) }
}

function intervalsOf({ hours, every }: Scenario): number {
  const { fromMs, toMs } = spanOf(hours)
  return Math.ceil((toMs - fromMs) / durationMs(every))
}

function spanOf(text: string): { readonly fromMs: number; readonly toMs: number } {
  const [fromMs = 0, toMs = 0] = text.split('-').map((clock) => {
    const [hour = 0, minute = 0] = clock.split(':').map(Number)
    return (hour * 60 + minute) * 60_000
  })
  return { fromMs, toMs }
}
