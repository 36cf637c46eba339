import { randomUUID } from 'node:crypto'
import { type Actor, audit } from '../database/audit.ts'
import type { Database, DatabaseTransaction } from '../database/tables.ts'
import { json, storable, time } from '../database/values.ts'
import { SwitchroomError } from '../errors.ts'
import type { Account, Customer, CustomerChange, CustomFields, Identity, NewCustomer } from './customer.ts'
import { selectCustomers } from './customer-rows.ts'
import { accountKey, storedAccounts, storedIdentities } from './identities.ts'

/** What people write into a record; null and empty are the same. */
interface Content {
  readonly name: string
  readonly company: string | null
  readonly tier: string
  readonly language: string | null
  readonly owner: string | null
  readonly notes: string | null
  readonly fields: CustomFields
  readonly identities: readonly Identity[]
  readonly accounts: readonly Account[]
}

const EMPTY = {
  company: null,
  tier: 'standard',
  language: null,
  owner: null,
  notes: null,
  fields: {},
  identities: [],
  accounts: [],
}

/** Undefined when there is none. */
export async function readCustomer(
  database: Database | DatabaseTransaction,
  id: string,
): Promise<Customer | undefined> {
  const [customer] = await selectCustomers(database, (query) => query.where('customers.id', '=', id))
  return customer
}

/**
 * @param country ISO 3166, by which national numbers are read
 * @throws SwitchroomError INPUT_INVALID, or CONFLICT when the given id is taken
 */
export async function createCustomer(
  database: Database,
  customer: NewCustomer,
  country: string,
  by: Actor,
): Promise<Customer> {
  return database.transaction().execute((transaction) => insertCustomer(transaction, customer, country, by))
}

/** As `createCustomer`, in a transaction that is open. */
export async function insertCustomer(
  transaction: DatabaseTransaction,
  customer: NewCustomer,
  country: string,
  by: Actor,
): Promise<Customer> {
  const { id = randomUUID(), ...given } = customer
  const content = checked({ ...EMPTY, ...given }, country)
  const inserted = await transaction
    .insertInto('customers')
    .values({ id, version: 1, ...columnsOf(content), createdAt: time(by.at), updatedAt: time(by.at) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) {
    throw new SwitchroomError('CONFLICT', `There is a customer with the id "${id}" already.`)
  }
  await insertLists(transaction, id, content)
  await audit(transaction, by, {
    action: 'customer.create',
    entity: 'customer',
    entityId: id,
    after: content,
  })
  return expectCustomer(transaction, id)
}

/**
 * Changes a record, unless somebody else changed it since `version`.
 * @throws SwitchroomError NOT_FOUND, CONFLICT, INPUT_INVALID
 */
export async function updateCustomer(
  database: Database,
  id: string,
  version: number,
  change: CustomerChange,
  country: string,
  by: Actor,
): Promise<Customer> {
  return database.transaction().execute(async (transaction) => {
    const before = await expectCustomer(transaction, id)
    const content = checked({ ...contentOf(before), ...change }, country)
    const updated = await transaction
      .updateTable('customers')
      .set({ ...columnsOf(content), version: version + 1, updatedAt: time(by.at) })
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst()
    if (updated.numUpdatedRows !== 1n) throw changedMeanwhile(version)
    await transaction.deleteFrom('customerIdentities').where('customerId', '=', id).execute()
    await transaction.deleteFrom('customerAccounts').where('customerId', '=', id).execute()
    await insertLists(transaction, id, content)
    await audit(transaction, by, {
      action: 'customer.update',
      entity: 'customer',
      entityId: id,
      before: contentOf(before),
      after: content,
    })
    return expectCustomer(transaction, id)
  })
}

async function expectCustomer(transaction: DatabaseTransaction, id: string): Promise<Customer> {
  const customer = await readCustomer(transaction, id)
  if (!customer) throw new SwitchroomError('NOT_FOUND', `There is no customer with the id "${id}".`)
  return customer
}

function contentOf(customer: Customer): Content {
  const { name, tier, company = null, language = null, owner = null, notes = null } = customer
  const { fields, identities, accounts } = customer
  return { name, company, tier, language, owner, notes, fields, identities, accounts }
}

function checked(content: Content, country: string): Content {
  const name = storable(content.name).trim()
  if (name === '') throw new SwitchroomError('INPUT_INVALID', 'The name of the customer is empty.')
  return {
    name,
    company: textOrNull(content.company),
    tier: storable(content.tier),
    language: textOrNull(content.language),
    owner: textOrNull(content.owner),
    notes: textOrNull(content.notes),
    fields: content.fields,
    identities: storedIdentities(content.identities, country),
    accounts: storedAccounts(content.accounts),
  }
}

function textOrNull(text: string | null): string | null {
  return (text && storable(text)) || null
}

function columnsOf({ identities, accounts, fields, ...texts }: Content) {
  const words = [
    texts.name,
    texts.company,
    ...identities.map(({ value }) => value),
    ...accounts.map(({ number }) => number),
  ]
  return { ...texts, fields: json(fields), search: words.join(' ').toLowerCase() }
}

async function insertLists(
  transaction: DatabaseTransaction,
  customerId: string,
  { identities, accounts }: Content,
): Promise<void> {
  const identityRows = identities.map(({ kind, value, label }, position) => ({
    customerId,
    position,
    kind,
    value,
    label: textOrNull(label ?? null),
  }))
  if (identityRows.length > 0)
    await transaction.insertInto('customerIdentities').values(identityRows).execute()
  const accountRows = accounts.map(({ number, name }, position) => ({
    customerId,
    position,
    number,
    key: accountKey(number),
    name: textOrNull(name ?? null),
  }))
  if (accountRows.length > 0) await transaction.insertInto('customerAccounts').values(accountRows).execute()
}

function changedMeanwhile(version: number): SwitchroomError {
  return new SwitchroomError(
    'CONFLICT',
    `Somebody else has changed this customer since version ${version}.`,
    {
      remedy: 'Read the customer again and make the change anew.',
    },
  )
}
