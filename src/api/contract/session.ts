import { type Static, Type } from 'typebox'
import { closed, Id, named, ref, Time } from './schema.ts'

export const roles = ['agent', 'supervisor', 'admin', 'integration'] as const

/**
 * - `agent`: acts on own state, offers and contacts; reads and edits customers.
 * - `supervisor`: sees the whole floor. `admin`: also people and skills.
 * - `integration`: a program; reads what a supervisor reads, edits customers.
 */
export const Role = Type.Enum([...roles])
export type Role = Static<typeof Role>

export const SignIn = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 100 }),
    password: Type.String({ minLength: 1, maxLength: 200 }),
    program: Type.Optional(
      Type.Enum(['desk', 'phone'], {
        description:
          'What signs in: a person may have one desk and one program that is the phone. Default: desk.',
      }),
    ),
  },
  { ...closed, examples: [{ username: 'alice', password: 'correct horse' }] },
)
export type SignIn = Static<typeof SignIn>

export const SessionUser = named(
  'SessionUser',
  Type.Object({ id: Id, username: Type.String(), name: Type.String(), role: Role }, closed),
)
export type SessionUser = Static<typeof SessionUser>

export const NewSession = named(
  'NewSession',
  Type.Object(
    {
      token: Type.String({
        description: 'Send it as `Authorization: Bearer <token>`. It is shown only now.',
      }),
      expiresAt: Time,
      user: ref(SessionUser),
    },
    closed,
  ),
)
export type NewSession = Static<typeof NewSession>

export const Session = named(
  'Session',
  Type.Object(
    {
      expiresAt: Type.Integer({
        description:
          'Milliseconds since 1970-01-01 UTC. Each request, and an open event stream, moves it on.',
      }),
      user: ref(SessionUser),
    },
    closed,
  ),
)
export type Session = Static<typeof Session>
