import { type Static, Type } from 'typebox'
import { list, named } from './schema.ts'

/** Why a request was refused (RFC 9457), as `application/problem+json`. */
export const Problem = named(
  'Problem',
  Type.Object({
    type: Type.String({ description: 'Where the code is explained.' }),
    title: Type.String({ description: 'What the code means.' }),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable; made for programs.', examples: ['NOT_FOUND'] }),
    detail: Type.String({ description: 'What was found and what was expected.' }),
    remedy: Type.Optional(Type.String({ description: 'What to do about it.' })),
    faults: Type.Optional(
      list(Type.Object({ field: Type.String(), message: Type.String() }), {
        description: 'With INPUT_INVALID: each field that does not fit.',
      }),
    ),
    current: Type.Optional(
      Type.Unknown({ description: 'With CONFLICT: the record as it is now, to merge with.' }),
    ),
    retryAfterSeconds: Type.Optional(Type.Integer({ description: 'With TOO_MANY_ATTEMPTS.' })),
  }),
)
export type Problem = Static<typeof Problem>
