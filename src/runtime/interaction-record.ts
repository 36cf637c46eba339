import type { MediaReport } from '../call/call.ts'
import type { CallEvent } from '../call/events.ts'
import type { Interaction, InteractionOutcome, InteractionSegment } from '../call/interaction.ts'

type Offered = Extract<CallEvent, { type: 'call.offered' }>
type Detail = Pick<InteractionSegment, 'queue' | 'agent' | 'offer'>

/** Where the caller is: one after the other, without a gap. */
export type Stage = 'ivr' | 'queue' | 'talk' | 'voicemail' | 'transfer'

/** A stretch of the contact that was begun. */
export interface Stretch {
  /** It is over; the first time counts. @param at milliseconds since 1970 */
  end(at: number, result: string): void
  /** From the answer until the two heard each other, milliseconds. */
  answeredAfter(gapMs: number): void
  /** What was measured of its audio; known only a moment after its end. */
  measured(media: MediaReport | undefined): void
}

type Begun = Omit<InteractionSegment, 'endedAt' | 'result' | 'media'>

/** What was achieved for the caller counts for more than how the call went on and ended. */
const achievements: Partial<Record<InteractionOutcome, number>> = { voicemail: 1, transferred: 2, handled: 3 }

/** The record of one contact while it is being written. */
export class InteractionRecord {
  readonly id: string
  readonly #base: Pick<Interaction, 'id' | 'channel' | 'direction' | 'startedAt' | 'from' | 'to' | 'flow'>
  readonly path: { node: string; at: number }[] = []
  readonly data: Record<string, string | number | boolean | null> = {}
  readonly #open = new Map<Stretch, Begun>()
  /** In the order of their ends. */
  readonly #segments: InteractionSegment[] = []
  #stage: Stretch | undefined
  language: string | undefined
  customer: string | undefined
  candidates: readonly string[] = []
  disposition: string | undefined
  notes: string | undefined
  media: MediaReport | undefined
  #outcome: InteractionOutcome | undefined
  #callerGone = false
  #endedAt: number | undefined

  constructor(
    id: string,
    offered: Offered,
    startedAt: number,
    flow: { name: string; hash: string } | undefined,
  ) {
    this.id = id
    this.#base = {
      id,
      channel: 'voice',
      direction: 'inbound',
      startedAt,
      from: offered.from,
      to: offered.to,
      ...(flow && { flow }),
    }
  }

  get startedAt(): number {
    return this.#base.startedAt
  }

  get outcome(): InteractionOutcome | undefined {
    return this.#outcome
  }

  /** The one outcome: an achievement outranks what is none, and the greater the smaller; else the first stays. */
  settle(outcome: InteractionOutcome): void {
    const rank = (one: InteractionOutcome): number => achievements[one] ?? 0
    if (this.#outcome === undefined || rank(outcome) > rank(this.#outcome)) this.#outcome = outcome
  }

  /** The caller is somewhere else from now on. @param result how the stage before ended, unless it has ended already */
  enter(stage: Stage, at: number, result: string, detail: Detail = {}): Stretch {
    this.#stage?.end(at, result)
    this.#stage = this.begin(stage, at, detail)
    return this.#stage
  }

  /** The caller is nowhere any more: from now on the outcome is what the record says it is. */
  leave(at: number, result: string): void {
    this.#stage?.end(at, result)
    this.#callerGone = true
  }

  /** Something that goes on beside where the caller is: a ring, a wrap-up. */
  begin(kind: InteractionSegment['kind'], at: number, detail: Detail = {}): Stretch {
    let ended: number | undefined
    const stretch: Stretch = {
      answeredAfter: (gapMs) => {
        const begun = this.#open.get(stretch)
        if (begun) this.#open.set(stretch, { ...begun, gapMs })
      },
      end: (endedAt, result) => {
        const begun = this.#open.get(stretch)
        if (!begun) return
        this.#open.delete(stretch)
        ended = this.#segments.push({ ...begun, endedAt, result }) - 1
      },
      measured: (media) => {
        const segment = ended === undefined ? undefined : this.#segments[ended]
        if (segment && media && ended !== undefined) this.#segments[ended] = { ...segment, media }
      },
    }
    this.#open.set(stretch, { ...detail, kind, startedAt: at })
    return stretch
  }

  finish(at: number): void {
    for (const stretch of this.#open.keys()) stretch.end(at, 'ended')
    this.#callerGone = true
    this.#endedAt = at
  }

  /** The record when it is complete. */
  view(): Interaction {
    return {
      ...this.#base,
      ...(this.#endedAt !== undefined && { endedAt: this.#endedAt }),
      ...(this.#outcome && this.#callerGone && { outcome: this.#outcome }),
      ...(this.language !== undefined && { language: this.language }),
      ...(this.customer !== undefined && { customer: this.customer }),
      ...(this.candidates.length > 1 && { candidates: this.candidates }),
      path: [...this.path],
      data: { ...this.data },
      segments: [...this.#segments],
      ...(this.disposition !== undefined && { disposition: this.disposition }),
      ...(this.notes !== undefined && { notes: this.notes }),
      ...(this.media && { media: this.media }),
    }
  }

  /**
   * The record as it is kept in case that this process dies now: what goes on would have ended by that. It has no
   * outcome of its own while the caller is there.
   */
  soFar(at: number): Interaction {
    const cut = [...this.#open.values()].map((begun) => ({ ...begun, endedAt: at, result: 'system-failure' }))
    const view = this.view()
    return { ...view, segments: [...view.segments, ...cut] }
  }
}
