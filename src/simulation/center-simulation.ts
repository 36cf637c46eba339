import { type AgentResult, AgentStatistics } from './agent-statistics.ts'
import { DAY_MS, poissonArrivals } from './arrivals.ts'
import { type CenterPlan, ringingOf, timelineOf } from './center-plan.ts'
import { type ContactResult, ContactStatistics } from './contact-statistics.ts'
import { type Expected, expectedOf } from './expected.ts'
import { poolsOf } from './pools.ts'
import { type Observer, Simulator, type World } from './simulator.ts'

/** What came of a simulated center; plain data. */
export interface CenterReport {
  readonly name: string
  readonly seed: number
  readonly days: number
  readonly contacts: number
  /** Answered within so many seconds is answered in time. */
  readonly thresholdSeconds: number
  readonly whole: ContactResult
  readonly queues: Readonly<Record<string, ContactResult>>
  /** Queue -> tier of customers -> result; only where a queue has tiers. */
  readonly tiers: Readonly<Record<string, Readonly<Record<string, ContactResult>>>>
  readonly profiles: Readonly<Record<string, AgentResult>>
  /** Queues that share agents, taken together, beside the formulas. */
  readonly pools: readonly {
    readonly queues: readonly string[]
    readonly profiles: readonly string[]
    readonly result: ContactResult
    readonly agents: AgentResult
    readonly expected: Expected
  }[]
}

const WHOLE = 'whole'
const HOUR_MS = DAY_MS / 24

export interface SimulationOptions {
  /** What really happened, in place of what the plan draws by chance. */
  readonly world?: Partial<World>
  /** Told of everything besides the statistics. */
  readonly observers?: readonly Observer[]
}

/** One run over a planned center. */
export class CenterSimulation {
  readonly #plan: CenterPlan
  readonly #pools: ReturnType<typeof poolsOf>
  readonly #contacts: ContactStatistics
  readonly #agents: AgentStatistics
  readonly #simulator: Simulator
  #hours = 0

  constructor(plan: CenterPlan, { world, observers = [] }: SimulationOptions = {}) {
    this.#plan = plan
    this.#pools = poolsOf(plan)
    const poolOf = new Map(this.#pools.flatMap(({ queues }, at) => queues.map((queue) => [queue, at])))
    const profileOf = new Map(
      plan.profiles.flatMap(({ name, agents }) => agents.map((agent) => [agent, name])),
    )
    this.#contacts = new ContactStatistics(plan, ({ arrival: { request, tier } }) => {
      const keys = [WHOLE, queueKey(request.queue), poolKey(poolOf.get(request.queue))]
      return tier === undefined ? keys : [...keys, tierKey(request.queue, tier)]
    })
    this.#agents = new AgentStatistics(plan, (agent) => profileOf.get(agent) ?? '')
    this.#simulator = new Simulator(
      {
        timeline: timelineOf(plan),
        arrivals: poissonArrivals(plan.streams, plan),
        ringing: ringingOf(plan),
        ...world,
      },
      this.#contacts,
      this.#agents,
      ...observers,
    )
  }

  /** Share of the time that is over. */
  get progress(): number {
    return Math.min(1, this.#hours / (24 * this.#plan.days))
  }

  /** Plays another hour. @returns whether there is more to come */
  nextHour(): boolean {
    this.#hours++
    return this.#simulator.run(this.#plan.start + this.#hours * HOUR_MS)
  }

  /** Plays to the end. */
  finish(): CenterReport {
    this.#simulator.run()
    return this.report()
  }

  /** To be asked once, at the end. */
  report(): CenterReport {
    const { name, seed, start, days, thresholdMs, streams, profiles } = this.#plan
    this.#agents.finish(start + days * DAY_MS)
    const contacts = this.#contacts
    const queues = [...new Set(this.#pools.flatMap((pool) => pool.queues))]
    const tiers = queues.flatMap((queue) => {
      const names = streams.flatMap(({ requests }) =>
        requests.flatMap(({ request, tier }) => (request.queue === queue && tier !== undefined ? tier : [])),
      )
      const results = [...new Set(names)].map((tier) => [tier, contacts.result(tierKey(queue, tier))])
      return results.length > 0 ? [[queue, Object.fromEntries(results)]] : []
    })
    return {
      name,
      seed,
      days,
      contacts: this.#simulator.arrived,
      thresholdSeconds: thresholdMs / 1000,
      whole: contacts.result(WHOLE),
      queues: Object.fromEntries(queues.map((queue) => [queue, contacts.result(queueKey(queue))])),
      tiers: Object.fromEntries(tiers),
      profiles: Object.fromEntries(profiles.map((each) => [each.name, this.#agents.result([each.name])])),
      pools: this.#pools.map((pool, at) => {
        const names = pool.profiles.map((profile) => profile.name)
        return {
          queues: pool.queues,
          profiles: names,
          result: contacts.result(poolKey(at)),
          agents: this.#agents.result(names),
          expected: expectedOf(this.#plan, pool),
        }
      }),
    }
  }
}

function queueKey(queue: string): string {
  return `queue ${queue}`
}

function tierKey(queue: string, tier: string): string {
  return `tier ${queue} ${tier}`
}

function poolKey(pool: number | undefined): string {
  return `pool ${pool ?? ''}`
}
