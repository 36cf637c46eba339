/**
 * Keeps the signalling of the latest calls in memory, for people who ask what happened to one of them.
 *
 * Messages belong to dialogs (Call-ID), dialogs to legs, legs to contacts; backends tell the first two, the runtime
 * the third, in any order. An INVITE is kept before anybody knows whose it is, in a small space of its own: a scanner
 * that sends thousands pushes out other strangers, never a call. Other messages are kept only where the Call-ID is
 * known. When the space for calls is full, or they are too old, the oldest contact is forgotten as a whole.
 */
import type { CallId } from '../../call/call.ts'
import type { CallEvent } from '../../call/events.ts'
import type { Clock } from '../../clock/clock.ts'
import type { CallTrace, ContactLeg, TraceFound, TraceReader } from '../call-trace.ts'
import type { Trace, TracedMessage } from '../trace.ts'
import { captureOf } from './capture.ts'
import { maskSecrets } from './masking.ts'
import { happeningsOf } from './notes.ts'
import { TracedDialog } from './traced-dialog.ts'
import { Visit, type VisitLeg, viewOfDialog } from './visit.ts'

export interface CallTracesOptions {
  readonly clock: Clock
  /** For calls, about; what strangers may take comes on top. */
  readonly bytes: number
  readonly keepMs: number
}

const STRANGER_BYTES = 1024 * 1024
/** A part of an id shorter than this says too little. */
const SHORTEST_PART = 4
const MOST_IDS = 10
/** What is too old is looked for this often while calls come, and whenever somebody asks. */
const SWEEP_MS = 10_000

interface KnownDialog {
  readonly dialog: TracedDialog
  leg: VisitLeg | undefined
}

export class CallTraces implements Trace, TraceReader {
  readonly #options: CallTracesOptions
  /** Oldest first, as the others are. */
  readonly #visits = new Set<Visit>()
  readonly #contacts = new Map<string, Visit>()
  readonly #legs = new Map<CallId, VisitLeg>()
  readonly #dialogs = new Map<string, KnownDialog>()
  readonly #strangers = new Set<KnownDialog>()
  #bytes = 0
  #strangerBytes = 0
  #count = 0
  #nextSweep = 0

  constructor(options: CallTracesOptions) {
    this.#options = options
  }

  /** How much is kept at this moment. */
  sizes(): { readonly calls: number; readonly strangers: number; readonly bytes: number } {
    return {
      calls: this.#visits.size,
      strangers: this.#strangers.size,
      bytes: this.#bytes + this.#strangerBytes,
    }
  }

  message({ sipCallId, text, direction, transport, source, destination, at }: TracedMessage): void {
    const known =
      this.#dialogs.get(sipCallId) ?? (/^\s*INVITE /.test(text) ? this.#meet(sipCallId) : undefined)
    if (!known) return
    const { dialog } = known
    const before = dialog.bytes
    const number = ++this.#count
    dialog.add({ number, at, direction, transport, source, destination, text: maskSecrets(text) })
    this.#grow(known, dialog.bytes - before)
  }

  leg(call: CallId, sipCallId: string): void {
    const owned = this.#dialogs.get(sipCallId)
    if (owned?.leg?.call === call) return
    const known = owned?.leg ? this.#meetAgain(owned) : (owned ?? this.#meet(sipCallId))
    const { bytes } = known.dialog
    this.#strangers.delete(known)
    this.#strangerBytes -= bytes
    const leg = this.#legs.get(call) ?? this.#newLeg(call, undefined)
    leg.dialogs.push(known.dialog)
    known.leg = leg
    this.#grow(known, bytes)
  }

  /** Says whose leg it is; before or after its first message. */
  contactLeg({ contact, call, party }: ContactLeg): void {
    const visit = this.#contacts.get(contact)
    const leg = this.#legs.get(call) ?? this.#newLeg(call, visit)
    leg.party = party
    if (!visit) {
      leg.visit.contact = contact
      this.#contacts.set(contact, leg.visit)
    } else if (leg.visit !== visit) {
      this.#visits.delete(leg.visit)
      visit.legs.push(...leg.visit.legs)
      visit.notes.push(...leg.visit.notes)
      for (const each of leg.visit.legs) each.visit = visit
    }
  }

