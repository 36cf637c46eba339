import type { AcdEffect, AcdInput } from '../acd/contract.ts'
import { Engine } from '../acd/engine.ts'
import { ENGINE_VERSION, type EngineSnapshot } from '../acd/snapshot.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import type { History, KeptSnapshot, Piece } from '../state/history.ts'
import { BEGINNING, type Entry, type Position } from '../state/journal.ts'
import { decisionOf, ENGINE, engineOf } from './decision.ts'

/** An entry at which the engine decides otherwise than it is said to have. */
export interface Difference {
  readonly file: string
  readonly sequence: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly input: unknown
  /** As `decisionOf` says it. */
  readonly journaled: string
  readonly replayed: string
  readonly effects: readonly AcdEffect[]
}

/** A snapshot that the engine does not come to. */
export interface SnapshotDifference {
  readonly file: string
  readonly sequence: number
  /** The first field of the state that differs. */
  readonly field: string
}

/** What came of a replay; plain data. */
export interface ReplayReport {
  readonly engine: string
  /** The snapshot that it began with; absent where it began with the very first input. */
  readonly startedFrom?: string
  /** First and last entry; absent where there is none. */
  readonly first?: number
  readonly last?: number
  readonly inputs: number
  readonly effects: number
  /** Inputs whose decision the journal does not name: there was nothing to compare with. */
  readonly unproven: number
  /** Snapshots on the way that the engine came to as well. */
  readonly snapshots: number
  /** Entries that are missing, or have no snapshot before them: the replay went on from the next snapshot. */
  readonly gaps: readonly { readonly after: number; readonly from: number }[]
  readonly difference?: Difference | SnapshotDifference
}

/** Whoever wants to see the replayed inputs, and what the engine made of them. */
export interface ReplayObserver {
  /** The engine begins anew, with everything that it knows. */
  started?(engine: Engine): void
  handled?(input: AcdInput, at: number, effects: readonly AcdEffect[], engine: Engine): void
  progress?(share: number): void
}

/**
 * Puts a journal before the engine again and compares what it decides, byte for byte by checksum, up to the first
 * difference.
 * @throws SwitchroomError STATE_DAMAGED (file and entry named), ENGINE_DIFFERS when another version of the engine wrote it
 */
export async function replay(history: History, observer: ReplayObserver = {}): Promise<ReplayReport> {
  const run = new Replay(await history.snapshots(), observer)
  for await (const piece of history.pieces()) {
    const difference = run.play(piece)
    observer.progress?.(piece.progress)
    if (difference) return { ...run.report(), difference }
  }
  return run.report()
}

class Replay {
  readonly #snapshots: readonly KeptSnapshot[]
  readonly #observer: ReplayObserver
  #engine: Engine | undefined
  #position: Position = BEGINNING
  #startedFrom: string | undefined
  /** From here on entries are passed over until a snapshot is met. */
  #lostAt: { readonly file: string; readonly after: number } | undefined
  #first: number | undefined
  #inputs = 0
  #effects = 0
  #unproven = 0
  #agreed = 0
  readonly #gaps: { readonly after: number; readonly from: number }[] = []

  constructor(snapshots: readonly KeptSnapshot[], observer: ReplayObserver) {
    this.#snapshots = snapshots
    this.#observer = observer
  }

