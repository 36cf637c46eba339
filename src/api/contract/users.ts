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

export const NewPassword = Type.Object({ password: Password }, closed)
export type NewPassword = Static<typeof NewPassword>
