/**
 * The journal of a routing domain: everything that went into its engine, in order, and what waits to come in or
 * to go out. An engine is deterministic, so the inputs are the state: a snapshot plus the inputs since brings it
 * back. The journal knows nothing of routing. Inputs, effects and snapshots are plain data that survives JSON;
 * they come back as `unknown`, whole (checked by their checksums) but not understood: whoever reads them checks
 * their shape.
 *
 * One writer at a time, who holds a term of `Leadership`. Every write carries that term and is checked against the
 * store's own in the same step: a writer that was replaced, however late it wakes up, changes nothing.
 *
 * ## The life of a writer
 *
 * 1. START-UP. Open the state (`State`), wait in `leadership.campaign` for `elected(term)`.
 * 2. RESTORE. `latestSnapshot()`; a snapshot of another engine version is migrated or refused by name. Then
 *    `read(position)` again and again, applying each entry at its own time `at` and throwing its effects away, until
 *    nothing comes. `position` is that of the last entry. The clock of the engine starts at the later of `position.at`
 *    and now, so time never goes backwards across writers, whatever their machines' clocks say.
 *    Set the engine's timers again. Then `outbox(own node).pending()`: what was decided, and not yet performed, is
 *    performed now. Other nodes read their outboxes themselves. `inbox.follow` from here on.
 * 3. APPEND. In one turn of the event loop: stamp each input (`at` = the later of the clock and the last `at`), apply it,
 *    keep its effects with their ids (its sequence, and the index among its effects). At the end of the turn append
 *    them as one `Group`; while an append is under way the next group gathers. `committed`: release the group's
 *    effects. Nothing decided leaves the process before that. Effects for another node go only into the group; those
 *    for the own node go into it too, are performed directly, and are acknowledged by `performed` of a later group.
 *    Keep the latest committed groups (a minute of them) for step 7.
 * 4. INBOX. What `inbox.follow` hands over is an input as any other; its id goes into `taken` of the group that has it.
 *    The same step that journals it takes it out of the inbox: it counts once, whoever dies when.
 * 5. SNAPSHOT. Now and then, and at the end: `saveSnapshot` of the engine at a committed position, then archive what
 *    lies before it (`Archive.take`), then `trim` up to it.
 * 6. REFUSED. `fenced`: somebody else writes. Discard the engine with everything not committed, perform nothing more,
 *    campaign again, restore. The contacts of this node are told to the new writer through the inbox.
 * 7. AWAY. `away`: the store did not answer, and whether it has the group is not known. Make no more decisions; callers
 *    hear on what they hear. On `back`, hand in the very same group again: the journal recognises one that it
 *    has (`committed`). Should the store have been replaced by a copy that lacks the latest groups (a failover of
 *    Redis may lose what was not replicated yet), that is `rolled-back`: then `resume` with a snapshot at the last
 *    committed position and the groups that were kept, and hand in the group again. What a restored copy has lost
 *    is so put back by the one who knows.
 * 8. DEGRADED. Away for longer than a setting: raise the alarm, open an empty journal on disk (`memory/`), `resume` it at
 *    the last committed position under the same term, hand the waiting group to that one and go on. When the first one
 *    is back: stop, `resume` it with a snapshot and the groups kept since, go on there, and remove the other.
 *    `fenced` then means that somebody has taken over meanwhile: as step 6. (Each has served the callers of its own
 *    nodes.)
 *
 * ## The life of a standby
 *
 * Restores as in 2, then `follow`s, applying as it goes. `interrupted` (a gap, or another history than the one it has):
 * restores anew. `elected`: when its own position is behind `end()`, it reads the rest, and is a writer. When it is ahead
 * (the store was replaced by an older copy), it `resume`s the journal from its own engine first.
 */
import type { Term } from './leadership.ts'

/** A place in the journal: after the input with this sequence. */
export interface Position {
  /** 1 for the first input of a domain, then one by one; 0 before it. */
  readonly sequence: number
  /** When that input was taken, milliseconds since 1970; never falls. */
  readonly at: number
  /** CRC-32 over all entries up to here: two histories that differ anywhere differ in it. */
  readonly link: number
}

export const BEGINNING: Position = { sequence: 0, at: 0, link: 0 }

/** An input as it was journaled, at its position. */
export interface Entry extends Position {
  /** Of the writer's term. */
  readonly epoch: number
  /** As the writer gave it. */
  readonly decided?: string
  readonly input: unknown
}

/** What the runner journals: an input and when it was taken; not before the input that precedes it. */
export interface StampedInput {
  readonly at: number
  /**
   * Which engine decided, and a checksum of what, so that a replay can tell whether it decides the same; at most 100
   * characters.
   */
  readonly decided?: string
  readonly input: unknown
}

/** What a node shall do. Its sequence is that of the input that caused it, its index the place among that one's effects. */
export interface Effect {
  readonly sequence: number
  readonly index: number
  readonly effect: unknown
}

