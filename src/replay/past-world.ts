import type { AcdInput, AgentId, RoutingRules } from '../acd/contract.ts'
import type { Arrival } from '../simulation/arrivals.ts'
import { Random } from '../simulation/random.ts'
import type { Ringing, World } from '../simulation/simulator.ts'
import type { Past, PastContact, PastRing } from './past.ts'

/** What is otherwise than it was. */
export interface Draft {
  readonly rules: RoutingRules
  /** Agents who are not there. */
  readonly without?: readonly AgentId[]
  /** Each is there once more, with the same skills, teams and hours. */
  readonly like?: readonly AgentId[]
  /** The customers that a contact is counted with beside its queue. */
  readonly tierOf: (request: Arrival['request']) => string | undefined
  /** Of what nobody has seen: how long somebody would have waited who was answered, ... */
  readonly seed: number
}

/** Where nobody was ever answered, a talk lasts so long. */
const UNKNOWN_TALK_MS = 180_000

/** The past as the simulator plays it: the same contacts, the same people, other rules. */
export function worldOf(past: Past, draft: Draft): World {
  const contacts = [...past.contacts.values()]
  const seen = new Seen(contacts, draft.seed)
  const copies = copiesOf(draft)
  const start = Math.min(past.from ?? 0, past.timeline[0]?.at ?? Number.POSITIVE_INFINITY)
  return {
    timeline: [
      { at: start, input: { type: 'rules.configured', rules: withCopies(draft.rules, copies) } },
      ...past.timeline.flatMap(({ at, input }) =>
        inputsOf(input, draft, copies).map((each) => ({ at, input: each })),
      ),
    ],
    arrivals: contacts.map((contact) => seen.arrival(contact, draft.tierOf(contact.request))),
    ringing: seen.ringing(past),
    backAfterMs: backAfter(past),
  }
}

/** What was seen of callers and agents, and stands in for what was not. */
class Seen {
  readonly #seed: number
  readonly #talks = new Map<string, number[]>()
  readonly #wrapUps = new Map<string, number[]>()
  readonly #patience = new Map<string, { waitedMs: number; gaveUp: number }>()
  readonly #rings: PastRing[]

