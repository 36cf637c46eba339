import type { Logger } from 'pino'
import type { Interaction } from '../call/interaction.ts'
import type { Cancel, Clock } from '../clock/clock.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import { InteractionLogFile, type LogEntry } from './interaction-log-file.ts'
import { insertInteractions, type OfferExplanation } from './interactions.ts'
import type { Database } from './tables.ts'
import { json } from './values.ts'

/** Contacts that end within this time go into the database together; off every call's path. */
const GATHER_MS = 500

/** The largest statement: 500 contacts are about 1 MB. */
const BATCH = 500

/** After this many bytes the file is written anew without what the database has. */
const REWRITE_BYTES = 8 * 1024 * 1024

const RETRY_MS = { first: 1000, longest: 30_000 }

/** What JSON.stringify makes of NUL and of halves of surrogate pairs, which PostgreSQL refuses. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i

/**
 * Gives every contact exactly one outcome, whatever happens to the process or to the database.
 *
 * A contact is in a file of the data folder before `begin` returns, and again with each `update` and at its
 * `end`. Ended ones are written to the database in batches, and leave the file when they are there. What a
 * process that died left in the file is dealt with by the next `open`: ended contacts are written, those that
 * went on end as `system-failure` at the last moment that the log knows of.
 */
export class InteractionLog {
  readonly #file: InteractionLogFile
  readonly #database: Database
  readonly #clock: Clock
  readonly #logger: Logger
  /** Line of each contact that goes on, by id. */
  readonly #open = new Map<string, string>()
  /** Lines that the database does not have yet, by id, in order of their end. */
  readonly #ended = new Map<string, string>()
  #running: Promise<boolean> | undefined
  #cancelTimer: Cancel | undefined
  #retryMs = RETRY_MS.first
  #rewriteAt = REWRITE_BYTES
  #closed = false

  private constructor(file: InteractionLogFile, database: Database, clock: Clock, logger: Logger) {
    this.#file = file
    this.#database = database
    this.#clock = clock
    this.#logger = logger
  }

  /**
   * Opens the log in the data folder, which must be locked, and settles what the last process left behind.
   * @throws SwitchroomError DATA_FOLDER_UNUSABLE
   */
  static async open(
    folder: string,
    database: Database,
    clock: Clock,
    logger: Logger,
  ): Promise<InteractionLog> {
    try {
      const { entries, damaged } = InteractionLogFile.read(folder)
      const log = new InteractionLog(new InteractionLogFile(folder), database, clock, logger)
      log.#replay(entries, damaged)
      await log.#write()
      return log
    } catch (thrown) {
      throw new SwitchroomError(
        'DATA_FOLDER_UNUSABLE',
        `The interaction log in ${folder} cannot be used: ${messageOf(thrown)}`,
        { remedy: 'Is the disk full, or the folder not readable and writable?', cause: thrown },
      )
    }
  }

  /** Contacts that have ended and are not in the database yet. */
  get pending(): number {
    return this.#ended.size
  }

  /** The contact exists from now on, whatever happens to this process. */
  begin(interaction: Interaction): void {
    const { id } = interaction
    if (this.#open.has(id) || this.#ended.has(id)) {
      this.#logger.error({ contact: id }, 'a contact began twice: ignored')
    } else {
      this.#keep(interaction)
    }
  }

  /** Keeps the contact as it is now, in case that this process dies. */
  update(interaction: Interaction): void {
    if (this.#open.has(interaction.id)) this.#keep(interaction)
    else this.#logger.error({ contact: interaction.id }, 'a contact was updated that does not go on: ignored')
  }

  /** The contact is over; it will be in the database within a second. One that was refused need not have begun. */
  end(interaction: Interaction, explanations: readonly OfferExplanation[] = []): void {
    const { id } = interaction
    if (this.#ended.has(id)) {
      this.#logger.error({ contact: id }, 'a contact ended twice: ignored')
      return
    }
    this.#open.delete(id)
    const at = this.#clock.now()
    const { endedAt = at, outcome = 'failed' } = interaction
    const line = lineOf({ at, interaction: { ...interaction, endedAt, outcome }, explanations })
    this.#ended.set(id, line)
    this.#append(id, line)
    this.#writeAfter(GATHER_MS)
  }

  /**
   * Resolves when every contact that has ended so far is in the database.
   * @throws SwitchroomError DATABASE_UNAVAILABLE; the contacts stay in the file and are tried again
   */
  async flush(): Promise<void> {
    const last = [...this.#ended.keys()].at(-1)
    while (last !== undefined && this.#ended.has(last)) {
      if (await this.#write()) continue
      throw new SwitchroomError(
        'DATABASE_UNAVAILABLE',
        `${this.#ended.size} finished contacts could not be written to the database.`,
        { remedy: 'They are kept in the data folder and are written when the database is back.' },
      )
    }
  }

  /** Writes what can be written and closes the file; what cannot, stays in it for the next start. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#ended.size > 0 && (await this.#write())) continue
    this.#cancelTimer?.()
    this.#file.close()
  }

  #keep(interaction: Interaction): void {
    const line = lineOf({ at: this.#clock.now(), interaction })
    this.#open.set(interaction.id, line)
    this.#append(interaction.id, line)
  }

  /** A full disk must not end calls: the contact is still in memory, and is written to the database from there. */
  #append(id: string, line: string): void {
    try {
      this.#file.append(line)
    } catch (thrown) {
      this.#logger.error({ contact: id, reason: messageOf(thrown) }, 'interaction log not written')
    }
  }

  #replay(entries: readonly LogEntry[], damaged: readonly string[]): void {
    if (damaged.length > 0) {
      this.#logger.warn({ lines: damaged.length }, 'unreadable lines of the interaction log are set aside')
      this.#file.setAside(damaged)
    }
    if (entries.length === 0) {
      this.#file.empty()
      return
    }
    const lastKnown = entries.reduce((latest, { at }) => Math.max(latest, at), 0)
    let interrupted = 0
    for (const [id, entry] of latestEntries(entries)) {
      if (!entry.explanations) interrupted++
      this.#ended.set(id, lineOf(entry.explanations ? entry : cutOff(entry, lastKnown)))
    }
    this.#file.rewrite(this.#ended.values())
    const counts = { ended: this.#ended.size - interrupted, interrupted }
    this.#logger.warn(counts, 'settling contacts of a process that died')
  }

  #writeAfter(delayMs: number): void {
    if (this.#closed || this.#cancelTimer || this.#running) return
    this.#cancelTimer = this.#clock.after(delayMs, () => {
      this.#cancelTimer = undefined
      // Never rejects: what goes wrong is logged and tried again.
      void this.#write()
    })
  }

