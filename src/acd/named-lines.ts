import { byPlace } from './contact.ts'
import { Heap } from './heap.ts'
import type { AgentId } from './ids.ts'
import type { Lane, NamedEntry } from './model.ts'

interface NamedLine {
  readonly all: Set<NamedEntry>
  /** Those whose gate the agent meets, by index of the lane; the one to be served first is first. */
  readonly valid: Heap<NamedEntry>[]
}

const position = {
  get: (entry: NamedEntry): number => entry.at,
  set(entry: NamedEntry, at: number): void {
    entry.at = at
  },
}

function byPrecedence(one: NamedEntry, other: NamedEntry): number {
  return one.precedence - other.precedence || byPlace(one.place, other.place)
}

/** The contacts that wait for agents by name: each such agent has a line of their own. */
export class NamedLines {
  readonly #lines = new Map<AgentId, NamedLine>()

  /** Mostly nobody is asked for by name: then not even the agent has to be looked at. */
  get isEmpty(): boolean {
    return this.#lines.size === 0
  }

  /** Everybody who waits for this agent by name. */
  of(agent: AgentId): Iterable<NamedEntry> {
    return this.#lines.get(agent)?.all ?? []
  }

  /** Those whom the agent may have, in this lane. */
  validFor(agent: AgentId, lane: Lane): Heap<NamedEntry> | undefined {
    return this.#lines.get(agent)?.valid[lane.index]
  }

  /** @param precedence strict class and preference; undefined while the agent does not meet the gate */
  add(entry: NamedEntry, precedence: number | undefined): void {
    const line = this.#lines.get(entry.agent) ?? { all: new Set(), valid: [] }
    this.#lines.set(entry.agent, line)
    line.all.add(entry)
    this.#let(line, entry, precedence)
  }

  /** Whether the agent meets the gate has changed, or may have. */
  check(entry: NamedEntry, precedence: number | undefined): void {
    const line = this.#lines.get(entry.agent)
    if (!line) return
    line.valid[entry.gate.lane.index]?.delete(entry)
    this.#let(line, entry, precedence)
  }

  delete(entry: NamedEntry): void {
    const line = this.#lines.get(entry.agent)
    if (!line) return
    line.valid[entry.gate.lane.index]?.delete(entry)
    line.all.delete(entry)
    if (line.all.size === 0) this.#lines.delete(entry.agent)
  }

  #let(line: NamedLine, entry: NamedEntry, precedence: number | undefined): void {
    if (precedence === undefined) return
    entry.precedence = precedence
    const { index } = entry.gate.lane
    const heap = line.valid[index] ?? new Heap(byPrecedence, position)
    line.valid[index] = heap
    heap.add(entry)
  }
}
