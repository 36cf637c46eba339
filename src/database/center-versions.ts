import { SwitchroomError } from '../errors.ts'
import { type Actor, audit } from './audit.ts'
import type { Database, DatabaseTransaction } from './tables.ts'
import { json, time } from './values.ts'

/** The rules of a center as they were published. */
export interface Version {
  /** SHA-256 of the files, hex. */
  readonly hash: string
  /** Name of a file of `config/` -> its text. */
  readonly files: Readonly<Record<string, string>>
}

/** A version that was put in force, and when. */
export interface Activation {
  readonly hash: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** User id, or `operator`. */
  readonly by: string
}

export type ActiveVersion = Activation & Version

/** The version that is in force; undefined where none was ever published. */
export async function readActiveVersion(database: Database): Promise<ActiveVersion | undefined> {
  const row = await database
    .selectFrom('centerActivations')
    .innerJoin('centerVersions', 'centerVersions.hash', 'centerActivations.hash')
    .select(['centerActivations.hash', 'at', 'byWhom', 'files'])
    .orderBy('centerActivations.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { hash: row.hash, at: row.at, by: row.byWhom, files: row.files }
}

const ORDINARY_LIMIT = 100

/** The latest first. */
export async function listActivations(
  database: Database,
  limit = ORDINARY_LIMIT,
): Promise<readonly Activation[]> {
  const rows = await database
    .selectFrom('centerActivations')
    .select(['hash', 'at', 'byWhom'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ hash, at, byWhom }) => ({ hash, at, by: byWhom }))
}

/**
 * A version that was published before.
 * @param prefix the first characters of its hash, six at least
 * @throws SwitchroomError INPUT_INVALID, NOT_FOUND, or CONFLICT where several begin so
 */
export async function findVersion(database: Database, prefix: string): Promise<Version> {
  if (!/^[0-9a-f]{6,64}$/.test(prefix)) {
    throw new SwitchroomError('INPUT_INVALID', `"${prefix}" is not the hash of a version.`, {
      remedy: 'Give six of its characters or more, from the front: `switchroom center history` has them.',
    })
  }
  const rows = await database
    .selectFrom('centerVersions')
    .select(['hash', 'files'])
    .where('hash', 'like', `${prefix}%`)
    .limit(2)
    .execute()
  const [found, another] = rows
  if (!found) {
    throw new SwitchroomError('NOT_FOUND', `No version ${prefix} was ever published.`, {
      remedy: '`switchroom center history` lists those that were.',
    })
  }
  if (another) {
    throw new SwitchroomError('CONFLICT', `Several versions begin with ${prefix}.`, {
      remedy: 'Give more characters.',
    })
  }
  return found
}

/** Stores a version, if it is not stored yet, and puts it in force, with an entry in the audit log. */
export async function activateVersion(
  database: Database,
  { hash, files }: Version,
  by: Actor,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const before = await activeHash(transaction)
    await transaction
      .insertInto('centerVersions')
      .values({ hash, files: json(files), publishedAt: time(by.at), publishedBy: by.who })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await transaction
      .insertInto('centerActivations')
      .values({ hash, at: time(by.at), byWhom: by.who })
      .execute()
    await audit(transaction, by, {
      action: 'center.activate',
      entity: 'center',
      entityId: hash,
      ...(before !== undefined && { before: { hash: before } }),
      after: { hash },
    })
  })
}

async function activeHash(transaction: DatabaseTransaction): Promise<string | undefined> {
  const row = await transaction
    .selectFrom('centerActivations')
    .select('hash')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.hash
}
