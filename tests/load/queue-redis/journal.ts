/** Our contender: each step of a life is an input that is journaled, fenced and confirmed before the next one is taken. */
import { pino } from 'pino'
import { RealClock } from '../../../src/clock/real-clock.ts'
import { BEGINNING, type Effect, type Group, type Position } from '../../../src/state/journal.ts'
import type { Term } from '../../../src/state/leadership.ts'
import { openRedisState } from '../../../src/state/redis/state.ts'
import type { State } from '../../../src/state/state.ts'
import { percentile } from '../../sipp-harness/statistics.ts'
import { type Counted, countLives, type Delays, perTurn } from './contender.ts'

const NODE = 'node-1'
/** Inputs between two snapshots, each of which allows what lies before it to be forgotten. */
const SNAPSHOT_EVERY = 50_000

interface Waiting {
  readonly input: { readonly type: string; readonly contact: string }
  readonly committed: () => void
}

/** The input that follows each, and what it makes a node do. */
const STEPS = ['contact.queued', 'offer.ringing', 'offer.accepted', 'contact.ended'] as const
const EFFECTS: Readonly<Record<string, string>> = {
  'contact.queued': 'offer.made',
  'offer.accepted': 'contact.connected',
  'contact.ended': 'wrap-up.started',
}

/** One append at a time: what comes meanwhile makes the next group. */
class GroupCommit {
  readonly #state: State
  readonly #term: Term
  readonly #clock = new RealClock()
  #waiting: Waiting[] = []
  #writing = false
  #end: Position = BEGINNING
  #performed = 0
  #nextSnapshot = SNAPSHOT_EVERY
  readonly put: (waiting: Waiting) => void

  constructor(state: State, term: Term) {
    this.#state = state
    this.#term = term
    this.put = perTurn((said) => {
      this.#waiting.push(...said)
      if (!this.#writing) void this.#write()
    })
  }

  async #write(): Promise<void> {
    this.#writing = true
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      await this.#append(group)
      for (const { committed } of group) committed()
    }
    this.#writing = false
  }

  async #append(group: readonly Waiting[]): Promise<void> {
    const after = this.#end
    const at = Math.max(after.at, this.#clock.now())
    const effects = group.flatMap(({ input }, index): Effect[] => {
      const type = EFFECTS[input.type]
      if (type === undefined) return []
      const effect = { type, contact: input.contact, agent: 'agent-17' }
      return [{ sequence: after.sequence + index + 1, index: 0, effect }]
    })
    this.#end = await this.#commit({
      after,
      inputs: group.map(({ input }) => ({ at, input })),
      effects: new Map([[NODE, effects]]),
      taken: [],
      performed: { node: NODE, through: this.#performed },
    })
    this.#performed = this.#end.sequence
    if (this.#end.sequence > this.#nextSnapshot) await this.#forget()
  }

  /** A stall of the machine that outlasts the patience for an answer is an absence of Redis, and is got over as one. */
  async #commit(group: Group): Promise<Position> {
    for (;;) {
      const result = await this.#state.journal.append(this.#term, group)
      if (result.outcome === 'committed') return result.end
      if (result.outcome !== 'away') throw new Error(JSON.stringify(result))
      if (this.#state.reachable) continue
      await new Promise<void>((resolve) => {
        const forget = this.#state.onReach((reach) => {
          if (reach !== 'back') return
          forget()
          resolve()
        })
      })
    }
  }

  async #forget(): Promise<void> {
    this.#nextSnapshot = this.#end.sequence + SNAPSHOT_EVERY
    await this.#state.journal.saveSnapshot(this.#term, { engine: 'none', position: this.#end, state: {} })
    await this.#state.journal.trim(this.#term, this.#end)
  }
}

async function openCommit(url: string): Promise<{ commit: GroupCommit; state: State }> {
  const logger = pino({ level: 'warn' })
  const state = await openRedisState({ url, domain: 'bench', clock: new RealClock(), logger, leaseMs: 3_000 })
  const term = await new Promise<Term>((resolve) => {
    state.leadership.campaign({
      elected: resolve,
      lost: () => {
        throw new Error('the term was lost')
      },
    })
  })
  return { commit: new GroupCommit(state, term), state }
}

export async function journalLives(url: string, seconds: number): Promise<Counted> {
  const { commit, state } = await openCommit(url)
  let contacts = 0
  const counted = await countLives(seconds, (ended) => {
    const contact = `0197c2f0-7b1e-7000-8000-${String(++contacts).padStart(12, '0')}`
    const step = (number: number): void => {
      const type = STEPS[number]
      if (type === undefined) ended()
      else commit.put({ input: { type, contact }, committed: () => step(number + 1) })
    }
    step(0)
  })
  await state.leadership.resign()
  return counted
}

/** Inputs at a steady rate, whether or not those before are committed. */
export async function journalDelays(url: string, perSecond: number, seconds: number): Promise<Delays> {
  const { commit, state } = await openCommit(url)
  const delays: number[] = []
  const warmUp = 2
  const begin = performance.now()
  let put = 0
  let counted = 0
  await new Promise<void>((resolve) => {
    const turn = (): void => {
      const now = performance.now()
      const elapsed = (now - begin) / 1_000
      const due = Math.floor(elapsed * perSecond)
      for (; put < due; put++) {
        const counts = elapsed > warmUp
        if (counts) counted++
        commit.put({
          input: {
            type: 'contact.left',
            contact: `0197c2f0-7b1e-7000-8000-${String(put).padStart(12, '0')}`,
          },
          committed: () => counts && delays.push(performance.now() - now),
        })
      }
      if (elapsed < warmUp + seconds) setTimeout(turn, 1)
      else resolve()
    }
    turn()
  })
  await state.leadership.resign()
  const sorted = delays.toSorted((a, b) => a - b)
  return {
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    longest: sorted.at(-1) ?? Number.NaN,
    inputs: counted,
    seconds,
  }
}
