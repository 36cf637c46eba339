/** What the benchmark found, as a table for people and as figures for programs. */
import type { Step } from './step.ts'
import type { SystemName } from './systems.ts'

export interface LoadReport {
  readonly title: string
  readonly steps: readonly Step[]
}

export interface Comparison {
  readonly rate: number
  /** Calls per CPU second of ours over theirs: median of the pairs, and the extremes. */
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

/**
 * At each rate, over the rounds in which both completed their calls: a packet that is sent twice on a busy machine
 * hardly changes the CPU time.
 */
export function compare(steps: readonly Step[]): Comparison[] {
  return rates(steps).flatMap((rate) => {
    const of = (system: SystemName): readonly Step[] =>
      steps.filter((step) => step.rate === rate && step.system === system)
    const [ours, theirs] = [of('switchroom'), of('asterisk')]
    const ratios = ours.flatMap((step, round) => {
      const other = theirs[round]
      return step.complete && other?.complete ? [step.callsPerCpuSecond / other.callsPerCpuSecond] : []
    })
    if (ratios.length === 0) return []
    return [{ rate, median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) }]
  })
}

/** The highest rate that a system has passed in every round, 0 for none. */
export function highestRate(steps: readonly Step[], system: SystemName): number {
  const own = steps.filter((step) => step.system === system)
  return Math.max(0, ...rates(own).filter((rate) => own.every((step) => step.rate !== rate || step.passed)))
}

/** Markdown that reads well in a terminal too. */
export function tableOf({ title, steps }: LoadReport): string {
  const rows = rates(steps).flatMap((rate) =>
    (['switchroom', 'asterisk'] as const).flatMap((system) => {
      const rounds = steps.filter((step) => step.rate === rate && step.system === system)
      return rounds.length === 0 ? [] : [rowOf(rounds)]
    }),
  )
  const comparisons = compare(steps).map(
    ({ rate, median: middle, lowest, highest }) =>
      `At ${rate} calls/s: ${middle.toFixed(2)} times Asterisk (${lowest.toFixed(2)} to ${highest.toFixed(2)}).`,
  )
  return [`### ${title}`, '', ...aligned([HEADER, ...rows]), '', ...comparisons, ''].join('\n')
}

const HEADER =
  'calls/s|system|calls per CPU s|CPU|answer p50 ms|p99 ms|failed|retransmitted|packets/call|MiB|passed'.split(
    '|',
  )

function rowOf(rounds: readonly Step[]): string[] {
  const middle = (of: (step: Step) => number, digits = 0): string => median(rounds.map(of)).toFixed(digits)
  const sum = (of: (step: Step) => number): string =>
    String(rounds.reduce((total, step) => total + of(step), 0))
  return [
    middle(({ rate }) => rate),
    rounds[0]?.system ?? '',
    middle(({ callsPerCpuSecond }) => callsPerCpuSecond),
    `${middle(({ cpuShare }) => 100 * cpuShare)} %`,
    middle(({ answerMs }) => answerMs.p50, 1),
    middle(({ answerMs }) => answerMs.p99, 1),
    sum(({ failed }) => failed),
    sum(({ retransmissions }) => retransmissions),
    middle(({ packetsPerCall }) => packetsPerCall, 1),
    middle(({ memoryMiB }) => memoryMiB),
    rounds.every(({ passed }) => passed) ? 'yes' : 'no',
  ]
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join(' | ')} |`
  const rule = `| ${widths.map((width) => `${'-'.repeat(width - 1)}:`).join(' | ')} |`
  return [line(rows[0] ?? []), rule, ...rows.slice(1).map(line)]
}

function rates(steps: readonly Step[]): number[] {
  return [...new Set(steps.map(({ rate }) => rate))].toSorted((a, b) => a - b)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
  return (lower + upper) / 2
}
