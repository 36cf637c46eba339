import { type Estimate, errorsFrom } from '../simulation/batch-means.ts'
import type { CenterReport } from '../simulation/center-simulation.ts'
import type { ContactResult } from '../simulation/contact-statistics.ts'
import type { Performance } from '../simulation/erlang.ts'
import { bar, columns } from '../simulation/terminal-chart.ts'

type Pool = CenterReport['pools'][number]

const SECONDS = [0, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600]
const BAR = 30

/** The report as text: a table beside the formulas, and charts. */
export function reportText(report: CenterReport): string {
  return [
    `${report.name}: ${report.days} days, ${whole(report.contacts)} contacts, seed ${report.seed}`,
    '',
    ...table(report),
    '',
    ...notes(report),
    '',
    ...profiles(report),
    '',
    ...answeredWithin(report.whole),
    ...byTimeOfDay(report),
    '',
  ].join('\n')
}

function table(report: CenterReport): string[] {
  const heading = [
    'queue',
    'contacts',
    `within ${report.thresholdSeconds} s`,
    'mean wait',
    'speed of answer',
    'gave up',
    'agents busy',
  ]
  const rows = report.pools.flatMap((pool) => {
    const own = pool.queues.flatMap((queue) => {
      const result = report.queues[queue]
      return result
        ? [row(queue, result, pool.queues.length === 1 ? pool : undefined), ...tiers(report, queue)]
        : []
    })
    const together = pool.queues.length > 1 ? [row(pool.queues.join(' + '), pool.result, pool)] : []
    return [
      ...own,
      ...together,
      formula('  by Erlang A', pool, pool.expected.erlangA),
      formula('  by Erlang C', pool, pool.expected.erlangC),
    ]
  })
  return columns([heading, ...rows], (column) => (column === 0 ? 'left' : 'right'))
}

function tiers({ tiers: all }: CenterReport, queue: string): string[][] {
  return Object.entries(all[queue] ?? {}).map(([tier, result]) => row(`  ${tier}`, result, undefined))
}

function row(name: string, result: ContactResult, pool: Pool | undefined): string[] {
  return [
    name,
    whole(result.offered),
    inPercent(result.serviceLevel),
    inSeconds(result.meanWait),
    inSeconds(result.asa),
    inPercent(result.abandonment),
    pool ? inPercent(pool.agents.occupancy) : '',
  ]
}

function formula(name: string, { result, agents }: Pool, is: Performance): string[] {
  const beside = (text: string, found: Estimate, expected: number): string =>
    Number.isFinite(expected) && found.standardError > 0
      ? `${text} (${signed(errorsFrom(found, expected))})`
      : text
  return [
    name,
    '',
    beside(percent(is.serviceLevel), result.serviceLevel, is.serviceLevel),
    beside(seconds(is.meanWait), result.meanWait, is.meanWait),
    beside(seconds(is.asa), result.asa, is.asa),
    beside(percent(is.abandonment), result.abandonment, is.abandonment),
    beside(percent(is.occupancy), agents.occupancy, is.occupancy),
  ]
}

function notes({ pools, whole: { unserved, left } }: CenterReport): string[] {
  const shared = pools.some(({ queues }) => queues.length > 1)
  return [
    '±: 95 % of such runs lie within. (n): so many standard errors is the simulation from the formula.',
    'The formulas take every interval as if it lasted for ever, with exponential times.',
    ...(shared
      ? ['Queues that share agents stand beside a center in which everybody could do everything: a bound.']
      : []),
    ...(unserved > 0 ? [`${whole(unserved)} contacts asked for what nobody can do.`] : []),
    ...(left > 0 ? [`${whole(left)} contacts were sent elsewhere by their last step.`] : []),
  ]
}

function profiles({ profiles: all }: CenterReport): string[] {
  const rows = Object.entries(all).map(([name, { atWork, occupancy }]) => [
    name,
    atWork.toFixed(1),
    inPercent(occupancy),
  ])
  return columns([['agents', 'at work', 'busy'], ...rows], (column) => (column === 0 ? 'left' : 'right'))
}

function answeredWithin({ answeredWithin: shares }: ContactResult): string[] {
  const last = shares.at(-1) ?? 0
  const rows = []
  for (const second of SECONDS) {
    const share = shares[second] ?? last
    rows.push([`${second} s`, percent(share), bar(share, BAR)])
    if (share > 0.995 * last) break
  }
  return ['answered within', ...indented(rows)]
}

function byTimeOfDay({ whole: { byInterval }, thresholdSeconds }: CenterReport): string[] {
  const most = Math.max(...byInterval.map(({ offeredPerDay }) => offeredPerDay))
  if (byInterval.length < 2) return []
  const rows = byInterval.map(({ fromMs, offeredPerDay, serviceLevel }) => [
    clock(fromMs),
    offeredPerDay.toFixed(1),
    bar(offeredPerDay / most, BAR / 2).padEnd(BAR / 2),
    percent(serviceLevel),
    bar(serviceLevel, BAR),
  ])
  return ['', `by time of day: contacts, and answered within ${thresholdSeconds} s`, ...indented(rows)]
}

function indented(rows: readonly (readonly string[])[]): string[] {
  return columns(rows, (column) => (column % 2 === 0 && column > 0 ? 'left' : 'right')).map(
    (line) => `  ${line}`,
  )
}

function clock(ms: number): string {
  const minutes = ms / 60_000
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

function inPercent({ value, high }: Estimate): string {
  return Number.isNaN(value) ? '-' : `${percent(value)} ± ${(100 * (high - value)).toFixed(1)}`
}

function inSeconds({ value, high }: Estimate): string {
  return Number.isNaN(value) ? '-' : `${seconds(value)} ± ${(high - value).toFixed(1)}`
}

function percent(share: number): string {
  return Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)} %`
}

function seconds(time: number): string {
  return Number.isFinite(time) ? `${time.toFixed(1)} s` : 'endless'
}

function signed(errors: number): string {
  return `${errors < 0 ? '-' : '+'}${Math.abs(errors).toFixed(1)}`
}

function whole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}
