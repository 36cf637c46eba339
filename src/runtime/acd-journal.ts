/**
 * The writer's side of the journal (its life is told in `state/journal.ts`): gathers what goes into the engine, appends it
 * in groups, and says when the effects may be performed. Longer than most files because all that can happen to an
 * append is here.
 *
 * ## What waits for the write
 *
 * - `confirmed` (Redis): every effect. Another process may take over from the journal, and must not find a decision
 *   of which it knows nothing, and which a phone rings for.
 * - `at-once` (a disk of our own): nothing. Only this process can read that journal, and only after its end; and with
 *   its end its calls are over, whatever was decided for them last. So a phone does not wait for a disk to turn. What
 *   kill -9 may cost is the inputs of one turn of the event loop and of the append that is under way; a power cut the
 *   same, because each append is forced onto the disk. All of them belong to calls that are gone; an agent's click on
 *   `pause` in the last milliseconds has to be made again.
 *
 * While a store is away, `confirmed` holds the engine: no more decisions, callers hear on what they hear. After a time the
 * journal goes on on the disk, until the store is back. `at-once` goes on deciding, and writes when it can.
 *
 * The effects of this node are in no outbox: what was decided and not performed belonged to calls that died with the
 * process.
 */
import type { Logger } from 'pino'
import type { AcdEffect, AcdInput } from '../acd/contract.ts'
import { Batch } from '../clock/batch.ts'
import type { Clock } from '../clock/clock.ts'
import { messageOf } from '../errors.ts'
import { decisionOf, ENGINE } from '../replay/decision.ts'
import type { Archive } from '../state/archive.ts'
import { chain } from '../state/entry.ts'
import type { Group, Position, Snapshot, StampedInput, WriteResult } from '../state/journal.ts'
import type { Term } from '../state/leadership.ts'
import type { State } from '../state/state.ts'
import type { AcdRunner, Recorder } from './acd-runner.ts'

/** A snapshot is taken after so many inputs, or, where it is large, after as many as it has agents and contacts. */
const SNAPSHOT_EVERY = 5_000

/** Committed groups are kept for so long, in case that a failover loses them; of more inputs, a gap is left. */
const KEEP_MS = 60_000
const KEEP_INPUTS = 50_000

export interface AcdJournalOptions {
  readonly state: State
  readonly term: Term
  /** Where the journal ends, and the engine of the runner with it. */
  readonly position: Position
  readonly release: 'at-once' | 'confirmed'
  readonly archive: Archive
  readonly clock: Clock
  readonly logger: Logger
  /** Where the journal goes on while the store is away, and after how long. */
  readonly disk?: { readonly afterMs: number; readonly open: () => Promise<DiskState> }
}

export interface DiskState {
  readonly state: State
  /** Closes it, and forgets what it has. */
  remove(): Promise<void>
}

/**
 * - `writing`: all is well
 * - `away`: the store does not answer; with `confirmed` nothing is decided
 * - `degraded`: the same, and the journal goes on on the disk
 * - `deposed`: another process writes; nothing is decided here any more
 */
export type JournalStanding = 'writing' | 'away' | 'degraded' | 'deposed'

interface Pending {
  readonly group: Group
  readonly end: Position
  readonly effects: readonly AcdEffect[]
}

interface Taken extends Required<StampedInput> {
  readonly effects: readonly AcdEffect[]
}

export class AcdJournal implements Recorder {
  readonly #options: AcdJournalOptions
  readonly #acd: AcdRunner
  readonly #turn = new Batch<void>(() => this.#begin())
  /** Given to the engine, and in no group yet. */
  #taken: Taken[] = []
  /** Groups of which it is not known whether they are there. */
  #pending: Pending[] = []
  #end: Position
  #writing: Promise<void> | undefined
  #housekeeping: Promise<void> = Promise.resolve()
  #standing: JournalStanding = 'writing'
  #awaySince: number | undefined
  /** In place of the store. */
  #disk: DiskState | undefined
  /** The store is back while the journal is on the disk. */
  #isBack = false
  /** The store lacks what was committed. */
  #lacks = false
  readonly #kept: Group[] = []
  #keptInputs = 0
  /** Inputs until the next snapshot. The first one says soon which version of the engine has written what follows. */
  #untilSnapshot = 1
  #appends = 0
  #closing = false
  /** The disk does not serve either. */
  #diskFailed = false
  #reached: () => void = () => undefined
  #deposed: (reason: string) => void = () => undefined
  readonly #forget: () => void

