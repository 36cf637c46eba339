import type { Figures, Side, WhatIfReport } from '../replay/what-if.ts'
import { columns } from '../simulation/terminal-chart.ts'

/** The report for the terminal: under each queue and tier what was, and what would have been. */
export function whatIfText(report: WhatIfReport): string {
  const { from, to, contacts, thresholdSeconds, journal, draft } = report
  const heading = ['', 'contacts', `within ${thresholdSeconds} s`, 'mean wait', 'gave up', 'agents busy']
  const names = Object.keys(journal.queues)
  const rows = [
    ...names.flatMap((queue) => [
      ...pair(queue, journal.queues[queue], draft.queues[queue]),
      ...Object.keys(tiersOf(journal, queue)).flatMap((tier) =>
        pair(`  ${tier}`, tiersOf(journal, queue)[tier], tiersOf(draft, queue)[tier]),
      ),
    ]),
    ...(names.length > 1 ? pair('all', journal.whole, draft.whole) : []),
  ]
  return [
    `${time(from)} to ${time(to)}: ${contacts} contacts; what was, and what would have been under the draft`,
    '',
    ...columns([heading, ...rows], (column) => (column === 0 ? 'left' : 'right')),
    '',
    ...notes(journal, draft),
    '',
  ].join('\n')
}

function tiersOf(side: Side, queue: string): Readonly<Record<string, Figures>> {
  const tiers = side.tiers[queue] ?? {}
  return Object.keys(tiers).length > 1 ? tiers : {}
}

function pair(name: string, was: Figures | undefined, would: Figures | undefined): string[][] {
  return was && would
    ? [row(name, was), row(`${' '.repeat(name.length - name.trimStart().length)}  draft`, would)]
    : []
}

function row(name: string, figures: Figures): string[] {
  const { offered, serviceLevel, meanWait, abandonment, occupancy } = figures
  return [
    name,
    String(offered),
    percent(serviceLevel),
    Number.isNaN(meanWait) ? '-' : `${meanWait.toFixed(1)} s`,
    percent(abandonment),
    occupancy === undefined ? '' : percent(occupancy),
  ]
}

function notes(journal: Side, draft: Side): string[] {
  const elsewhere = (side: Side): number => side.whole.left + side.whole.unserved
  return [
    ...(elsewhere(journal) + elsewhere(draft) > 0
      ? [`Sent elsewhere, or served by nobody: ${elsewhere(journal)}; draft ${elsewhere(draft)}.`]
      : []),
    ...(journal.unfinished + draft.unfinished > 0
      ? [`Still waiting at the end, and not counted: ${journal.unfinished}; draft ${draft.unfinished}.`]
      : []),
    'Those who were answered have never shown how long they would have waited: that is drawn from those who gave up.',
  ]
}

function percent(share: number): string {
  return Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)} %`
}

function time(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}
