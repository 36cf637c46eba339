import { type Static, Type } from 'typebox'
import { closed, Id, list, named, ref, Time } from './schema.ts'

export const Identity = named(
  'Identity',
  Type.Object(
    {
      kind: Type.Enum(['phone', 'email', 'handle']),
      value: Type.String({
        minLength: 1,
        maxLength: 200,
        description:
          'A telephone number in E.164 (national numbers are read by numbers.country), an address, a handle.',
      }),
      label: Type.Optional(Type.String({ maxLength: 100, description: 'For example mobile, office.' })),
    },
    closed,
  ),
)
export type Identity = Static<typeof Identity>

export const Account = named(
  'Account',
  Type.Object(
    {
      number: Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'What a caller keys in to be known by.',
      }),
      name: Type.Optional(Type.String({ maxLength: 200 })),
    },
    closed,
  ),
)
export type Account = Static<typeof Account>

const CustomFields = Type.Record(
  Type.String({ maxLength: 100 }),
  Type.Unsafe<string | number | boolean | null>({ type: ['string', 'number', 'boolean', 'null'] }),
  { maxProperties: 100, description: "The center's own fields." },
)

const fields = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  company: Type.String({ maxLength: 200 }),
  tier: Type.String({
    minLength: 1,
    maxLength: 50,
    description: 'Service tier, for example standard or key.',
  }),
  language: Type.String({ maxLength: 35, description: 'BCP 47 tag of the preferred language.' }),
  owner: Type.String({ maxLength: 100, description: 'Agent who is tried first when this customer calls.' }),
  notes: Type.String({ maxLength: 10_000 }),
  identities: list(ref(Identity), { maxItems: 50 }),
  accounts: list(ref(Account), { maxItems: 50 }),
}

export const Customer = named(
  'Customer',
  Type.Object(
    {
      id: Id,
      version: Type.Integer({ description: 'Rises with each change; send it with yours.' }),
      name: fields.name,
      company: Type.Optional(fields.company),
      tier: fields.tier,
      language: Type.Optional(fields.language),
      owner: Type.Optional(fields.owner),
      notes: Type.Optional(fields.notes),
      identities: fields.identities,
      accounts: fields.accounts,
      fields: CustomFields,
      createdAt: Time,
      updatedAt: Time,
    },
    closed,
  ),
)
export type Customer = Static<typeof Customer>

export const NewCustomer = Type.Object(
  {
    name: fields.name,
    company: Type.Optional(fields.company),
    tier: Type.Optional(fields.tier),
    language: Type.Optional(fields.language),
    owner: Type.Optional(fields.owner),
    notes: Type.Optional(fields.notes),
    identities: Type.Optional(fields.identities),
    accounts: Type.Optional(fields.accounts),
    fields: Type.Optional(CustomFields),
  },
  { ...closed, examples: [{ name: 'Dana Okafor', identities: [{ kind: 'phone', value: '+15550100' }] }] },
)
export type NewCustomer = Static<typeof NewCustomer>

const orNothing = (kind: { maxLength?: number; description?: string }) =>
  Type.Unsafe<string | null>({ ...kind, type: ['string', 'null'] })

/** What is left out stays; `null` empties a field; a list replaces the list, `fields` all fields. */
export const CustomerChange = Type.Object(
  {
    version: Type.Integer({ minimum: 0, description: 'The version that the change was made from.' }),
    name: Type.Optional(fields.name),
    company: Type.Optional(orNothing({ maxLength: 200 })),
    tier: Type.Optional(fields.tier),
    language: Type.Optional(orNothing({ maxLength: 35 })),
    owner: Type.Optional(orNothing({ maxLength: 100 })),
    notes: Type.Optional(orNothing({ maxLength: 10_000 })),
    identities: Type.Optional(fields.identities),
    accounts: Type.Optional(fields.accounts),
    fields: Type.Optional(CustomFields),
  },
  { ...closed, examples: [{ version: 3, tier: 'key', language: null }] },
)
export type CustomerChange = Static<typeof CustomerChange>

export const CustomerSearch = Type.Object(
  {
    q: Type.Optional(
      Type.String({ maxLength: 200, description: 'Part of a name, company, number, address or account.' }),
    ),
    number: Type.Optional(
      Type.String({ maxLength: 50, description: 'A telephone number, national or international.' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 25 })),
  },
  closed,
)
export type CustomerSearch = Static<typeof CustomerSearch>

export const CustomerList = named('CustomerList', Type.Object({ customers: list(ref(Customer)) }, closed))
export type CustomerList = Static<typeof CustomerList>
