import { type Static, Type } from 'typebox'
import { Caller, closed, Id, list, named, ref, Time } from './schema.ts'

/** A contact that is going on now. */
export const Contact = named(
  'Contact',
  Type.Object(
    {
      id: Id,
      channel: Type.Enum(['voice']),
      state: Type.Enum(['ivr', 'waiting', 'offered', 'talking', 'wrapping']),
      startedAt: Time,
      since: Type.Integer({ description: 'In this state since. Milliseconds since 1970-01-01 UTC.' }),
      from: ref(Caller),
      to: ref(Caller),
      language: Type.Optional(Type.String()),
      customer: Type.Optional(Id),
      queue: Type.Optional(Type.String()),
      agent: Type.Optional(Id),
      position: Type.Optional(Type.Integer({ description: '1 is next.' })),
      node: Type.Optional(Type.String({ description: 'Where the caller is in the flow.' })),
    },
    closed,
  ),
)
export type Contact = Static<typeof Contact>

export const ContactList = named('ContactList', Type.Object({ contacts: list(ref(Contact)) }, closed))
export type ContactList = Static<typeof ContactList>

export const FinishWrapUp = Type.Object(
  {
    disposition: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'One of /v1/dispositions, by its id.',
    }),
    notes: Type.Optional(Type.String({ maxLength: 10_000 })),
  },
  { ...closed, examples: [{ disposition: 'solved', notes: 'Sent the invoice again.' }] },
)
export type FinishWrapUp = Static<typeof FinishWrapUp>

export const ContactCustomer = Type.Object({ customer: Id }, closed)
export type ContactCustomer = Static<typeof ContactCustomer>

export const Disposition = named(
  'Disposition',
  Type.Object(
    {
      id: Id,
      name: Type.String(),
      queues: Type.Optional(list(Type.String(), { description: 'Only after a contact of these queues.' })),
    },
    closed,
  ),
)
export type Disposition = Static<typeof Disposition>

export const DispositionList = named(
  'DispositionList',
  Type.Object({ dispositions: list(ref(Disposition)) }, closed),
)
export type DispositionList = Static<typeof DispositionList>
