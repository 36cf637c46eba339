import type { Logger } from 'pino'
import type { AcdEffect, AcdInput } from '../acd/contract.ts'
import type { Engine } from '../acd/engine.ts'
import type { Clock } from '../clock/clock.ts'
import { Mailbox } from './mailbox.ts'
import { Timers } from './timers.ts'
import { WaitEstimates } from './wait-estimates.ts'

/** Writes down what the engine is given, and says when what it has decided may be done. */
export interface Recorder {
  /**
   * The engine was given this input at this time, and wants these effects.
   * @param effects those that others perform; a timer leads to nothing but another input
   * @param all with the timers
   * @returns whether the effects are to be performed now; else `perform` of the runner is called when they may be
   */
  take(input: AcdInput, at: number, effects: readonly AcdEffect[], all: readonly AcdEffect[]): boolean
}

/**
 * Runs the routing engine: stamps each input with a time that never goes backwards, lets the engine decide, keeps
 * its timers and hands every other effect on. Beside it stands what waits are estimated from.
 */
export class AcdRunner {
  readonly engine: Engine
  readonly waits = new WaitEstimates()
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #mailbox: Mailbox<AcdInput>
  readonly #timers: Timers
  #recorder: Recorder | undefined
  #perform: (effect: AcdEffect) => void = () => undefined
  #now: number

  /**
   * @param engine a new one, or one that was restored: its timers are set again
   * @param since no input is earlier; milliseconds since 1970
   */
  constructor(engine: Engine, clock: Clock, logger: Logger, since = 0) {
    this.engine = engine
    this.#clock = clock
    this.#logger = logger
    this.#now = since
    this.#mailbox = new Mailbox(
      (input) => this.#handle(input),
      (error, { type }) => logger.error({ err: error, input: type }, 'routing failed'),
    )
    this.#timers = new Timers(clock, (timer) => this.put({ type: 'timer', timer }))
    for (const { timer, at } of engine.timers()) this.#timers.start(timer, at)
  }

  /** Who performs the effects; set once, before the first call. */
  onEffect(perform: (effect: AcdEffect) => void): void {
    this.#perform = perform
  }

  /** From now on every input is written down. */
  record(recorder: Recorder): void {
    this.#recorder = recorder
  }

  put(input: AcdInput): void {
    this.#mailbox.put(input)
  }

  /** Decides nothing more until `go`; what is put in waits. */
  hold(): void {
    this.#mailbox.hold()
  }

  go(): void {
    this.#mailbox.go()
  }

  /** Time as the engine sees it. */
  now(): number {
    this.#now = Math.max(this.#now, this.#clock.now())
    return this.#now
  }

  stop(): void {
    this.#timers.stopAll()
  }

  /** Performs what was decided earlier. */
  perform(effects: readonly AcdEffect[]): void {
    for (const effect of effects) {
      try {
        this.#perform(effect)
      } catch (error) {
        this.#logger.error({ err: error, effect: effect.type }, 'an effect of routing failed')
      }
    }
  }

  #handle(input: AcdInput): void {
    const at = this.now()
    const effects: AcdEffect[] = []
    let all: readonly AcdEffect[] = []
    try {
      all = this.engine.handle(input, at)
      for (const effect of all) {
        if (effect.type === 'timer.start') this.#timers.start(effect.timer, effect.at)
        else if (effect.type === 'timer.stop') this.#timers.stop(effect.timer)
        else effects.push(effect)
      }
    } finally {
      // Also where it failed: it would fail again in the same way.
      if (this.#recorder?.take(input, at, effects, all) ?? true) this.perform(effects)
    }
  }
}
