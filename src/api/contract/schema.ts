import { type Static, type TSchema, Type } from 'typebox'

/** A schema that has a name in the OpenAPI document. */
export type Named<Schema extends TSchema> = Schema & { readonly $id: string }

/** Gives a schema the name under which the OpenAPI document lists it. */
export function named<Schema extends TSchema>(name: string, schema: Schema): Named<Schema> {
  return Object.assign(schema, { $id: name })
}

/** Mentions a named schema, so that it is written out once. */
export function ref<Schema extends TSchema>(schema: Named<Schema>) {
  return Type.Unsafe<Static<Schema>>({ $ref: `${schema.$id}#` })
}

/** A list that the receiver does not change. */
export function list<Item extends TSchema>(
  items: Item,
  options: { description?: string; maxItems?: number } = {},
) {
  return Type.Immutable(Type.Array(items, options))
}

/** An object whose unknown properties are refused when it is sent to us, and left out when we send it. */
export const closed = { additionalProperties: false } as const

/** Opaque. */
export const Id = Type.String({ minLength: 1, maxLength: 100 })

/** Every time in this API. */
export const Time = Type.Integer({ description: 'Milliseconds since 1970-01-01 UTC.' })

export const DurationMs = Type.Integer({ description: 'Milliseconds.' })

export const Skills = Type.Record(Type.String(), Type.Integer({ minimum: 1, maximum: 10 }), {
  description: 'Skill to level, 1 (beginner) to 10 (expert).',
})

/** A person, short. */
export const PersonRef = named('PersonRef', Type.Object({ id: Id, name: Type.String() }, closed))
export type PersonRef = Static<typeof PersonRef>

export const Caller = named(
  'Caller',
  Type.Object(
    {
      uri: Type.Optional(Type.String({ description: 'As signalling gave it, for example sip:100@host.' })),
      number: Type.Optional(Type.String({ description: 'Absent for anonymous callers.' })),
      name: Type.Optional(Type.String({ description: 'Display name.' })),
    },
    closed,
  ),
)
export type Caller = Static<typeof Caller>

/** What the flow gathered; secret variables are never among it. */
export const FlowData = Type.Record(
  Type.String(),
  Type.Unsafe<string | number | boolean | null>({ type: ['string', 'number', 'boolean', 'null'] }),
  {
    description:
      'Variables that the flow set, secret ones left out; and what signalling said of the call, as flows know it (`call.trunk`, `call.divertedFrom`, ...).',
  },
)

export const FlowPath = list(Type.Object({ node: Type.String(), at: Time }, closed), {
  description: 'The nodes of the flow that the caller went through.',
})

/** An answer without content worth reading. */
export const Done = Type.Null({ description: 'Done.' })