  play({ file, after, entries }: Piece): Difference | SnapshotDifference | undefined {
    let rest = entries
    if (!this.#engine || after.link !== this.#position.link) rest = this.#begin(file, after, entries)
    for (const entry of rest) {
      const difference = this.#take(file, entry) ?? this.#compareSnapshots()
      if (difference) return difference
    }
    return undefined
  }

  /** @throws SwitchroomError STATE_DAMAGED when no snapshot lies before any entry */
  report(): ReplayReport {
    if (this.#lostAt && this.#inputs === 0) {
      const { file, after } = this.#lostAt
      throw new SwitchroomError(
        'STATE_DAMAGED',
        `The file ${file} begins behind entry ${after}, and no snapshot says how routing stood there.`,
        { remedy: 'Replay the whole folder, with the snapshots that were archived beside the segments.' },
      )
    }
    return {
      engine: ENGINE,
      ...(this.#startedFrom !== undefined && { startedFrom: this.#startedFrom }),
      ...(this.#first !== undefined && { first: this.#first, last: this.#position.sequence }),
      inputs: this.#inputs,
      effects: this.#effects,
      unproven: this.#unproven,
      snapshots: this.#agreed,
      gaps: this.#gaps,
    }
  }

  /** An engine for the first of these entries that one is known for. @returns those behind it */
  #begin(file: string, after: Position, entries: readonly Entry[]): readonly Entry[] {
    const snapshot = [after, ...entries.slice(0, -1)].flatMap(
      (position) => this.#snapshots.find((each) => samePlace(each.position, position)) ?? [],
    )[0]
    const start = after.sequence === 0 ? after : snapshot?.position
    this.#lostAt ??= { file, after: this.#engine ? this.#position.sequence : after.sequence }
    if (!start) return []
    if (this.#engine || this.#lostAt.after < start.sequence) {
      this.#gaps.push({ after: this.#lostAt.after, from: start.sequence + 1 })
    }
    this.#lostAt = undefined
    this.#engine = after.sequence === 0 || !snapshot ? new Engine() : restored(snapshot)
    if (after.sequence > 0) this.#startedFrom ??= snapshot?.file
    this.#position = start
    this.#observer.started?.(this.#engine)
    return entries.filter(({ sequence }) => sequence > start.sequence)
  }

  #take(file: string, entry: Entry): Difference | undefined {
    const { sequence, at, decided } = entry
    if (decided !== undefined && engineOf(decided) !== ENGINE) {
      throw foreign(`entry ${sequence} of the file ${file}`, engineOf(decided))
    }
    const input = inputIn(entry, file)
    const effects = this.#handle(input, entry, file)
    this.#position = entry
    this.#first ??= sequence
    this.#inputs++
    this.#effects += effects.length
    if (this.#engine) this.#observer.handled?.(input, at, effects, this.#engine)
    if (decided === undefined) {
      this.#unproven++
      return undefined
    }
    const replayed = decisionOf(effects)
    if (replayed === decided) return undefined
    return { file, sequence, at, input, journaled: decided, replayed, effects }
  }

  #handle(input: AcdInput, { at, sequence }: Entry, file: string): readonly AcdEffect[] {
    try {
      return this.#engine?.handle(input, at) ?? []
    } catch (thrown) {
      throw new SwitchroomError(
        'STATE_DAMAGED',
        `Entry ${sequence} of the file ${file} is no input that the engine understands: ${messageOf(thrown)}.`,
        { cause: thrown },
      )
    }
  }

  /** The snapshots at this position. */
  #compareSnapshots(): SnapshotDifference | undefined {
    for (const snapshot of this.#snapshots) {
      if (!samePlace(snapshot.position, this.#position)) continue
      if (snapshot.engine !== ENGINE) throw foreign(`the file ${snapshot.file}`, snapshot.engine)
      const field = firstDifference(this.#engine?.snapshot(), snapshot.state)
      if (field !== undefined) return { file: snapshot.file, sequence: this.#position.sequence, field }
      this.#agreed++
    }
    return undefined
  }
}

function restored({ file, engine, state }: KeptSnapshot): Engine {
  if (engine !== ENGINE || !isSnapshot(state)) throw foreign(`the file ${file}`, engine)
  return Engine.restore(state)
}

/** Its checksum says that an engine of this version wrote it: what else it has is not looked at again. */
function isSnapshot(state: unknown): state is EngineSnapshot {
  return typeof state === 'object' && state !== null && 'version' in state && state.version === ENGINE_VERSION
}

function inputIn({ input, sequence }: Entry, file: string): AcdInput {
  if (isInput(input)) return input
  throw new SwitchroomError(
    'STATE_DAMAGED',
    `Entry ${sequence} of the file ${file} is no input of the engine: ${JSON.stringify(input)}.`,
  )
}

function isInput(input: unknown): input is AcdInput {
  return typeof input === 'object' && input !== null && 'type' in input && typeof input.type === 'string'
}

function foreign(what: string, engine: string): SwitchroomError {
  return new SwitchroomError(
    'ENGINE_DIFFERS',
    `${what} is of the engine "${engine}"; this one is "${ENGINE}".`,
    {
      remedy: 'Replay it with the version of Switchroom that wrote it.',
    },
  )
}

function samePlace(one: Position, other: Position): boolean {
  return one.sequence === other.sequence && one.link === other.link
}

/** The first field in which two states differ once both are JSON. */
function firstDifference(mine: EngineSnapshot | undefined, theirs: unknown): string | undefined {
  const own: unknown = JSON.parse(JSON.stringify(mine ?? null))
  return differs(own, theirs, 'state')
}

function differs(one: unknown, other: unknown, path: string): string | undefined {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return Object.is(one, other) ? undefined : path
  }
  const [mine, theirs] = [new Map(Object.entries(one)), new Map(Object.entries(other))]
  for (const key of new Set([...mine.keys(), ...theirs.keys()])) {
    const found = differs(mine.get(key), theirs.get(key), `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}
