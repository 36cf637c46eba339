import type { ContactId, ContactRequest } from '../acd/contract.ts'
import { type Distribution, draws } from './distribution.ts'
import { Random } from './random.ts'

/**
 * A contact that comes: what it asks for, and what its caller and its agent will do. All of it is settled beforehand,
 * so that the same contacts can be put before other rules. The simulator takes any source of arrivals in the order of
 * time: drawn by chance, or read from a journal.
 */
export interface Arrival {
  readonly at: number
  /** Without one the simulator gives it a name. */
  readonly contact?: ContactId
  readonly request: Omit<ContactRequest, 'contact'>
  /** The customers that it is counted with beside its queue. */
  readonly tier?: string
  /** From the connection to the end of the talk. */
  readonly talkMs: number
  /** How long the agent takes for the work afterwards, as far as the queue allows; without it, all that it allows. */
  readonly wrapUpMs?: number
  /** How long the caller waits for an answer at most; Infinity for ever. */
  readonly patienceMs: number
  /** What the end of the patience is: the caller gives up, or the flow takes the contact elsewhere. */
  readonly leaving?: 'abandoned' | 'left'
}

/** Contacts of one queue that come by chance. */
export interface Stream {
  /** Names its random numbers: what it draws does not depend on the other streams. */
  readonly name: string
  /** Expected contacts per interval from midnight on; from the last interval to the next midnight none come. */
  readonly perInterval: readonly number[]
  readonly intervalMs: number
  readonly talk: Distribution
  readonly wrapUp?: Distribution
  readonly patience: Distribution
  /** Which share of the contacts asks for what; the shares add up to 1. */
  readonly requests: readonly {
    readonly share: number
    readonly tier?: string
    readonly request: Omit<ContactRequest, 'contact'>
  }[]
}

export const DAY_MS = 86_400_000

/**
 * Arrivals of all streams in the order of time. Each is a Poisson process whose rate is constant within an interval
 * and that repeats every day.
 * @param start midnight of the first day, milliseconds since 1970
 */
export function* poissonArrivals(
  streams: readonly Stream[],
  { seed, start, days }: { readonly seed: number; readonly start: number; readonly days: number },
): Generator<Arrival> {
  const sources = streams.map((stream) => contactsOf(stream, seed, start, start + days * DAY_MS))
  const next = sources.map((source) => source.next())
  for (;;) {
    let first = -1
    let earliest = Number.POSITIVE_INFINITY
    for (const [index, { value }] of next.entries()) {
      if (value && value.at < earliest) [first, earliest] = [index, value.at]
    }
    const [head, source] = [next[first], sources[first]]
    if (!head?.value || !source) return
    yield head.value
    next[first] = source.next()
  }
}

function* contactsOf(
  { name, perInterval, intervalMs, talk, wrapUp, patience, requests }: Stream,
  seed: number,
  start: number,
  end: number,
): Generator<Arrival, undefined> {
  const drawn = (distribution: Distribution, purpose: string): (() => number) =>
    draws(distribution, new Random(seed, `${name}/${purpose}`))
  const gaps = new Random(seed, `${name}/arrivals`)
  const choice = new Random(seed, `${name}/requests`)
  const talkMs = drawn(talk, 'talk')
  const patienceMs = drawn(patience, 'patience')
  const wrapUpMs = wrapUp && drawn(wrapUp, 'wrap-up')
  if (!perInterval.some((contacts) => contacts > 0)) return undefined
  for (let midnight = start; midnight < end; midnight += DAY_MS) {
    // A Poisson process of rate 1, its time stretched to the rate of each interval.
    let left = gaps.exponential(1)
    for (const [interval, contacts] of perInterval.entries()) {
      let done = 0
      while (left < contacts - done) {
        done += left
        left = gaps.exponential(1)
        const { request, tier } = pick(requests, choice.next())
        yield {
          at: Math.floor(midnight + (interval + done / contacts) * intervalMs),
          request,
          ...(tier !== undefined && { tier }),
          talkMs: talkMs(),
          ...(wrapUpMs && { wrapUpMs: wrapUpMs() }),
          patienceMs: patienceMs(),
        }
      }
      left -= contacts - done
    }
  }
  return undefined
}

function pick<Choice extends { readonly share: number }>(choices: readonly Choice[], chance: number): Choice {
  let left = chance
  for (const choice of choices) {
    left -= choice.share
    if (left < 0) return choice
  }
  const last = choices.at(-1)
  if (!last) throw new RangeError('a stream without requests')
  return last
}