  /** Notes what is no message: audio, who hears whom, the end. */
  happened(event: CallEvent): void {
    const told = happeningsOf(event)
    const leg = told && this.#legs.get(told.calls[0])
    if (!leg) return
    const { visit } = leg
    const before = visit.bytes
    const at = this.#options.clock.now()
    for (const each of told.happenings) visit.note({ number: ++this.#count, at, calls: told.calls, ...each })
    this.#bytes += visit.bytes - before
    this.#makeRoom()
  }

  find(id: string): TraceFound {
    this.#forgetOld()
    const visit = this.#contacts.get(id) ?? this.#legs.get(id)?.visit
    if (visit) return { type: 'found', trace: visit.view() }
    const known = this.#dialogs.get(id)
    if (known) return { type: 'found', trace: known.leg?.visit.view() ?? viewOfDialog(known.dialog) }
    return id.length < SHORTEST_PART ? { type: 'none' } : this.#findByPart(id)
  }

  capture({ messages }: CallTrace): Uint8Array {
    return captureOf(messages)
  }

  #findByPart(part: string): TraceFound {
    const fitting = [...this.#visits].filter(({ contact, legs }) =>
      [
        contact ?? '',
        ...legs.flatMap(({ call, dialogs }) => [call, ...dialogs.map((each) => each.sipCallId)]),
      ].some((id) => id.includes(part)),
    )
    const strangers = [...this.#strangers].filter(({ dialog }) => dialog.sipCallId.includes(part))
    const [visit] = fitting
    const [stranger] = strangers
    if (fitting.length + strangers.length > 1) {
      const ids = [
        ...fitting.map(({ contact, legs }) => contact ?? legs[0]?.call ?? ''),
        ...strangers.map(({ dialog }) => dialog.sipCallId),
      ]
      return { type: 'several', ids: ids.slice(-MOST_IDS).toReversed() }
    }
    if (visit) return { type: 'found', trace: visit.view() }
    return stranger ? { type: 'found', trace: viewOfDialog(stranger.dialog) } : { type: 'none' }
  }

  #meet(sipCallId: string): KnownDialog {
    // A copy: the id is a piece of a message, and would keep all of it in memory.
    const known = { dialog: new TracedDialog(Buffer.from(sipCallId).toString()), leg: undefined }
    this.#dialogs.set(known.dialog.sipCallId, known)
    this.#strangers.add(known)
    this.#strangerBytes += known.dialog.bytes
    return known
  }

  /** Somebody calls again with a Call-ID that was used before, as after a refusal: what comes now is another leg's. */
  #meetAgain({ dialog }: KnownDialog): KnownDialog {
    const before = dialog.bytes
    const known = { dialog: dialog.split(), leg: undefined }
    this.#bytes += dialog.bytes - before
    this.#dialogs.set(dialog.sipCallId, known)
    this.#strangerBytes += known.dialog.bytes
    return known
  }

  #newLeg(call: CallId, into: Visit | undefined): VisitLeg {
    const visit = into ?? new Visit(this.#options.clock.now())
    const before = into?.bytes ?? 0
    const leg: VisitLeg = { call, dialogs: [], party: undefined, visit }
    visit.legs.push(leg)
    this.#legs.set(call, leg)
    if (!into) {
      if (visit.startedAt >= this.#nextSweep) this.#forgetOld()
      this.#visits.add(visit)
    }
    this.#bytes += visit.bytes - before
    return leg
  }

  #grow(known: KnownDialog, bytes: number): void {
    if (known.leg) this.#bytes += bytes
    else this.#strangerBytes += bytes
    this.#makeRoom()
  }

  #makeRoom(): void {
    if (this.#bytes > this.#options.bytes) {
      for (const visit of this.#visits) {
        this.#forget(visit)
        if (this.#bytes <= this.#options.bytes) break
      }
    }
    if (this.#strangerBytes > STRANGER_BYTES) {
      for (const known of this.#strangers) {
        this.#forgetStranger(known)
        if (this.#strangerBytes <= STRANGER_BYTES) break
      }
    }
  }

  #forgetOld(): void {
    const now = this.#options.clock.now()
    const oldest = now - this.#options.keepMs
    this.#nextSweep = now + SWEEP_MS
    for (const visit of this.#visits) {
      if (visit.startedAt >= oldest) break
      this.#forget(visit)
    }
    for (const known of this.#strangers) {
      if ((known.dialog.messages[0]?.at ?? 0) >= oldest) break
      this.#forgetStranger(known)
    }
  }

  #forgetStranger(known: KnownDialog): void {
    this.#strangers.delete(known)
    this.#dialogs.delete(known.dialog.sipCallId)
    this.#strangerBytes -= known.dialog.bytes
  }

  #forget(visit: Visit): void {
    this.#bytes -= visit.bytes
    this.#visits.delete(visit)
    if (visit.contact !== undefined) this.#contacts.delete(visit.contact)
    for (const { call, dialogs } of visit.legs) {
      this.#legs.delete(call)
      for (const dialog of dialogs) {
        if (this.#dialogs.get(dialog.sipCallId)?.dialog === dialog) this.#dialogs.delete(dialog.sipCallId)
      }
    }
  }
}