  constructor(contacts: readonly PastContact[], seed: number) {
    this.#seed = seed
    this.#rings = contacts.flatMap(({ rings }) => rings.filter(({ does }) => does !== undefined))
    for (const { request, at, outcome, waitEndedAt, endedAt, wrapUpMs } of contacts) {
      if (waitEndedAt === undefined) continue
      for (const key of [request.queue, '']) {
        const patience = this.#patience.get(key) ?? { waitedMs: 0, gaveUp: 0 }
        patience.waitedMs += waitEndedAt - at
        if (outcome === 'abandoned') patience.gaveUp++
        this.#patience.set(key, patience)
        if (endedAt !== undefined) add(this.#talks, key, endedAt - waitEndedAt)
        if (wrapUpMs !== undefined) add(this.#wrapUps, key, wrapUpMs)
      }
    }
  }

  arrival(past: PastContact, tier: string | undefined): Arrival {
    const { contact, at, request, outcome, waitEndedAt, endedAt } = past
    const random = new Random(this.#seed, contact)
    const drawn = (times: ReadonlyMap<string, readonly number[]>): number | undefined => {
      const own = times.get(request.queue) ?? times.get('') ?? []
      return own[Math.floor(random.next() * own.length)]
    }
    const talkMs = drawn(this.#talks) ?? UNKNOWN_TALK_MS
    const wrapUpMs = past.wrapUpMs ?? (outcome === 'answered' ? undefined : drawn(this.#wrapUps))
    const mean = this.#meanPatience(request.queue)
    const beyondMs = mean === Number.POSITIVE_INFINITY ? mean : Math.round(random.exponential(mean)) + 1
    const leaving = leavingOf(past)
    return {
      at,
      contact,
      request,
      ...(tier !== undefined && { tier }),
      talkMs: endedAt !== undefined && waitEndedAt !== undefined ? endedAt - waitEndedAt : talkMs,
      ...(wrapUpMs !== undefined && { wrapUpMs }),
      patienceMs: (waitEndedAt ?? at) - at + (leaving ? 0 : beyondMs),
      ...(leaving && { leaving }),
    }
  }

  /** As it was where the same phone rang for the same contact; else as some phone of that day was answered. */
  ringing(past: Past): NonNullable<World['ringing']> {
    const times = new Map<string, number>()
    return ({ contact = '' }, agent): Ringing => {
      const key = `${contact} ${agent}`
      const time = times.get(key) ?? 0
      times.set(key, time + 1)
      const own = past.contacts.get(contact)?.rings.filter((ring) => ring.agent === agent)[time]
      const random = new Random(this.#seed, `${key} ${time}`)
      const other = this.#rings[Math.floor(random.next() * this.#rings.length)]
      const { does = 'answer', cause, afterMs = 0 } = (own?.does === undefined ? other : own) ?? {}
      // It rang so long at least, when somebody else ended it.
      const atLeast = own && own.does === undefined ? (own.afterMs ?? 0) + 1 : 0
      return { does, afterMs: Math.max(afterMs, atLeast), ...(cause && { cause }) }
    }
  }

  /**
   * The mean by the likelihood of exponential patience when those who were answered are censored: all waiting over
   * those who gave up (Mandelbaum and Zeltyn, "Data-stories about (im)patient customers in tele-queues", 2013).
   */
  #meanPatience(queue: string): number {
    const { waitedMs, gaveUp } = this.#patience.get(queue) ?? { waitedMs: 0, gaveUp: 0 }
    return gaveUp === 0 ? Number.POSITIVE_INFINITY : waitedMs / gaveUp
  }
}

/** How the caller or the flow ended the wait; undefined where an agent or the rules did, or nobody. */
function leavingOf({ outcome, byRules }: PastContact): Arrival['leaving'] {
  if (byRules) return undefined
  return outcome === 'abandoned' || outcome === 'left' ? outcome : undefined
}

/** Pauses for not answering that really were end as they really ended. */
function backAfter({ changes }: Past): NonNullable<World['backAfterMs']> {
  const real = new Set(
    changes.flatMap(({ at, agent }) => (agent.reason === 'no-answer' ? `${agent.agent} ${at}` : [])),
  )
  return (agent, now) => (real.has(`${agent} ${now}`) ? Number.POSITIVE_INFINITY : 300_000)
}

/** Agent -> the names of those who are like them. */
function copiesOf({ like = [] }: Draft): ReadonlyMap<AgentId, readonly AgentId[]> {
  const copies = new Map<AgentId, AgentId[]>()
  for (const agent of like) {
    const own = copies.get(agent) ?? []
    copies.set(agent, [...own, `${agent}+${own.length + 1}`])
  }
  return copies
}

function withCopies(rules: RoutingRules, copies: ReadonlyMap<AgentId, readonly AgentId[]>): RoutingRules {
  return {
    ...rules,
    teams: rules.teams.map((team) => ({
      ...team,
      agents: team.agents.flatMap((agent) => [agent, ...(copies.get(agent) ?? [])]),
    })),
  }
}

function inputsOf(
  input: AcdInput,
  { without = [] }: Draft,
  copies: ReadonlyMap<AgentId, readonly AgentId[]>,
): AcdInput[] {
  if (!('agent' in input)) return [input]
  const { agent } = input
  const all = [...(without.includes(agent) ? [] : [agent]), ...(copies.get(agent) ?? [])]
  return all.map((each) => ({ ...input, agent: each }))
}

function add(times: Map<string, number[]>, key: string, ms: number): void {
  const own = times.get(key)
  if (own) own.push(ms)
  else times.set(key, [ms])
}