/** Appended whole or not at all, in one round trip. */
export interface Group {
  /** Where it continues: `end` of the last committed append. */
  readonly after: Position
  /** At least one. */
  readonly inputs: readonly StampedInput[]
  /** By node, in order; they go into the nodes' outboxes. */
  readonly effects: ReadonlyMap<string, readonly Effect[]>
  /** Inbox entries that are among the inputs: ids as `inbox.follow` gave them. */
  readonly taken: readonly string[]
  /** Acknowledges, as `Outbox.acknowledge` does, without a round trip of its own. */
  readonly performed?: { readonly node: string; readonly through: number }
}

/** The engine at a position. */
export interface Snapshot {
  /** Which engine made it, for example `acd 4`. Another one must migrate it, or refuse. */
  readonly engine: string
  readonly position: Position
  readonly state: unknown
}

/** Where the store ends after it. */
export interface Committed {
  readonly outcome: 'committed'
  readonly end: Position
}

/** The store did not answer, or cannot write at present; whether it has done it is not known. Again on `back`. */
export interface Away {
  readonly outcome: 'away'
  readonly reason: string
}

/** Somebody else's term has begun, at this epoch. Nothing was changed. */
export interface Fenced {
  readonly outcome: 'fenced'
  readonly epoch: number
}

/** The store has lost what it had confirmed, and ends here now. Nothing was changed. */
export interface RolledBack {
  readonly outcome: 'rolled-back'
  readonly end: Position
}

export type WriteResult = Committed | Away | Fenced | RolledBack

export interface Follower {
  /** At least one, in order. */
  receive(entries: readonly Entry[]): void
  /**
   * What comes next does not continue what was handed over; following has ended.
   * @param error STATE_DAMAGED
   */
  interrupted(error: Error): void
}

/** Ends following; nothing is handed over after the call. */
export type StopFollowing = () => void

/**
 * Reading throws SwitchroomError STATE_UNREACHABLE while the store is away, and STATE_DAMAGED (naming the journal and the
 * place) when something that is there is not what was written. Writing never throws for such reasons: it says so.
 */
export interface Journal {
  readonly inbox: Inbox

  /** Behind which position all entries are there: up to where it was trimmed, or went on behind a gap. */
  start(): Promise<Position>

  /** Where the journal ends. */
  end(): Promise<Position>

  /**
   * The entries that follow, oldest first; none at the end.
   * @param limit about how many at most; a group is not cut
   * @throws SwitchroomError STATE_DAMAGED also for a gap: a snapshot lies behind it then
   */
  read(after: Position, limit?: number): Promise<readonly Entry[]>

  /** Hands over what follows, and goes on as more is appended; waits while the store is away. */
  follow(after: Position, follower: Follower): StopFollowing

  /** @see Group; the same group may be handed in again after `away` */
  append(term: Term, group: Group): Promise<WriteResult>

  latestSnapshot(): Promise<Snapshot | undefined>

  /** Keeps it in place of the one before. Its position must not lie behind the end, nor before the last snapshot's. */
  saveSnapshot(term: Term, snapshot: Snapshot): Promise<WriteResult>

  /**
   * Makes this term the store's own, unless a later one (or another one of the same epoch) is there, and lets the
   * journal go on from the snapshot's position: what the store lacks is put back from `groups` as far as they connect;
   * where they do not, a gap remains, with the snapshot behind it.
   * @param groups of this term, in order, up to the snapshot's position; more than necessary does no harm
   */
  resume(term: Term, snapshot: Snapshot, groups: readonly Group[]): Promise<WriteResult>

  /** Forgets the entries up to there; nothing when that lies behind the last snapshot. */
  trim(term: Term, through: Position): Promise<WriteResult>

  /** @param node name of a node of the domain */
  outbox(node: string): Outbox
}

export interface InboxInput {
  /** Names this input wherever it was put from, for example `node-2:contact-17:left`; at most 200 characters. */
  readonly key: string
  readonly input: unknown
}

export interface InboxEntry extends InboxInput {
  /** Of the inbox; rising. */
  readonly id: string
}

/** Inputs of other nodes on their way to the writer. */
export interface Inbox {
  /**
   * In order, all or none. One whose key was put within the last ten minutes is dropped, so that putting again after
   * `away` is harmless.
   */
  put(inputs: readonly InboxInput[]): Promise<{ readonly outcome: 'put'; readonly duplicates: number } | Away>

  /**
   * For the writer: everything that is there, then what comes, each once. It stays there until a group has taken it.
   * What cannot be read is logged and passed over.
   */
  follow(receive: (entries: readonly InboxEntry[]) => void): StopFollowing
}

/** What a node has to do, until it has acknowledged it. */
export interface Outbox {
  /** Everything that is not acknowledged, oldest first. */
  pending(): Promise<readonly Effect[]>

  /**
   * Everything that is not acknowledged, then what comes; each once, also where the store was replaced by a copy that
   * has it again. Where the middle of a group was acknowledged, all of it comes again. What cannot be read is logged
   * and passed over.
   */
  follow(receive: (effects: readonly Effect[]) => void): StopFollowing

  /** All effects of inputs up to this sequence are performed. False while away: a later one will do. */
  acknowledge(through: number): Promise<boolean>
}
