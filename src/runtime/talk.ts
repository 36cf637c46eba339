import type { Logger } from 'pino'
import type { RefusalCause } from '../acd/contract.ts'
import type { CallId, CommandId, EndCause, MediaReport } from '../call/call.ts'
import type { Parts, Prompts } from './parts.ts'
import type { LegEvent } from './switchboard.ts'
import type { TalkLeg } from './talk-leg.ts'

/** What a caller hears whom an agent has put on hold: `media/music/hold.wav`, which every center has. */
const HOLD_MUSIC = 'hold'

/** Who ended a talk; `system`: neither of them (a lost leg). */
export type EndedBy = 'caller' | 'agent' | 'system'

/** The caller's side, which stays the contact's own. */
interface Caller {
  readonly id: string
  readonly call: CallId
}

export interface TalkListener {
  /** They hear each other from now on. Said at most once. */
  began(): void
  /**
   * They do not, or no longer. Said once.
   * @param hasBegun false: they never did
   * @param cause why the other side's leg ended, when that ended it
   */
  over(by: EndedBy, hasBegun: boolean, cause?: EndCause): void
  /** The talk has no other leg any more; what was measured of its audio, if it ended. Said once, after `over`. */
  closed(media: MediaReport | undefined): void
}

/**
 * A caller and an agent (or somebody outside) who hear each other: bridges two answered legs, and when one goes
 * takes care of the other's.
 */
export class Talk {
  readonly #parts: Parts
  readonly #contact: Caller
  readonly #party: string
  readonly #leg: TalkLeg
  readonly #bridge: CommandId
  readonly #listener: TalkListener
  #hasBegun = false
  #isOver = false
  #isReleased = false
  #callerHeld = false

  /** @param party who is at the other end, for the log */
  constructor(parts: Parts, contact: Caller, party: string, leg: TalkLeg, listener: TalkListener) {
    this.#parts = parts
    this.#contact = contact
    this.#party = party
    this.#leg = leg
    this.#listener = listener
    leg.listen((event) => this.#hear(event))
    this.#bridge = parts.board.order({ type: 'bridge', call: contact.call, with: leg.call })
  }

  /** Whether this command is the one that bridges the two. */
  concerns(command: CommandId): boolean {
    return command === this.#bridge
  }

  /**
   * The bridge failed. Who ended it is said by the end of the other side's leg, which may be on its way already; a leg
   * that lives on has nobody to say it.
   */
  bridgeFailed(): void {
    this.#release(() => this.#finish('system', 'failed'))
  }

  /** Ends the other side's leg, or gives it back; the caller stays, unless it is the caller who has gone. */
  end(by: EndedBy): void {
    this.#release(() => this.#finish(by))
    this.#finish(by)
  }

  /** @param livesOn the leg goes back to whom it belongs, and nothing more is told of it */
  #release(livesOn: () => void): void {
    if (this.#isReleased) return
    this.#isReleased = true
    if (this.#leg.release(() => this.#listener.closed(undefined))) livesOn()
  }

  #finish(by: EndedBy, cause?: EndCause): void {
    if (this.#isOver) return
    this.#isOver = true
    // The caller goes on: to another agent, or back into the flow.
    if (this.#callerHeld && by !== 'caller') {
      this.#parts.board.order({ type: 'unhold', call: this.#contact.call })
    }
    this.#listener.over(by, this.#hasBegun, cause)
  }

  /** The other side's phone was put on hold there: the caller hears music instead of nothing. */
  #otherHolds(holds: boolean): void {
    const { board, logger, prompts } = this.#parts
    const { call } = this.#contact
    if (this.#isOver) return
    logger.info(this.#about, holds ? 'caller on hold' : 'caller off hold')
    if (holds) board.order({ type: 'hold', call, ...holdMusic(prompts, logger) })
    else board.order({ type: 'unhold', call })
    this.#callerHeld = holds
  }

  get #about() {
    return { contact: this.#contact.id, call: this.#leg.call, party: this.#party }
  }

  #hear(event: LegEvent): void {
    const { logger } = this.#parts
    if (event.type === 'call.bridged' && !this.#isOver) {
      logger.info({ ...this.#about, with: this.#contact.call }, 'talking')
      this.#hasBegun = true
      this.#listener.began()
    }
    if (event.type === 'call.held' || event.type === 'call.unheld')
      this.#otherHolds(event.type === 'call.held')
    if (event.type === 'call.digit' && event.digit === this.#leg.endKey) this.end('agent')
    if (event.type === 'call.media-lost')
      logger.warn({ ...this.#about, silentMs: event.silentMs }, 'no audio from the other side')
    if (event.type === 'command.failed')
      logger.warn({ ...this.#about, reason: event.reason, detail: event.detail }, 'command failed')
    if (event.type === 'call.ended') {
      this.#isReleased = true
      this.#finish(event.by === 'remote' ? 'agent' : 'system', event.cause)
      this.#listener.closed(event.media)
    }
  }
}

/** Without music the caller waits in silence. */
function holdMusic(prompts: Prompts, logger: Logger): { readonly file?: string } {
  try {
    return { file: prompts.musicFile(HOLD_MUSIC) }
  } catch (error) {
    logger.warn({ err: error }, 'no music for callers on hold')
    return {}
  }
}

/** How a talk that never came about counts for its agent. */
export function refusalOf(by: EndedBy, cause: EndCause | undefined): RefusalCause {
  if (by === 'agent') return 'rejected'
  return cause === 'backend-lost' ? 'backend-failed' : 'device-failed'
}
