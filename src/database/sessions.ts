import { createHash, randomBytes } from 'node:crypto'
import type { Database, Role } from './tables.ts'
import { time } from './values.ts'

/** Somebody who is signed in. */
export interface Session {
  readonly user: {
    readonly id: string
    readonly username: string
    readonly name: string
    readonly role: Role
  }
  /** What has signed in. */
  readonly program: 'desk' | 'phone'
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/**
 * Signs somebody in.
 * @returns the token, 256 random bits; only its hash is kept, so that a stolen database opens no session
 */
export async function openSession(
  database: Database,
  userId: string,
  now: number,
  expiresAt: number,
  program: Session['program'] = 'desk',
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await database
    .insertInto('sessions')
    .values({ tokenHash: hashOf(token), userId, program, createdAt: time(now), expiresAt: time(expiresAt) })
    .execute()
  return token
}

/** The session of a token; undefined when it has expired or ended, or the person is disabled. */
export async function findSession(
  database: Database,
  token: string,
  now: number,
): Promise<Session | undefined> {
  const found = await database
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .select([
      'users.id',
      'users.username',
      'users.name',
      'users.role',
      'sessions.expiresAt',
      'sessions.program',
    ])
    .where('sessions.tokenHash', '=', hashOf(token))
    .where('sessions.expiresAt', '>', time(now))
    .where('users.enabled', '=', true)
    .executeTakeFirst()
  if (!found) return undefined
  const { expiresAt, program, ...user } = found
  return { user, program, expiresAt }
}

/** Moves the end of a session on; one that is over stays over. */
export async function extendSession(
  database: Database,
  token: string,
  now: number,
  expiresAt: number,
): Promise<void> {
  await database
    .updateTable('sessions')
    .set({ expiresAt: time(expiresAt) })
    .where('tokenHash', '=', hashOf(token))
    .where('expiresAt', '>', time(now))
    .execute()
}

/** Signs out; harmless when the session is over. */
export async function closeSession(database: Database, token: string): Promise<void> {
  await database.deleteFrom('sessions').where('tokenHash', '=', hashOf(token)).execute()
}

/** Removes what has expired. */
export async function deleteExpiredSessions(database: Database, now: number): Promise<void> {
  await database.deleteFrom('sessions').where('expiresAt', '<=', time(now)).execute()
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
