import type { Logger } from 'pino'
import type { Clock } from '../clock/clock.ts'
import { elapsed } from '../clock/clock.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import { ENGINE } from '../replay/decision.ts'
import type { Entry, Journal, StopFollowing } from '../state/journal.ts'
import type { Term } from '../state/leadership.ts'
import type { State } from '../state/state.ts'
import { apply, type Restored, readOn, restore } from './acd-restoring.ts'

/** After the store was found away while the engine was being restored. */
const PAUSE_MS = 200

export interface StandbyParts {
  readonly state: State
  readonly clock: Clock
  readonly logger: Logger
  /** The term that was won here is somebody else's now. */
  readonly lost: () => void
}

/** What a process that was elected begins with. */
export interface Elected extends Restored {
  readonly term: Term
}

/** Keeps an engine beside the writer's, by the journal, and stands for election. */
export class Standby {
  readonly #parts: StandbyParts
  readonly #journal: Journal
  #restored: Restored | undefined
  #stop: StopFollowing = () => undefined
  #isElected = false

  constructor(parts: StandbyParts) {
    this.#parts = parts
    this.#journal = parts.state.journal
  }

  /**
   * Resolves when this process has become the writer, with the engine as the journal has it.
   * @throws SwitchroomError STATE_DAMAGED
   */
  async elected(): Promise<Elected> {
    const { state, lost } = this.#parts
    const term = await new Promise<Term>((resolve, reject) => {
      state.leadership.campaign({
        elected: (won) => {
          this.#isElected = true
          resolve(won)
        },
        lost,
      })
      this.#follow().catch(reject)
    })
    this.#stop()
    return { term, ...(await this.#catchUp(term)) }
  }

  /** Restores, and applies what comes. */
  async #follow(): Promise<void> {
    const { logger } = this.#parts
    const restored = await this.#restore()
    this.#restored = restored
    if (this.#isElected) return
    this.#stop = this.#journal.follow(restored.position, {
      receive: (entries: readonly Entry[]) => {
        if (!this.#isElected) apply(restored, entries, logger)
      },
      interrupted: (error) => {
        if (this.#isElected) return
        logger.warn(
          { reason: messageOf(error) },
          'the journal does not go on where the standby is: restored anew',
        )
        this.#restored = undefined
        this.#follow().catch((failure: unknown) =>
          logger.error({ err: failure }, 'this standby follows nothing'),
        )
      },
    })
  }

  /** Reads what is left. A journal that ends before us is an older copy, and gets what we know. */
  async #catchUp(term: Term): Promise<Restored> {
    const { logger } = this.#parts
    const restored = this.#restored ?? (await this.#restore())
    const end = await this.#journal.end()
    if (end.sequence < restored.position.sequence) {
      logger.error(
        { end: end.sequence, known: restored.position.sequence },
        'the store has lost what the standby knows',
      )
      const { engine, position } = restored
      await this.#journal.resume(term, { engine: ENGINE, position, state: engine.snapshot() }, [])
      return restored
    }
    try {
      await readOn(restored, this.#journal, logger)
      return restored
    } catch (error) {
      if (!(error instanceof SwitchroomError && error.code === 'STATE_DAMAGED')) throw error
      return this.#restore()
    }
  }

  /** Again and again while the store is away. */
  async #restore(): Promise<Restored> {
    for (;;) {
      try {
        return await restore(this.#journal, this.#parts.logger)
      } catch (error) {
        if (!(error instanceof SwitchroomError && error.code === 'STATE_UNREACHABLE')) throw error
        await elapsed(this.#parts.clock, PAUSE_MS)
      }
    }
  }
}
