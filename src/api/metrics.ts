/** One figure, as Prometheus scrapes it. */
export interface Metric {
  /** Begins with `switchroom_` where it is ours; counters end in `_total`, units are in the name. */
  readonly name: string
  readonly type: 'gauge' | 'counter' | 'histogram'
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface Sample {
  /** Of a histogram: which of its figures this is. */
  readonly part?: 'bucket' | 'sum' | 'count'
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

/** A distribution in fixed steps, from its first moment. */
export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0

  /** @param bounds upper ends of the steps, rising */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0)
  }

  add(value: number): void {
    const step = this.#bounds.findIndex((bound) => value <= bound)
    const at = step < 0 ? this.#bounds.length : step
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
    this.#sum += value
  }

  metric(name: string, help: string): Metric {
    let below = 0
    const buckets = [...this.#bounds, Number.POSITIVE_INFINITY].map((bound, step): Sample => {
      below += this.#counts[step] ?? 0
      return { part: 'bucket', labels: { le: numberText(bound) }, value: below }
    })
    const totals: Sample[] = [
      { part: 'sum', value: this.#sum },
      { part: 'count', value: below },
    ]
    return { name, type: 'histogram', help, samples: [...buckets, ...totals] }
  }
}

/** Writes figures in the Prometheus text format, version 0.0.4. */
export function prometheusText(metrics: readonly Metric[]): string {
  return metrics
    .map(({ name, type, help, samples }) => {
      const lines = samples.map(
        ({ part, labels = {}, value }) =>
          `${name}${part === undefined ? '' : `_${part}`}${labelText(labels)} ${numberText(value)}\n`,
      )
      return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`
    })
    .join('')
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`,
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value)
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}
