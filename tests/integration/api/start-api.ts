import { buildApi, type Parts } from '../../../src/api/api.ts'
import { listen } from '../../../src/api/listen.ts'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import type { Database } from '../../../src/database/open-database.ts'
import { addPerson } from '../../../src/database/people.ts'
import { openSession } from '../../../src/database/sessions.ts'
import { silent as logger, openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { TestFloor } from './test-floor.ts'

const realm = 'switchroom'

export const password = 'correct horse'

/** A database with an agent (alice), another (bob), a supervisor (sam) and an admin (ada). */
export async function openPeopledDatabase(): Promise<TestDatabase> {
  const opened = await openTestDatabase()
  const { database } = opened
  const by = { who: 'test', at: 1 }
  const person = (username: string, role: 'agent' | 'supervisor' | 'admin', skills = {}) =>
    addPerson(database, { username, name: username.toUpperCase(), role, password, skills }, realm, by)
  await person('alice', 'agent', { billing: 5 })
  await person('bob', 'agent', { support: 5 })
  await person('sam', 'supervisor')
  await person('ada', 'admin')
  return opened
}

/** The API over a test's floor, on a clock that stands still. */
export async function startApi(database: Database, overrides: Partial<Parts> = {}) {
  const clock = new SimulatedClock()
  const floor = new TestFloor()
  floor.addAgent('alice', { billing: 5 })
  floor.addAgent('bob', { support: 5 })
  const app = await buildApi({
    clock,
    logger,
    floor,
    database,
    center: {
      queues: [
        { id: 'billing', name: 'Billing' },
        { id: 'support', name: 'Support' },
      ],
      dispositions: [{ id: 'resolved', name: 'Resolved' }],
      pauseReasons: [{ id: 'break', name: 'Break' }],
      skills: ['billing', 'support'],
    },
    sip: { host: '127.0.0.1', port: 5060, realm },
    country: 'US',
    secondSignIn: 'take-over',
    deskFolder: '/nowhere',
    version: '0.0.0',
    readiness: async () => ({ ready: true, checks: [] }),
    metrics: () => [],
    ...overrides,
  })

  /** A session without the costly check of a password. */
  const signIn = (user: string): Promise<string> =>
    openSession(database, user, clock.now(), clock.now() + 60 * 60_000)
  /** Sends a request as somebody. */
  const as =
    (token: string) =>
    async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object) => {
      const headers = { authorization: `Bearer ${token}` }
      const answer = await app.inject({ method, url, headers, ...(payload && { payload }) })
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: answer.body === '' ? undefined : answer.json(),
      }
    }
  return {
    app,
    clock,
    floor,
    signIn,
    as,
    listen: () => listen(app, { host: '127.0.0.1', port: 0 }),
    [Symbol.asyncDispose]: () => app.close(),
  }
}

export type StartedApi = Awaited<ReturnType<typeof startApi>>
