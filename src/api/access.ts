import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { extendSession, findSession } from '../database/sessions.ts'
import { SwitchroomError } from '../errors.ts'
import type { Role, SessionUser } from './contract/index.ts'
import type { Parts } from './parts.ts'

/** A session ends this long after it was last used. */
export const SESSION_MS = 60 * 60_000
/** The end of a session is moved on when this much is gained by it: not with every request. */
const EXTEND_STEP_MS = 5 * 60_000

/** `public`: without signing in. */
export type Access = 'public' | readonly Role[]

/** Everybody who is signed in. */
export const anybody: readonly Role[] = ['agent', 'supervisor', 'admin', 'integration']
/** People, who may take contacts; no programs. */
export const people: readonly Role[] = ['agent', 'supervisor', 'admin']
/** Those who see the whole floor. */
export const floorWatchers: readonly Role[] = ['supervisor', 'admin', 'integration']
/** Those who look after it. */
export const supervisors: readonly Role[] = ['supervisor', 'admin']
export const admins: readonly Role[] = ['admin']

/** Whoever runs commands on the server's machine, as the user whose data folder it is. */
const operator: SessionUser = { id: 'operator', username: 'operator', name: 'Operator', role: 'admin' }

export interface SignedIn {
  readonly user: SessionUser
  readonly token: string
  readonly program: 'desk' | 'phone'
  readonly expiresAt: number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    signedIn: SignedIn | undefined
  }
}

/**
 * Lets a request through when its route is open to the role of whoever sent it. A route that does not say who
 * may use it does not start.
 */
export function useAccess(app: FastifyInstance, parts: Parts): void {
  app.decorateRequest('signedIn', undefined)
  app.addHook('onRoute', ({ url, config }) => {
    if (url.startsWith('/v1/') && !config?.access) throw new TypeError(`${url} does not say who may use it`)
  })
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access ?? 'public'
    if (access === 'public') return
    request.signedIn = await authenticate(parts, bearerToken(request))
    const { role } = request.signedIn.user
    if (access.includes(role)) return
    throw new SwitchroomError(
      'NOT_ALLOWED',
      `${request.method} ${request.routeOptions.url} is not for the role ${role}.`,
      {
        remedy: `Sign in as ${access.join(' or ')}.`,
      },
    )
  })
}

/** Who sends this request. To be called on routes that are not public. */
export function signedInOf(request: FastifyRequest): SignedIn {
  if (request.signedIn) return request.signedIn
  throw new SwitchroomError('NOT_SIGNED_IN', 'Nobody is signed in.')
}

/** The person to whom the audit log ascribes a change made by this request. */
export function actorOf(request: FastifyRequest, { clock }: Parts) {
  return { who: signedInOf(request).user.id, at: clock.now() }
}

/** On a route for everybody: does somebody with one of these roles ask? Whoever cannot be known is a stranger. */
export async function isAskedBy(
  roles: readonly Role[],
  request: FastifyRequest,
  parts: Parts,
): Promise<boolean> {
  const token = bearerToken(request)
  if (token === undefined) return false
  return authenticate(parts, token).then(
    ({ user }) => roles.includes(user.role),
    // A token that is none, or a database that does not answer, of which such a route may have to tell.
    () => false,
  )
}

export function bearerToken(request: FastifyRequest): string | undefined {
  return /^bearer ([\w-]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1]
}

/**
 * The session of a token, its end moved on.
 * @throws SwitchroomError NOT_SIGNED_IN
 */
export async function authenticate(
  { database, clock, operatorToken }: Parts,
  token: string | undefined,
): Promise<SignedIn> {
  if (token === undefined) {
    throw new SwitchroomError('NOT_SIGNED_IN', 'The request has no token.', {
      remedy: 'POST /v1/session gives one; send it as Authorization: Bearer <token>.',
    })
  }
  const now = clock.now()
  if (isSameToken(token, operatorToken?.()))
    return { user: operator, token, program: 'desk', expiresAt: now + SESSION_MS }
  const session = await findSession(database, token, now)
  if (!session) {
    throw new SwitchroomError('NOT_SIGNED_IN', 'The token is unknown or its session has ended.', {
      remedy: 'Sign in again.',
    })
  }
  const expiresAt = now + SESSION_MS
  if (expiresAt - session.expiresAt < EXTEND_STEP_MS) return { ...session, token }
  await extendSession(database, token, now, expiresAt)
  return { ...session, token, expiresAt }
}

/** Compares in a time that says nothing of the token. */
function isSameToken(given: string, expected: string | undefined): boolean {
  if (expected === undefined) return false
  const digest = (token: string): Buffer => createHash('sha256').update(token).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