  /** Writes everything that has ended by now, or joins the write that is under way; false when it failed. */
  #write(): Promise<boolean> {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#running ??= this.#writeBatches([...this.#ended]).then((done) => {
      this.#running = undefined
      if (done) this.#tidy()
      this.#retryMs = done ? RETRY_MS.first : Math.min(this.#retryMs * 2, RETRY_MS.longest)
      if (this.#ended.size > 0) this.#writeAfter(done ? GATHER_MS : this.#retryMs)
      return done
    })
    return this.#running
  }

  async #writeBatches(lines: readonly Line[]): Promise<boolean> {
    for (let start = 0; start < lines.length; start += BATCH) {
      if (!(await this.#writeBatch(lines.slice(start, start + BATCH)))) return false
    }
    return true
  }

  async #writeBatch(lines: readonly Line[]): Promise<boolean> {
    try {
      await insertInteractions(this.#database, `[${lines.map(([, line]) => line).join()}]`)
    } catch (thrown) {
      if (!isRefusal(thrown)) {
        this.#logger.error(
          { contacts: lines.length, reason: messageOf(thrown) },
          'finished contacts not written',
        )
        return false
      }
      if (lines.length > 1) return this.#writeOneByOne(lines)
      this.#refuse(lines, thrown)
    }
    for (const [id] of lines) this.#ended.delete(id)
    return true
  }

  /** One of them is refused; the others shall not wait for it. */
  async #writeOneByOne(lines: readonly Line[]): Promise<boolean> {
    for (const line of lines) if (!(await this.#writeBatch([line]))) return false
    return true
  }

  #refuse(lines: readonly Line[], thrown: unknown): void {
    for (const [id] of lines) {
      this.#logger.error(
        { contact: id, reason: messageOf(thrown) },
        'the database refuses a contact: set aside',
      )
    }
    try {
      this.#file.setAside(lines.map(([, line]) => line))
    } catch (failure) {
      this.#logger.error({ reason: messageOf(failure), lines }, 'refused contact not set aside')
    }
  }

  #tidy(): void {
    try {
      if (this.#open.size === 0 && this.#ended.size === 0) {
        this.#file.empty()
      } else if (this.#file.bytes > this.#rewriteAt) {
        this.#file.rewrite([...this.#open.values(), ...this.#ended.values()])
        this.#rewriteAt = Math.max(REWRITE_BYTES, 2 * this.#file.bytes)
      }
    } catch (thrown) {
      this.#logger.error({ reason: messageOf(thrown) }, 'interaction log not shortened')
    }
  }
}

type Line = readonly [id: string, line: string]

function lineOf(entry: LogEntry): string {
  const line = JSON.stringify(entry)
  return UNSTORABLE.test(line) ? json(entry) : line
}

/** The last that is known of each contact; an end is final. */
function latestEntries(entries: readonly LogEntry[]): Map<string, LogEntry> {
  const latest = new Map<string, LogEntry>()
  for (const entry of entries) {
    const { id } = entry.interaction
    if (!latest.get(id)?.explanations) latest.set(id, entry)
  }
  return latest
}

/** A contact that the process took with it. One that was only being wrapped up has its outcome already. */
function cutOff({ interaction }: LogEntry, lastKnown: number): LogEntry {
  const { outcome = 'system-failure', startedAt } = interaction
  const endedAt = Math.max(lastKnown, startedAt)
  // What was going on when it was last written down went on until then.
  const segments = interaction.segments.map((segment) =>
    segment.result === 'system-failure' ? { ...segment, endedAt } : segment,
  )
  return { at: lastKnown, interaction: { ...interaction, endedAt, outcome, segments }, explanations: [] }
}

/** SQLSTATE classes 22 and 23: what was sent is at fault, and sending it again would change nothing. */
function isRefusal(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' && /^2[23]...$/.test(code)
}
