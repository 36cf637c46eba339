/**
 * An agent's standing call: dialled once, or made by the agent, and kept while they work. Between talks it plays music or
 * nothing; an offer is announced on it, and a talk borrows it, so that nobody's phone has to be rung for each contact.
 * States: `ringing`, `idle`, `lent` (to a talk), `parting` (until the backend has parted it from its caller), `over`.
 */
import { randomUUID } from 'node:crypto'
import type { CallId, CommandId, DialTarget, Party } from '../call/call.ts'
import type { PlayItem } from '../call/commands.ts'
import { AUTO_ANSWER } from '../telephony/auto-answer.ts'
import type { Parts } from './parts.ts'
import type { LegEvent } from './switchboard.ts'
import type { TalkLeg } from './talk-leg.ts'

/** How standing calls are kept. */
export interface StandingOptions {
  /** A piece of the center's music for agents who wait; undefined: silence. */
  readonly music: string | undefined
  /** Takes an offer that is announced. */
  readonly acceptKey: string
  /** Ends a talk, and the leg stays. */
  readonly endKey: string
}

/** Why a standing call is over: we let it go, the agent hung up or did not take it, it could not be made or was lost. */
export type StandingEnd = 'let-go' | 'hung-up' | 'not-taken' | 'unreachable' | 'lost'

export interface StandingListener {
  up(): void
  /** A talk on it is over. */
  free(): void
  over(why: StandingEnd): void
}

/** Whoever works finds the phone within this. */
const RING_MS = 60_000
const OUR_NAME: Party = { uri: 'sip:switchroom@localhost', number: 'switchroom', name: 'Switchroom' }

type Needs = Pick<Parts, 'board' | 'logger' | 'prompts'>

export class StandingLeg implements TalkLeg {
  readonly call: CallId
  readonly agent: string
  readonly endKey: string
  readonly #needs: Needs
  readonly #options: StandingOptions
  readonly #listener: StandingListener
  #state: 'ringing' | 'idle' | 'lent' | 'parting' | 'over' = 'ringing'
  #hear: ((event: LegEvent) => void) | undefined
  #unbridge: CommandId | undefined
  #parted: (() => void) | undefined
  /** What waits for it to be idle: the next offer. */
  #next: (() => void) | undefined
  #accept: (() => void) | undefined
  /** Told the offer that waits for it, or on it, when nothing can come of it any more. */
  #gone: (() => void) | undefined

  /** @param call of the agent who dialled in; a new one where we dial */
  constructor(
    needs: Needs,
    options: StandingOptions,
    agent: string,
    listener: StandingListener,
    call: CallId = `standing-${randomUUID()}`,
  ) {
    this.call = call
    this.agent = agent
    this.endKey = options.endKey
    this.#needs = needs
    this.#options = options
    this.#listener = listener
    needs.board.own(call, (event) => this.#receive(event))
  }

  get isUp(): boolean {
    return this.#state !== 'ringing' && this.#state !== 'over'
  }

  get isLent(): boolean {
    return this.#state === 'lent'
  }

  dial(target: DialTarget, asksForAnswer: boolean): void {
    this.#needs.board.order({
      type: 'dial',
      call: this.call,
      target,
      from: OUR_NAME,
      ringMs: RING_MS,
      headers: asksForAnswer ? AUTO_ANSWER : {},
    })
  }

  answer(): void {
    this.#needs.board.order({ type: 'answer', call: this.call })
  }

  hangUp(): void {
    if (this.#state === 'over') return
    this.#needs.board.order({ type: 'hangup', call: this.call })
    this.#tellGone()
  }

  /**
   * Runs when it can be bridged, at once where that is now; in place of what was to run before.
   * @param gone the leg is over, or about to be, before anything came of it
   */
  whenIdle(run: () => void, gone: () => void): void {
    this.#next = run
    this.#gone = gone
    if (this.#state === 'idle') this.#runNext()
  }

  /** From now on the key by which an offer is taken takes this one. */
  awaitKey(accepted: () => void): void {
    this.#accept = accepted
  }

  /** Tells the idle agent of the offer that waits for the key. */
  announce(items: readonly PlayItem[]): void {
    if (this.#accept && this.#state === 'idle')
      this.#needs.board.order({ type: 'play', call: this.call, items, interruptible: false })
  }

  /** The offer is over, and nothing came of it. */
  withdraw(): void {
    this.#next = undefined
    this.#gone = undefined
    if (!this.#accept) return
    this.#accept = undefined
    if (this.#state !== 'idle') return
    this.#needs.board.order({ type: 'play.stop', call: this.call })
    this.#playMusic()
  }

  listen(hear: (event: LegEvent) => void): void {
    this.#accept = undefined
    this.#gone = undefined
    this.#state = 'lent'
    this.#hear = hear
  }

  release(parted: () => void): boolean {
    if (this.#state !== 'lent') return false
    this.#hear = undefined
    this.#parted = parted
    this.#state = 'parting'
    // Where the caller's end has parted them already, this is refused, which says the same.
    this.#unbridge = this.#needs.board.order({ type: 'unbridge', call: this.call })
    return true
  }

  #receive(event: LegEvent): void {
    this.#hear?.(event)
    switch (event.type) {
      case 'call.answered':
        if (this.#state !== 'ringing') return
        this.#idle()
        return this.#listener.up()
      case 'call.digit':
        if (event.digit === this.#options.acceptKey) this.#accept?.()
        return
      case 'call.unbridged':
      case 'command.failed':
        if (this.#state === 'parting' && event.command === this.#unbridge) {
          this.#listener.free()
          this.#idle()
        } else if (this.#state === 'ringing') this.#neverWas()
        return
      case 'call.ended':
        return this.#over(this.#endOf(event))
      default:
    }
  }

  #idle(): void {
    this.#state = 'idle'
    this.#tellParted()
    this.#playMusic()
    this.#runNext()
  }

  #runNext(): void {
    const next = this.#next
    this.#next = undefined
    next?.()
  }

  #tellParted(): void {
    const parted = this.#parted
    this.#parted = undefined
    parted?.()
  }

  #playMusic(): void {
    const { board, logger, prompts } = this.#needs
    const { music } = this.#options
    if (music === undefined) return
    try {
      board.order({ type: 'music.start', call: this.call, file: prompts.musicFile(music) })
    } catch (error) {
      logger.warn({ err: error, agent: this.agent }, 'no music on the standing call')
    }
  }

  /** There is no such leg, and nothing more will be said of it. */
  #neverWas(): void {
    this.#needs.board.forget(this.call)
    this.#over('unreachable')
  }

  #endOf({ by, cause }: Extract<LegEvent, { type: 'call.ended' }>): StandingEnd {
    if (by === 'local') return 'let-go'
    if (this.#state !== 'ringing') return by === 'network' ? 'lost' : 'hung-up'
    return by === 'network' && cause !== 'no-answer' ? 'unreachable' : 'not-taken'
  }

  #over(why: StandingEnd): void {
    this.#state = 'over'
    this.#tellParted()
    this.#tellGone()
    this.#listener.over(why)
  }

  #tellGone(): void {
    const gone = this.#gone
    this.#gone = undefined
    this.#next = undefined
    this.#accept = undefined
    gone?.()
  }
}
