import type { CallId } from '../call/call.ts'
import type { LegEvent, Switchboard } from './switchboard.ts'

/** The other side of a talk: a leg that was dialled for it, or one that is lent to it. */
export interface TalkLeg {
  readonly call: CallId
  /** A key by which the other side ends the talk and keeps the leg. */
  readonly endKey?: string
  /** Tells `hear` what happens to the leg from now on. */
  listen(hear: (event: LegEvent) => void): void
  /**
   * The talk is over.
   * @param parted told later, once, where the leg lives on: it and the caller are apart
   * @returns true: the leg lives on, and nothing more is told of it. False: its end will be told.
   */
  release(parted: () => void): boolean
}

/** A leg whose agent has accepted. */
export interface AnsweredLeg {
  readonly leg: TalkLeg
  /** Milliseconds since 1970. */
  readonly answeredAt: number
}

/** A leg that was dialled for this talk and ends with it. */
export function dialledLeg(board: Switchboard, call: CallId): TalkLeg {
  return {
    call,
    listen: (hear) => board.own(call, hear),
    release: () => {
      board.order({ type: 'hangup', call })
      return false
    },
  }
}
