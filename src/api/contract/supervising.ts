import { type Static, Type } from 'typebox'
import { closed } from './schema.ts'

const name = { minLength: 1, maxLength: 100 }

export const MoveContact = Type.Object(
  { queue: Type.String({ ...name, description: 'A queue by its id.' }) },
  { ...closed, examples: [{ queue: 'support' }] },
)
export type MoveContact = Static<typeof MoveContact>

export const AssignContact = Type.Object(
  { agent: Type.String({ ...name, description: 'An agent by the user name.' }) },
  { ...closed, examples: [{ agent: 'alice' }] },
)
export type AssignContact = Static<typeof AssignContact>

export const PrioritiseContact = Type.Object(
  {
    priority: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10, description: '1 is first, 10 is last.' }),
    ),
    headStartSeconds: Type.Optional(
      Type.Integer({
        minimum: -86_400,
        maximum: 86_400,
        description:
          'Waiting that is added to the real one, in place of what was added before; below 0 a handicap.',
      }),
    ),
  },
  { ...closed, minProperties: 1, examples: [{ priority: 1 }, { headStartSeconds: 300 }] },
)
export type PrioritiseContact = Static<typeof PrioritiseContact>

export const ForceAgent = Type.Object(
  {
    presence: Type.Enum(['available', 'paused', 'logged-out']),
    reason: Type.Optional(
      Type.String({ ...name, description: 'Of a pause: one of the pause reasons of /v1/center.' }),
    ),
  },
  { ...closed, examples: [{ presence: 'available' }, { presence: 'paused', reason: 'break' }] },
)
export type ForceAgent = Static<typeof ForceAgent>

export const ExtendWrapUp = Type.Object(
  { seconds: Type.Integer({ minimum: 1, maximum: 3600, description: 'How much longer.' }) },
  { ...closed, examples: [{ seconds: 60 }] },
)
export type ExtendWrapUp = Static<typeof ExtendWrapUp>
