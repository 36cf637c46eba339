/**
 * The data folder belongs to one process at a time: two on one embedded database lose acknowledged rows.
 *
 * The lock is SQLite's exclusive lock on an empty file, because the kernel takes it and frees it however the
 * process ends (`kill -9` included), on every system that Node runs on and without a native package. By POSIX a
 * process that opens and closes this file by other means frees its own lock: nothing else may touch it. A file
 * beside it says who has it, so that a command can tell the person, or speak to the running server.
 */
import { randomBytes } from 'node:crypto'
import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../clock/clock.ts'
import { messageOf, SwitchroomError } from '../errors.ts'

/** Who has a data folder open. */
export interface FolderOwner {
  readonly pid: number
  /** For people, for example `server` or `user add`. */
  readonly program: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Where the running server's API answers, for example `http://127.0.0.1:8080`; absent until it does. */
  readonly address?: string
  /** What the API takes for the operator. Only the user that the server runs as can read it. */
  readonly operatorToken?: string
}

const LOCK_FILE = 'lock'
const OWNER_FILE = 'owner.json'

/** SQLite's result code when somebody else has the lock. */
const SQLITE_BUSY = 5

/** Held folders: garbage collection would close a lock that nobody refers to, and so free it. */
const held = new Set<DataFolder>()

/** An opened data folder; ours until `release` or the end of the process. */
export class DataFolder {
  /** Absolute. */
  readonly path: string
  /** With this bearer token a command on this machine acts as the operator; it reads it from the owner's file. */
  readonly operatorToken = randomBytes(32).toString('base64url')
  readonly #lock: DatabaseSync
  #owner: FolderOwner

  private constructor(path: string, lock: DatabaseSync, owner: FolderOwner) {
    this.path = path
    this.#lock = lock
    this.#owner = owner
    this.#write()
    held.add(this)
  }

  /**
   * Makes the folder when it is not there, and locks it.
   * @param program who we are, for the others to read
   * @throws SwitchroomError DATA_FOLDER_BUSY (naming the owner) or DATA_FOLDER_UNUSABLE
   */
  static open(folder: string, program: string, clock: Clock): DataFolder {
    const opened = DataFolder.openOrFindOwner(folder, program, clock)
    if (opened instanceof DataFolder) return opened
    throw folderBusy(resolve(folder), opened)
  }

  /**
   * As `open`, but tells who has the folder instead of throwing; `unknown` when the owner has not said yet.
   * @throws SwitchroomError DATA_FOLDER_UNUSABLE
   */
  static openOrFindOwner(
    folder: string,
    program: string,
    clock: Clock,
  ): DataFolder | FolderOwner | 'unknown' {
    const path = resolve(folder)
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 })
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
      const lock = takeLock(join(path, LOCK_FILE))
      if (!lock) return readOwner(path) ?? 'unknown'
      return new DataFolder(path, lock, { pid: process.pid, program, startedAt: Math.round(clock.now()) })
    } catch (thrown) {
      throw new SwitchroomError(
        'DATA_FOLDER_UNUSABLE',
        `The data folder ${path} cannot be used: ${messageOf(thrown)}`,
        {
          remedy: 'Make it readable and writable for this user, or name another one in data.dir.',
          cause: thrown,
        },
      )
    }
  }

  /** The API answers at this address, and takes the operator's token. */
  announce(address: string): void {
    this.#owner = { ...this.#owner, address, operatorToken: this.operatorToken }
    this.#write()
  }

  /** Gives the folder back. */
  release(): void {
    rmSync(join(this.path, OWNER_FILE), { force: true })
    this.#lock.close()
    held.delete(this)
  }

  #write(): void {
    const file = join(this.path, OWNER_FILE)
    writeFileSync(`${file}.new`, JSON.stringify(this.#owner), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
}

/** Undefined when somebody else has it. */
function takeLock(file: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    lock.exec('pragma journal_mode = memory; pragma locking_mode = exclusive; begin exclusive')
    return lock
  } catch (thrown) {
    lock.close()
    if (isBusy(thrown)) return undefined
    throw thrown
  }
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && 'errcode' in thrown && thrown.errcode === SQLITE_BUSY
}

function readOwner(path: string): FolderOwner | undefined {
  try {
    const owner: unknown = JSON.parse(readFileSync(join(path, OWNER_FILE), 'utf8'))
    return isOwner(owner) && isAlive(owner.pid) ? owner : undefined
  } catch {
    // Not written yet, or by a process that died in the middle: the lock alone counts.
    return undefined
  }
}

function isOwner(value: unknown): value is FolderOwner {
  if (typeof value !== 'object' || value === null) return false
  const owner = value as Readonly<Record<string, unknown>>
  return (
    Number.isInteger(owner['pid']) &&
    typeof owner['program'] === 'string' &&
    typeof owner['startedAt'] === 'number' &&
    ['address', 'operatorToken'].every((key) => ['string', 'undefined'].includes(typeof owner[key]))
  )
}

/** A file that a dead owner left behind says nothing of the present one. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}

/** The error for whoever cannot do with a folder that another process has. */
export function folderBusy(path: string, owner: FolderOwner | 'unknown'): SwitchroomError {
  if (owner === 'unknown') {
    return new SwitchroomError('DATA_FOLDER_BUSY', `The data folder ${path} is open in another process.`, {
      remedy: 'Stop that process first, or name another folder in data.dir.',
    })
  }
  const since = new Date(owner.startedAt).toISOString()
  const at = owner.address === undefined ? '' : ` and answers at ${owner.address}`
  return new SwitchroomError(
    'DATA_FOLDER_BUSY',
    `The data folder ${path} is open in process ${owner.pid} (switchroom ${owner.program}), which runs since ${since}${at}.`,
    { remedy: `Stop it first (kill ${owner.pid}), or name another folder in data.dir.` },
  )
}