  constructor(acd: AcdRunner, options: AcdJournalOptions) {
    this.#acd = acd
    this.#options = options
    this.#end = options.position
    this.#forget = options.state.onReach((reach) => {
      this.#reached()
      if (reach === 'back' && this.#disk) {
        this.#isBack = true
        this.#begin()
      }
    })
    acd.record(this)
  }

  get standing(): JournalStanding {
    return this.#standing
  }

  /** Groups that were written. */
  get appends(): number {
    return this.#appends
  }

  /** @param deposed told once, when another process has become the writer */
  onDeposed(deposed: (reason: string) => void): void {
    this.#deposed = deposed
  }

  take(input: AcdInput, at: number, effects: readonly AcdEffect[], all: readonly AcdEffect[]): boolean {
    const isAtOnce = this.#options.release === 'at-once'
    if (this.#standing === 'deposed') return false
    this.#taken.push({ at, input, decided: decisionOf(all), effects: isAtOnce ? [] : effects })
    if (!this.#writing) this.#turn.add()
    return isAtOnce
  }

  /** Somebody else's term has begun. */
  depose(reason: string): void {
    if (this.#standing === 'deposed') return
    this.#standing = 'deposed'
    this.#options.logger.error({ reason }, 'another process decides now')
    this.#acd.hold()
    this.#acd.stop()
    this.#taken = []
    this.#pending = []
    this.#reached()
    this.#deposed(reason)
  }

  /** Everything that was taken is there, or the store is away. */
  async written(): Promise<void> {
    do {
      this.#begin()
      await this.#writing
    } while (this.#taken.length > 0 && this.#pending.length === 0)
  }

  /** Writes what is left, and a snapshot. What cannot be written now is lost. */
  async close(): Promise<void> {
    this.#closing = true
    this.#reached()
    await this.written()
    await this.#housekeeping
    const isWhole = this.#taken.length === 0 && this.#pending.length === 0
    if (this.#standing === 'writing' && isWhole) await this.#keep(this.#snapshot(this.#end))
    this.#forget()
    if (this.#disk) await this.#disk.state.close()
  }

  #begin(): void {
    if (this.#writing || this.#standing === 'deposed') return
    this.#writing = this.#write()
      .catch((error: unknown) => {
        // What cannot be told from damage must not go on in silence.
        this.#options.logger.error({ err: error }, 'the journal is not written')
        this.depose(messageOf(error))
      })
      .finally(() => {
        this.#writing = undefined
        // What was taken in its last moments has counted on it, and it had looked for the last time.
        if (this.#taken.length > 0 || this.#isBack) this.#turn.add()
      })
  }

  async #write(): Promise<void> {
    while (this.#standing !== 'deposed' && (this.#taken.length > 0 || this.#isBack)) {
      if (this.#isBack) await this.#comeBack()
      else if (!(await this.#writeGroup())) return
    }
  }

  /** False when it has to be given up. */
  async #writeGroup(): Promise<boolean> {
    this.#group()
    const last = this.#pending.at(-1)
    // Taken here, where the engine is as it is behind this group, and nowhere else.
    const isDue = this.#untilSnapshot <= 0 && last !== undefined && !this.#disk
    const snapshot = isDue ? this.#snapshot(last.end) : undefined
    if (!(await this.#insist())) return false
    if (snapshot) this.#housekeeping = this.#housekeeping.then(() => this.#keep(snapshot))
    return true
  }

  /** Makes a group of everything that was taken. */
  #group(): void {
    if (this.#taken.length === 0) return
    const taken = this.#taken
    this.#taken = []
    const inputs = taken.map(({ at, input, decided }) => ({ at, input, decided }))
    const after = this.#pending.at(-1)?.end ?? this.#end
    const { end } = chain(after, this.#options.term.epoch, inputs)
    const group: Group = { after, inputs, effects: new Map(), taken: [] }
    this.#pending.push({ group, end, effects: taken.flatMap(({ effects }) => effects) })
    this.#untilSnapshot -= inputs.length
  }

  /** Hands in what is pending until it is there. False when it never will be. */
  async #insist(): Promise<boolean> {
    while (this.#pending.length > 0) {
      const result = this.#lacks ? await this.#resume(this.#state) : await this.#append()
      if (this.#standing === 'deposed') return false
      if (result.outcome === 'committed') this.#isWell()
      else if (result.outcome === 'rolled-back') {
        this.#options.logger.error({ end: result.end.sequence }, 'the store has lost what it had confirmed')
        this.#lacks = true
      } else if (result.outcome === 'fenced') {
        this.depose(`its term is ${result.epoch}`)
        return false
      } else if (!(await this.#outlast(result.reason))) return false
    }
    return true
  }

  async #append(): Promise<WriteResult> {
    const [first] = this.#pending
    if (!first) throw new RangeError('nothing to append')
    const result = await this.#state.journal.append(this.#options.term, first.group)
    if (result.outcome === 'committed') this.#committed(1)
    return result
  }

  /** Lets a journal go on from the engine as it is now, with everything that it may lack. */
  async #resume({ journal }: State): Promise<WriteResult> {
    this.#group()
    const count = this.#pending.length
    const groups = [...this.#kept, ...this.#pending.map(({ group }) => group)]
    const end = this.#pending.at(-1)?.end ?? this.#end
    const result = await journal.resume(this.#options.term, this.#snapshot(end), groups)
    if (result.outcome === 'committed') {
      this.#lacks = false
      this.#committed(count)
    }
    return result
  }

  /** The first groups that are pending are there: what they have decided is done. */
  #committed(count: number): void {
    if (this.#standing === 'deposed') return
    for (const { group, end, effects } of this.#pending.splice(0, count)) {
      this.#appends++
      this.#end = end
      if (this.#options.release === 'confirmed') this.#remember(group)
      this.#acd.perform(effects)
    }
  }

  #remember(group: Group): void {
    this.#kept.push(group)
    this.#keptInputs += group.inputs.length
    const oldest = this.#disk ? 0 : this.#options.clock.now() - KEEP_MS
    for (let [first] = this.#kept; first; [first] = this.#kept) {
      if (this.#keptInputs <= KEEP_INPUTS && (first.inputs.at(-1)?.at ?? 0) >= oldest) return
      this.#kept.shift()
      this.#keptInputs -= first.inputs.length
    }
  }

  /** Waits until the store is back, or goes on on the disk. False when neither is to be. */
  async #outlast(reason: string): Promise<boolean> {
    const { clock, logger, disk, release, state } = this.#options
    if (this.#closing) {
      logger.error({ reason }, 'the journal ends before the last inputs')
      return false
    }
    this.#awaySince ??= clock.now()
    if (this.#standing === 'writing') {
      this.#standing = 'away'
      logger.error({ reason }, 'the journal cannot be written')
    }
    if (release === 'confirmed') this.#acd.hold()
    if (this.#disk) {
      // The disk, too. Nothing is decided until one of the two is back.
      await this.#reachOf(this.#disk.state, undefined)
      return true
    }
    const until = disk && !this.#diskFailed ? this.#awaySince + disk.afterMs : undefined
    if (state.reachable || (await this.#reachOf(state, until)) || !disk) return true
    return this.#degrade(disk)
  }

  /** True when something was heard of the store, or we are closing. @param until milliseconds since 1970 */
  async #reachOf(state: State, until: number | undefined): Promise<boolean> {
    const { clock } = this.#options
    let forget: () => void = () => undefined
    let cancel: () => void = () => undefined
    const heard = await new Promise<boolean>((resolve) => {
      this.#reached = () => resolve(true)
      forget = state.onReach(() => resolve(true))
      if (until !== undefined) cancel = clock.at(until, () => resolve(false))
    })
    this.#reached = () => undefined
    forget()
    cancel()
    return heard
  }

  /** False when we have been deposed meanwhile. */
  async #degrade({ open }: NonNullable<AcdJournalOptions['disk']>): Promise<boolean> {
    let disk: DiskState | undefined
    try {
      disk = await open()
      const result = await this.#resume(disk.state)
      if (result.outcome === 'committed') {
        this.#disk = disk
        this.#isBack = this.#options.state.reachable
        this.#isWell()
        return this.#standing !== 'deposed'
      }
      this.#options.logger.error({ outcome: result.outcome }, 'the journal cannot go on on the disk')
    } catch (error) {
      this.#options.logger.error({ err: error }, 'the journal cannot go on on the disk')
    }
    this.#diskFailed = true
    await disk?.remove()
    return this.#standing !== 'deposed'
  }

  /** The store is back: it gets everything that was decided without it. */
  async #comeBack(): Promise<void> {
    const disk = this.#disk
    this.#isBack = false
    if (!disk) return
    this.#acd.hold()
    const result = await this.#resume(this.#options.state)
    if (this.#standing === 'deposed') return
    if (result.outcome === 'fenced') return this.depose(`its term is ${result.epoch}`)
    if (result.outcome === 'committed') {
      this.#disk = undefined
      await disk.remove()
    } else if (!(await this.#insist())) return
    this.#isWell()
  }

  #isWell(): void {
    if (this.#standing === 'deposed') return
    this.#awaySince = undefined
    this.#diskFailed = false
    const standing = this.#disk ? 'degraded' : 'writing'
    if (this.#standing !== standing) {
      this.#standing = standing
      const { logger } = this.#options
      if (standing === 'writing') logger.warn('the journal is written again')
      else
        logger.error('degraded: the store is away, and the journal goes on on the disk of this process alone')
    }
    this.#acd.go()
  }

  get #state(): State {
    return this.#disk?.state ?? this.#options.state
  }

  #snapshot(position: Position): Snapshot {
    const state = this.#acd.engine.snapshot()
    this.#untilSnapshot = Math.max(SNAPSHOT_EVERY, state.agents.length + state.contacts.length)
    return { engine: ENGINE, position, state }
  }

  /** Keeps a snapshot, and moves what lies before it into the archive. */
  async #keep(snapshot: Snapshot): Promise<void> {
    const { state, term, archive, logger } = this.#options
    try {
      const saved = await state.journal.saveSnapshot(term, snapshot)
      if (saved.outcome !== 'committed') return
      await archive.take(state.journal, snapshot.position.sequence)
      await state.journal.trim(term, snapshot.position)
    } catch (error) {
      logger.error({ err: error }, 'the journal is not archived')
    }
  }
}
