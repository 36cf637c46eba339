import type { Logger } from 'pino'
import type { AcdEffect, AcdInput } from '../acd/contract.ts'
import type { Engine } from '../acd/engine.ts'
import type { Clock } from '../clock/clock.ts'
import { Mailbox } from './mailbox.ts'
import { Timers } from './timers.ts'
import { WaitEstimates } from './wait-estimates.ts'

/**
 * Runs the routing engine: stamps each input with a time that never goes backwards, lets the engine decide, keeps
 * its timers and hands every other effect on. Beside it stands what waits are estimated from.
 */
export class AcdRunner {
  readonly engine: Engine
  readonly waits = new WaitEstimates()
  readonly #clock: Clock
  readonly #mailbox: Mailbox<AcdInput>
  readonly #timers: Timers
  #perform: (effect: AcdEffect) => void = () => undefined
  #now = 0

  constructor(engine: Engine, clock: Clock, logger: Logger) {
    this.engine = engine
    this.#clock = clock
    this.#mailbox = new Mailbox(
      (input) => this.#handle(input),
      (error, { type }) => logger.error({ err: error, input: type }, 'routing failed'),
    )
    this.#timers = new Timers(clock, (timer) => this.put({ type: 'timer', timer }))
  }

  /** Who performs the effects; set once, before the first input. */
  onEffect(perform: (effect: AcdEffect) => void): void {
    this.#perform = perform
  }

  put(input: AcdInput): void {
    this.#mailbox.put(input)
  }

  /** Time as the engine sees it. */
  now(): number {
    this.#now = Math.max(this.#now, this.#clock.now())
    return this.#now
  }

  stop(): void {
    this.#timers.stopAll()
  }

  #handle(input: AcdInput): void {
    for (const effect of this.engine.handle(input, this.now())) {
      if (effect.type === 'timer.start') this.#timers.start(effect.timer, effect.at)
      else if (effect.type === 'timer.stop') this.#timers.stop(effect.timer)
      else this.#perform(effect)
    }
  }
}
