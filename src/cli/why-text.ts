import type { Candidate, ContactWhy, Explanation, WaitingExplanation } from '../api/contract/index.ts'
import { columns } from '../simulation/terminal-chart.ts'

type Place = Pick<
  Explanation,
  'headStartMs' | 'adjustmentMs' | 'boostMs' | 'strictClass' | 'step' | 'required' | 'acts'
>

const states: Record<WaitingExplanation['state'], string> = {
  waiting: 'Still waits',
  offered: 'Somebody is being rung',
  callback: 'Is to be called back',
}

/** Why a contact waits and who had it offered, for people. */
export function whyText({ contact, waiting, offers }: ContactWhy): string {
  const blocks = [
    ...(waiting ? [waitingText(waiting)] : []),
    ...offers.toReversed().map((offer) => offerText(offer)),
  ]
  if (blocks.length === 0) blocks.push(['It waits in no queue, and nobody has had it offered.'])
  return [`contact ${contact}`, ...blocks.flatMap((block) => ['', ...block]), ''].join('\n')
}

function waitingText(why: WaitingExplanation): string[] {
  const where = `number ${why.position} in ${why.queue}, for ${time(why.waitedMs)}`
  return [
    `${states[why.state]}: ${where}.`,
    ...facts(why, namesOf(why.candidates)),
    `  ${why.summary}`,
    ...people(why.candidates),
    ...counted(why.others),
  ]
}

function offerText({ outcome, why }: ContactWhy['offers'][number]): string[] {
  const chosen = why.candidates.find(({ verdict }) => verdict === 'chosen')
  const came = outcome === undefined ? 'rings now' : outcome
  return [
    `Why ${chosen?.name ?? why.chosen}, at ${clock(why.decidedAt)} after ${time(why.waitedMs)} in ${why.queue} (${came})`,
    ...facts(why, namesOf(why.candidates)),
    `  of those who could have it: ${why.strategy}`,
    ...people(why.candidates),
    ...counted(why.others),
  ]
}

function facts(why: Place, names: ReadonlyMap<string, string>): string[] {
  const { number, of, who, sinceMs, leftMs, skipped } = why.step
  const left = leftMs === undefined ? '' : `, ${time(leftMs)} left`
  const order = [
    ...(why.strictClass === 5 ? [] : [`strict class ${why.strictClass}`]),
    ...(why.headStartMs === 0 ? [] : [`${time(why.headStartMs)} for its priority`]),
    ...(why.adjustmentMs === 0 ? [] : [`${time(why.adjustmentMs)} by a rule`]),
    ...(why.boostMs === 0 ? [] : [`${time(why.boostMs)} by steps`]),
  ]
  return [
    `  step ${number} of ${of} asks ${named(who, names)}, for ${time(sinceMs)}${left}`,
    ...skipped.map((text) => `  ${named(text, names)}`),
    `  needs ${why.required}`,
    ...(order.length > 0 ? [`  ahead of its time by ${order.join(', ')}`] : []),
    ...(why.acts ?? []).map(({ at, by, did }) => `  ${did} by ${by} at ${clock(at)}`),
  ]
}

function people(candidates: readonly Candidate[]): string[] {
  const names = namesOf(candidates)
  const marks: Record<Candidate['verdict'], string> = { chosen: '+', 'ranked-lower': 'o', rejected: '-' }
  const rows = candidates.map(({ name, verdict, because, score = {} }) => [
    `  ${marks[verdict]} ${name}`,
    named(because, names),
    Object.entries(score)
      .map(([part, value]) => `${part} ${value}`)
      .join(', '),
  ])
  return columns(rows, () => 'left')
}

function namesOf(candidates: readonly Candidate[]): ReadonlyMap<string, string> {
  return new Map(candidates.map(({ agent, name }) => [agent, name]))
}

/** Names in place of the ids that a sentence mentions. */
function named(sentence: string, names: ReadonlyMap<string, string>): string {
  return sentence.replaceAll(/[^\s,;()]+/g, (word) => names.get(word) ?? word)
}

function counted(others: Explanation['others']): string[] {
  return others.map(({ reason, agents }) => `  - ${agents} more: ${reason.replaceAll('-', ' ')}`)
}

/** 95 s as 1:35; what puts a contact back is below 0. */
function time(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  const text =
    seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  return ms < 0 ? `-${text}` : text
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}
