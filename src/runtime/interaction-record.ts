import type { MediaReport } from '../call/call.ts'
import type { CallEvent } from '../call/events.ts'
import type { Interaction, InteractionOutcome, InteractionSegment } from '../call/interaction.ts'

type Offered = Extract<CallEvent, { type: 'call.offered' }>
type OpenSegment = Omit<InteractionSegment, 'endedAt' | 'result'>

/** The record of one contact while it is being written: segments are opened and closed, never changed. */
export class InteractionRecord {
  readonly id: string
  readonly #base: Pick<Interaction, 'id' | 'channel' | 'direction' | 'startedAt' | 'from' | 'to' | 'flow'>
  readonly path: { node: string; at: number }[] = []
  readonly data: Record<string, string | number | boolean | null> = {}
  readonly #segments: InteractionSegment[] = []
  readonly #open = new Map<InteractionSegment['kind'], OpenSegment>()
  language: string | undefined
  customer: string | undefined
  candidates: readonly string[] = []
  disposition: string | undefined
  notes: string | undefined
  media: MediaReport | undefined
  #outcome: InteractionOutcome | undefined
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

  /** The one outcome; the first that is set stays. */
  settle(outcome: InteractionOutcome): void {
    this.#outcome ??= outcome
  }

  open(kind: InteractionSegment['kind'], at: number, detail: Partial<OpenSegment> = {}): void {
    this.#open.set(kind, { ...detail, kind, startedAt: at })
  }

  /** Closes the open segment of this kind; nothing happens when there is none. */
  close(kind: InteractionSegment['kind'], at: number, result: string, media?: MediaReport): void {
    const segment = this.#open.get(kind)
    if (!segment) return
    this.#open.delete(kind)
    this.#segments.push({ ...segment, endedAt: at, result, ...(media && { media }) })
  }

  isOpen(kind: InteractionSegment['kind']): boolean {
    return this.#open.has(kind)
  }

  finish(at: number): void {
    for (const kind of this.#open.keys()) this.close(kind, at, 'ended')
    this.#endedAt = at
  }

  /** The record as it stands. */
  view(): Interaction {
    return {
      ...this.#base,
      ...(this.#endedAt !== undefined && { endedAt: this.#endedAt }),
      ...(this.#outcome && { outcome: this.#outcome }),
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
}
