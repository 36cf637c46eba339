import type { AcdEffect, AcdInput, QueueRules, Requirement, Skills } from '../../src/acd/contract.ts'
import { Engine } from '../../src/acd/engine.ts'
import { ONE_CALL } from '../../src/acd/rules.ts'
import type { Cancel } from '../../src/clock/clock.ts'
import { SimulatedClock } from '../../src/clock/simulated-clock.ts'
import type { Random } from './random.ts'

/** What the people of a simulated center do: times in milliseconds, drawn anew for each contact. */
export interface Habits {
  readonly betweenArrivals: () => number
  readonly patience: () => number
  readonly handling: () => number
  /** What an agent whose phone rings does, and after how long. */
  readonly ringing: () => {
    readonly does: 'answer' | 'reject' | 'ignore' | 'fault'
    readonly afterMs: number
  }
  /** The queue of the next contact, and what it needs. */
  readonly request: () => { queue: string; requirement: Requirement; priority: number; named?: string }
}

/** How one contact went. All times are milliseconds since 1970. */
export interface Story {
  readonly contact: string
  readonly arrivedAt: number
  offers: number
  connectedAt?: number
  endedAt?: number
  end?: 'handled' | 'abandoned' | 'abandoned-in-ring' | 'unserved'
}

/** A call center in which arrivals, agents and telephones are played, and routing is the product's own. */
export class Day {
  readonly engine = new Engine()
  readonly clock = new SimulatedClock()
  readonly stories = new Map<string, Story>()
  readonly outcomes = new Map<string, number>()
  offersMade = 0
  wrapUpsStarted = 0
  wrapUpsEnded = 0
  readonly #habits: Habits
  readonly #timers = new Map<string, Cancel>()
  readonly #inputs: AcdInput[] = []
  #running = false

  constructor(queues: readonly QueueRules[], habits: Habits) {
    this.#habits = habits
    this.put({ type: 'rules.configured', rules: { queues, teams: [], capacity: ONE_CALL } })
  }

  /** Timers of the engine that run. */
  get timers(): number {
    return this.#timers.size
  }

  comesToWork(agent: string, skills: Skills): void {
    this.put({ type: 'agent.known', agent, skills })
    this.put({ type: 'device.ok', agent })
    this.put({ type: 'agent.signed-in', agent })
    this.put({ type: 'agent.available', agent })
  }

  /** Lets callers come for so long; then nobody new comes, and everything runs to its end. */
  run(ms: number): void {
    const closing = this.clock.now() + ms
    const arrive = (): void => {
      if (this.clock.now() >= closing) return
      this.#arrive()
      this.clock.after(this.#habits.betweenArrivals(), arrive)
    }
    this.clock.after(this.#habits.betweenArrivals(), arrive)
    while (this.clock.now() < closing || this.engine.contacts().length > 0 || this.timers > 0) {
      if (!this.clock.step()) return
    }
  }

  /** One input at a time, as the runtime has it. */
  put(input: AcdInput): void {
    this.#inputs.push(input)
    if (this.#running) return
    this.#running = true
    for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) {
      for (const effect of this.engine.handle(next, this.clock.now())) this.#perform(effect)
    }
    this.#running = false
  }

  #arrive(): void {
    const contact = `c${this.stories.size + 1}`
    this.stories.set(contact, { contact, arrivedAt: this.clock.now(), offers: 0 })
    this.put({ type: 'contact.queued', contact, ...this.#habits.request() })
    this.clock.after(this.#habits.patience(), () => this.#giveUp(contact))
  }

  #giveUp(contact: string): void {
    const view = this.engine.contact(contact)
    if (!view || view.state === 'connected') return
    this.#end(contact, view.state === 'offered' ? 'abandoned-in-ring' : 'abandoned')
    this.put({ type: 'contact.left', contact, reason: 'abandoned' })
  }

  #perform(effect: AcdEffect): void {
    switch (effect.type) {
      case 'offer.made':
        return this.#ring(effect.offer, effect.contact)
      case 'offer.ended':
        this.outcomes.set(effect.outcome, (this.outcomes.get(effect.outcome) ?? 0) + 1)
        return
      case 'contact.connected':
        return this.#talk(effect.contact)
      case 'contact.unserved':
        return this.#end(effect.contact, 'unserved')
      case 'wrap-up.started':
        this.wrapUpsStarted++
        return
      case 'wrap-up.ended':
        this.wrapUpsEnded++
        return
      case 'timer.start': {
        const { timer, at } = effect
        this.#timers.set(
          timer,
          this.clock.at(at, () => {
            this.#timers.delete(timer)
            this.put({ type: 'timer', timer })
          }),
        )
        return
      }
      case 'timer.stop':
        this.#timers.get(effect.timer)?.()
        this.#timers.delete(effect.timer)
    }
  }

  #ring(offer: string, contact: string): void {
    this.offersMade++
    const story = this.stories.get(contact)
    if (story) story.offers++
    this.put({ type: 'offer.ringing', offer })
    const { does, afterMs } = this.#habits.ringing()
    if (does === 'ignore') return
    const answers: Record<typeof does, AcdInput> = {
      answer: { type: 'offer.accepted', offer },
      reject: { type: 'offer.refused', offer, cause: 'rejected' },
      fault: { type: 'offer.refused', offer, cause: 'device-failed' },
    }
    if (afterMs === 0) this.put(answers[does])
    else this.clock.after(afterMs, () => this.put(answers[does]))
  }

  #talk(contact: string): void {
    const story = this.stories.get(contact)
    if (story) story.connectedAt = this.clock.now()
    this.clock.after(this.#habits.handling(), () => {
      this.#end(contact, 'handled')
      this.put({ type: 'contact.ended', contact })
    })
  }

  #end(contact: string, end: NonNullable<Story['end']>): void {
    const story = this.stories.get(contact)
    if (!story || story.end) throw new Error(`${contact} ends as ${end}, after ${story?.end}`)
    story.end = end
    story.endedAt = this.clock.now()
  }
}

/** Exponential times, as Erlang's formulas have them. */
export function memoryless(random: Random, meanMs: number): () => number {
  return () => random.exponential(meanMs)
}
