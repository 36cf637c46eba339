import { type Static, Type } from 'typebox'
import { closed, Id, list, named, ref, Skills, Time } from './schema.ts'
import { Role } from './session.ts'

const Username = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[a-z0-9][a-z0-9._-]*$',
  description: 'Lower-case letters, digits, dots, dashes. For an agent it is the name of the phone too.',
})

const Password = Type.String({ minLength: 8, maxLength: 200 })

/** How a person's phones are used. */
export const Phone = Type.Object(
  {
    autoAnswer: Type.Boolean({
      description:
        'Contacts are taken without the agent: the phone is asked to answer at once, and a short tone comes first.',
    }),
    standing: Type.Boolean({
      description:
        'The phone is called once when the agent signs in, and contacts come on that call: no phone rings for each.',
    }),
  },
  closed,
)

export const User = named(
  'User',
  Type.Object(
    {
      id: Id,
      username: Type.String(),
      name: Type.String(),
      role: Role,
      disabled: Type.Boolean(),
      skills: Skills,
      phone: Phone,
      devices: list(Type.String(), { description: 'Names under which their phones register.' }),
      createdAt: Time,
    },
    closed,
  ),
)
export type User = Static<typeof User>

export const UserList = named('UserList', Type.Object({ users: list(ref(User)) }, closed))
export type UserList = Static<typeof UserList>

export const NewUser = Type.Object(
  {
    username: Username,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    role: Role,
    password: Password,
    skills: Type.Optional(Skills),
  },
  { ...closed, examples: [{ username: 'mei', name: 'Mei Tanaka', role: 'agent', password: 'at least 8' }] },
)
export type NewUser = Static<typeof NewUser>

export const ChangedPhone = Type.Partial(Phone, { ...closed, examples: [{ autoAnswer: true }] })
export type ChangedPhone = Static<typeof ChangedPhone>

export const NewPassword = Type.Object({ password: Password }, closed)
export type NewPassword = Static<typeof NewPassword>
