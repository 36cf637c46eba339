/** Reads the files that SIPp writes with -trace_stat and -trace_rtt. */

export interface SippStatistics {
  readonly successful: number
  /** Those that were not finished included. */
  readonly failed: number
  readonly retransmissions: number
  /** Failures by their kind, as SIPp names it (`UnexpectedMsg`, `MaxUDPRetrans`, ...); only those that happened. */
  readonly failures: Readonly<Record<string, number>>
  /** Highest number of calls at the same time. */
  readonly peakCalls: number
}

/** The last row has the totals of the run: the columns that end in (C) are cumulative. */
export function readStatistics(csv: string): SippStatistics {
  const [header = '', ...rows] = csv.trim().split('\n')
  const names = header.split(';')
  const values = (rows.at(-1) ?? '').split(';')
  const total = (name: string): number => {
    const value = values[names.indexOf(`${name}(C)`)]
    if (value === undefined) throw new Error(`SIPp's statistics have no column ${name}(C): ${header}`)
    return Number(value)
  }
  const kinds = names.flatMap((name) => /^Failed(\w+)\(C\)$/.exec(name)?.[1] ?? [])
  const failures = kinds
    .filter((kind) => kind !== 'Call')
    .map((kind) => [kind, total(`Failed${kind}`)] as const)
  const peak = names.indexOf('CurrentCall')
  return {
    successful: total('SuccessfulCall'),
    failed: total('IncomingCall') + total('OutgoingCall') - total('SuccessfulCall'),
    retransmissions: total('Retransmissions'),
    failures: Object.fromEntries(failures.filter(([, count]) => count > 0)),
    peakCalls: Math.max(0, ...rows.map((row) => Number(row.split(';')[peak]))),
  }
}

/** The response time of each call in milliseconds, ascending. */
export function readResponseTimes(csv: string): number[] {
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => Number(row.split(';')[1]))
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
}

/** The value that the share `p` (0 to 1) of the sorted values does not exceed; NaN without values. */
export function percentile(sorted: readonly number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN
}
