import type { QueueView } from '../acd/contract.ts'
import { type WaitState, waitQuantileMs } from '../acd/estimate.ts'
import { Calibration } from '../acd/estimate-calibration.ts'
import type { Interaction, InteractionSegment } from '../call/interaction.ts'

/** So many of the last contacts of a queue say how it goes: enough for a mean, few enough to follow the day. */
const REMEMBERED = 200
/** With fewer nothing is said: the mean of four is anything. */
const LEAST = 5

interface Figures {
  /** How long each contact kept its agent: ringing, talk and wrap-up, milliseconds. */
  readonly handleMs: number[]
  readonly waits: { readonly ms: number; readonly gaveUp: boolean }[]
}

/**
 * What the rest of a wait is estimated from, by queue: how long contacts have kept an agent lately, and how long callers
 * have waited before they gave up; with it whether the estimates came true. Known from this start of the server on.
 */
export class WaitEstimates {
  readonly calibration = new Calibration()
  readonly #queues = new Map<string, Figures>()

  /** A contact is over. */
  learn({ segments }: Interaction): void {
    for (const segment of segments) {
      if (segment.queue === undefined) continue
      const { startedAt, endedAt, result } = segment
      if (segment.kind === 'talk') remember(this.#of(segment.queue).handleMs, handledFor(segment, segments))
      if (segment.kind === 'queue' && leavesTheLine.has(result)) {
        remember(this.#of(segment.queue).waits, { ms: endedAt - startedAt, gaveUp: result !== 'connected' })
      }
    }
  }

  /**
   * How it stands with the caller at this position (1 is next) of a queue; undefined while too few contacts of it are
   * known.
   */
  stateOf({ queue, agents }: QueueView, position: number): WaitState | undefined {
    const { handleMs, waits } = this.#of(queue)
    if (handleMs.length < LEAST) return undefined
    // The maximum likelihood of exponential patience that is censored by being served: all waits over all who gave up.
    const waitedMs = sum(waits.map(({ ms }) => ms))
    const gaveUp = waits.filter((wait) => wait.gaveUp).length
    return {
      ahead: position - 1,
      agents: agents.busy + agents.free,
      handleMs: sum(handleMs) / handleMs.length,
      patienceMs: gaveUp === 0 ? Number.POSITIVE_INFINITY : Math.max(1, waitedMs / gaveUp),
    }
  }

  /** Half of those who join this queue now wait no longer than this, milliseconds. */
  medianMs(queue: QueueView): number | undefined {
    const state = this.stateOf(queue, queue.waiting + 1)
    return state && waitQuantileMs(state, 0.5)
  }

  #of(queue: string): Figures {
    const known = this.#queues.get(queue)
    if (known) return known
    const figures = { handleMs: [], waits: [] }
    this.#queues.set(queue, figures)
    return figures
  }
}

/** How a stay in a queue ends that says something of the caller's patience. */
const leavesTheLine: ReadonlySet<string> = new Set(['connected', 'abandoned', 'left'])

/** From the first ring at the agent to the end of the wrap-up. */
function handledFor(talk: InteractionSegment, segments: readonly InteractionSegment[]): number {
  const { agent } = talk
  const ring = segments.findLast(
    (other) =>
      other.kind === 'ring' &&
      other.agent === agent &&
      other.result === 'accepted' &&
      other.startedAt <= talk.startedAt,
  )
  const wrapUp = segments.find(
    (other) => other.kind === 'wrap-up' && other.agent === agent && other.startedAt >= talk.endedAt,
  )
  return Math.max(1, (wrapUp ?? talk).endedAt - (ring ?? talk).startedAt)
}

function remember<Entry>(entries: Entry[], entry: Entry): void {
  entries.push(entry)
  if (entries.length > REMEMBERED) entries.shift()
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
