import type { Clock } from '../../clock/clock.ts'
import type { LiveMessage } from '../contract/index.ts'

/** Who may see an event. Everybody who is not an agent sees all. */
export type Audience =
  | 'everybody'
  | { readonly agents: readonly string[]; readonly queues?: readonly string[] }

/** Who reads. */
export interface Viewer {
  /** Set for an agent, who sees own things and those of own queues; others see all. */
  readonly agent?: string
  readonly queues: ReadonlySet<string>
}

type Envelope = Pick<LiveMessage, 'cursor' | 'at' | 'type'>

/** One event, written out once for all who read it, and not before somebody does. */
export class Frame {
  readonly #message: Envelope
  #json: Buffer | undefined
  #sse: Buffer | undefined

  /** @param message what never changes any more */
  constructor(message: Envelope) {
    this.#message = message
  }

  /** A text message of a WebSocket. */
  get json(): Buffer {
    this.#json ??= Buffer.from(JSON.stringify(this.#message))
    return this.#json
  }

  /** A server-sent event. */
  get sse(): Buffer {
    this.#sse ??= Buffer.concat([
      Buffer.from(`id: ${this.#message.cursor}\nevent: ${this.#message.type}\ndata: `),
      this.json,
      Buffer.from('\n\n'),
    ])
    return this.#sse
  }
}

export interface Reader {
  readonly viewer: Viewer
  send(frame: Frame): void
}

type WithoutEnvelope<Message> = Message extends LiveMessage ? Omit<Message, 'cursor' | 'at'> : never
/** An event as it is published; the hub adds cursor and time. */
export type LiveEvent = WithoutEnvelope<LiveMessage>

/** So long after the last reader has left, somebody may still come back and resume. */
const RESUMABLE_MS = 10 * 60_000

interface Past {
  readonly frame: Frame
  readonly audience: Audience
}

/**
 * Numbers the events, keeps the latest of them for those who come back, and hands each to the readers it is for.
 * Where nobody reads, and nobody has read lately, an event is a number and nothing more.
 * All of it happens within one turn of the event loop, so that a reader who is let in between two events misses
 * none and gets none twice.
 */
export class Hub {
  readonly #clock: Clock
  readonly #epoch: string
  readonly #capacity: number
  /** The latest events, as a ring: event n is at n modulo the capacity. */
  #past: Past[] = []
  /** How many events up to the latest have been kept without a gap. */
  #kept = 0
  #lastLeft = Number.NEGATIVE_INFINITY
  readonly #readers = new Set<Reader>()
  /** Those who see all. */
  readonly #watchers = new Set<Reader>()
  /** The others by what they see, so that an event costs as much as it has readers. */
  readonly #byAgent = new Map<string, Set<Reader>>()
  readonly #byQueue = new Map<string, Set<Reader>>()
  #sequence = 0

  /**
   * @param epoch differs with each start of the server: sequences of another epoch mean nothing here
   * @param capacity how many events are kept for resuming
   */
  constructor(clock: Clock, epoch: string, capacity = 4096) {
    this.#clock = clock
    this.#epoch = epoch
    this.#capacity = capacity
  }

  get cursor(): string {
    return `${this.#epoch}:${this.#sequence}`
  }

  /** Whether anybody reads, or may come back and read on. */
  get isRead(): boolean {
    return this.#readers.size > 0 || this.#clock.now() - this.#lastLeft <= RESUMABLE_MS
  }

  /** @param event or what makes it, which is not asked where nobody reads */
  publish(event: LiveEvent | (() => LiveEvent), audience: Audience): void {
    this.#sequence += 1
    if (!this.isRead) return this.#forget()
    this.#kept += 1
    const frame = this.frame(typeof event === 'function' ? event() : event)
    this.#past[this.#sequence % this.#capacity] = { frame, audience }
    for (const reader of this.#readersOf(audience)) reader.send(frame)
  }

  /** An event as it is written. Those for one reader (snapshot, heartbeat) are made by this and not kept. */
  frame(event: LiveEvent, cursor = this.cursor): Frame {
    return new Frame({ cursor, at: this.#clock.now(), ...event })
  }

  /**
   * Lets a reader in, whose viewer stays as it is until they leave: with what was missed since `cursor` when that is still kept, else with a snapshot.
   * @returns how to leave
   */
  join(reader: Reader, cursor: string | undefined, snapshot: () => LiveEvent): () => void {
    const missed = cursor === undefined ? undefined : this.#since(cursor)
    if (missed) {
      reader.send(this.frame({ type: 'resumed' }, cursor))
      for (const { frame, audience } of missed) if (sees(reader.viewer, audience)) reader.send(frame)
    } else {
      reader.send(this.frame(snapshot()))
    }
    const sets = this.#setsOf(reader.viewer)
    for (const set of sets) set.add(reader)
    return () => {
      for (const set of sets) set.delete(reader)
      this.#lastLeft = this.#clock.now()
    }
  }

  #forget(): void {
    if (this.#kept === 0) return
    this.#kept = 0
    this.#past = []
  }

  #setsOf({ agent, queues }: Viewer): Set<Reader>[] {
    if (agent === undefined) return [this.#readers, this.#watchers]
    const ofQueues = [...queues].map((queue) => entry(this.#byQueue, queue))
    return [this.#readers, entry(this.#byAgent, agent), ...ofQueues]
  }

  #readersOf(audience: Audience): ReadonlySet<Reader> {
    if (audience === 'everybody') return this.#readers
    const readers = new Set(this.#watchers)
    for (const agent of audience.agents) for (const one of this.#byAgent.get(agent) ?? []) readers.add(one)
    for (const queue of audience.queues ?? [])
      for (const one of this.#byQueue.get(queue) ?? []) readers.add(one)
    return readers
  }

  #since(cursor: string): Past[] | undefined {
    const [, epoch, digits] = /^(.+):(\d{1,15})$/.exec(cursor) ?? []
    const sequence = Number(digits)
    if (epoch !== this.#epoch || sequence > this.#sequence) return undefined
    if (this.#sequence - sequence > Math.min(this.#kept, this.#capacity)) return undefined
    const missed: Past[] = []
    for (let next = sequence + 1; next <= this.#sequence; next += 1) {
      const past = this.#past[next % this.#capacity]
      if (past) missed.push(past)
    }
    return missed
  }
}

function entry(sets: Map<string, Set<Reader>>, key: string): Set<Reader> {
  const set = sets.get(key) ?? new Set()
  sets.set(key, set)
  return set
}

function sees(viewer: Viewer, audience: Audience): boolean {
  if (audience === 'everybody' || viewer.agent === undefined) return true
  if (audience.agents.includes(viewer.agent)) return true
  return audience.queues?.some((queue) => viewer.queues.has(queue)) ?? false
}
