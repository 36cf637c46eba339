import { checkCredentials, type Person } from '../../database/people.ts'
import { closeSession, deleteExpiredSessions, openSession } from '../../database/sessions.ts'
import { SwitchroomError } from '../../errors.ts'
import { anybody, SESSION_MS, signedInOf } from '../access.ts'
import { NewSession, Session, SignIn } from '../contract/index.ts'
import { Done, ref } from '../contract/schema.ts'
import type { Live } from '../live/live.ts'
import type { Program, Seats } from '../live/seats.ts'
import type { Api, Parts } from '../parts.ts'
import { SignInLimiter } from '../sign-in-limiter.ts'

/** Signing in and out. */
export function sessionRoutes(app: Api, parts: Parts, live: Live, seats: Seats): void {
  const { clock, database, floor, secondSignIn } = parts
  const limiter = new SignInLimiter(clock)

  app.post(
    '/v1/session',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signIn',
        summary: 'Sign in',
        description:
          'Where an agent has a desk open already, agents.secondSignIn says what becomes of it; a refusal (409) says where it is.',
        tags: ['Session'],
        body: SignIn,
        response: { 201: ref(NewSession) },
      },
    },
    async (request, reply) => {
      const { username, password, program = 'desk' } = request.body
      limiter.attempt(request.ip, username)
      const person = await checkCredentials(database, username, password)
      if (!person) {
        throw new SwitchroomError('NOT_SIGNED_IN', 'The user name or the password is wrong.', {
          remedy: 'Try again, or ask an administrator for a new password.',
        })
      }
      limiter.succeeded(request.ip, username)
      const now = clock.now()
      const expiresAt = now + SESSION_MS
      const { id, name, role } = person
      if (secondSignIn !== 'allow' && floor.agent(id)) await settleEarlier(person, program, request.ip)
      const token = await openSession(database, id, now, expiresAt, program)
      await deleteExpiredSessions(database, now)
      return reply.code(201).send({ token, expiresAt, user: { id, username: person.username, name, role } })
    },
  )

  /** @throws SwitchroomError CONFLICT where the agent works elsewhere and that is to stay so */
  async function settleEarlier({ id, name }: Person, program: Program, place: string): Promise<void> {
    const earlier = seats.of(id, program)
    if (earlier && secondSignIn === 'refuse') {
      const since = new Date(earlier.since).toISOString()
      throw new SwitchroomError('CONFLICT', `${name} is signed in at ${earlier.place} since ${since}.`, {
        remedy: 'Sign out there first, or close that desk.',
      })
    }
    for (const token of seats.takeOver(id, program, place)) await closeSession(database, token)
  }

  app.get(
    '/v1/session',
    {
      config: { access: anybody },
      schema: {
        operationId: 'readSession',
        summary: 'Who is signed in',
        tags: ['Session'],
        response: { 200: ref(Session) },
      },
    },
    async (request) => {
      const { user, expiresAt } = signedInOf(request)
      return { user, expiresAt }
    },
  )

  app.delete(
    '/v1/session',
    {
      config: { access: anybody },
      schema: {
        operationId: 'endSession',
        summary: 'Sign out',
        description: 'Ends the session and its event streams. The state of the agent stays as it is.',
        tags: ['Session'],
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      const { token } = signedInOf(request)
      await closeSession(database, token)
      live.signedOut({ token })
      return reply.code(204).send(null)
    },
  )
}
