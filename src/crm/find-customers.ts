import { sql } from 'kysely'
import type { Database, IdentityKind } from '../database/tables.ts'
import type { CustomerFacts } from '../flow/inputs.ts'
import type { Customer } from './customer.ts'
import { ANY_VALUE, type CustomerQuery, customersBy, selectCustomers } from './customer-rows.ts'
import { accountKey, identityKey } from './identities.ts'
import { numberKey } from './numbers.ts'

/**
 * What a customer can be found by. `number` takes any form that numbers.ts reads; `id` is ours; `text` is part
 * of a name, company, number, address or account.
 */
export type FindBy = 'number' | 'account' | 'email' | 'handle' | 'id' | 'text'

/** More than anybody reads; a number that so many share identifies nobody. */
const MOST_CANDIDATES = 25

/**
 * Everybody who fits, best first: whoever contacted us last, then whose first number (or account) it is. A
 * withheld number and what is no number fit nobody.
 * @param country ISO 3166, by which national numbers are read
 */
export async function findCustomers(
  database: Database,
  by: FindBy,
  value: string,
  country: string,
  limit = MOST_CANDIDATES,
): Promise<Customer[]> {
  if (by === 'text') return findByText(database, value, country, limit)
  if (by === 'id') return selectCustomers(database, (query) => query.where('customers.id', '=', value))
  if (by === 'account') return findByAccount(database, accountKey(value), limit)
  const kind = by === 'number' ? 'phone' : by
  const key = identityKey(kind, value, country)
  if (key === undefined) return []
  return (await isAnybodys(database, kind, key)) ? inOrderOf(kind, limit)(database, key) : []
}

/** Most callers are strangers: for them this is all that is asked. */
async function isAnybodys(database: Database, kind: IdentityKind, key: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from customer_identities where kind = ${kind} and value = ${key} limit 1
  `.execute(database)
  return rows.length > 0
}

const ordered = new Map<string, ReturnType<typeof customersBy>>()

/** Those who have an identity of this kind, best first. */
function inOrderOf(kind: IdentityKind, limit: number): ReturnType<typeof customersBy> {
  const known = ordered.get(`${kind} ${limit}`)
  if (known) return known
  const made = customersBy((query) =>
    lastContactFirst(query)
      .where('customers.id', 'in', (each) =>
        each
          .selectFrom('customerIdentities')
          .select('customerId')
          .where('kind', '=', kind)
          .where('value', '=', ANY_VALUE),
      )
      .orderBy((each) =>
        each
          .selectFrom('customerIdentities as same')
          .select('same.position')
          .whereRef('same.customerId', '=', 'customers.id')
          .where('same.kind', '=', kind)
          .where('same.value', '=', ANY_VALUE),
      )
      .orderBy('customers.id')
      .limit(limit),
  )
  ordered.set(`${kind} ${limit}`, made)
  return made
}

/** Finds customers for a flow, which knows `caller` for the number that calls. */
export function customerFactsFinder(
  database: Database,
  country: string,
): (by: 'caller' | 'number' | 'account' | 'email' | 'id', value: string) => Promise<CustomerFacts[]> {
  return async (by, value) => {
    const found = await findCustomers(database, by === 'caller' ? 'number' : by, value, country)
    return found.map((customer) => factsOf(customer, by === 'account' ? value : undefined))
  }
}

/** What a flow may know of a customer. @param account as the caller gave it, when they were found by it */
export function factsOf(customer: Customer, account?: string): CustomerFacts {
  const { id, name, tier, language, owner, accounts } = customer
  const key = account === undefined ? undefined : accountKey(account)
  const only = accounts.length === 1 ? accounts[0] : undefined
  const matched = key === undefined ? only : accounts.find(({ number }) => accountKey(number) === key)
  return {
    id,
    name,
    tier,
    ...(language !== undefined && { language }),
    ...(owner !== undefined && { owner }),
    ...(matched && { account: matched.number }),
  }
}

function findByAccount(database: Database, key: string, limit: number): Promise<Customer[]> {
  return selectCustomers(database, (query) =>
    lastContactFirst(query)
      .where('customers.id', 'in', (each) =>
        each.selectFrom('customerAccounts').select('customerId').where('key', '=', key),
      )
      .orderBy('customers.id')
      .limit(limit),
  )
}

async function findByText(
  database: Database,
  text: string,
  country: string,
  limit: number,
): Promise<Customer[]> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const number = numberKey(text, country)
  return selectCustomers(database, (query) =>
    query
      .where((where) => {
        const byWords = where.and(
          words.map((word) => where('customers.search', 'like', `%${literal(word)}%`)),
        )
        return number === undefined
          ? byWords
          : where.or([byWords, where('customers.search', 'like', `%${literal(number)}%`)])
      })
      .orderBy(sql`lower(customers.name) like ${`${literal(text.trim().toLowerCase())}%`}`, 'desc')
      .orderBy('customers.name')
      .orderBy('customers.id')
      .limit(limit),
  )
}

function lastContactFirst(query: CustomerQuery): CustomerQuery {
  return query.orderBy(
    (each) =>
      each
        .selectFrom('interactions')
        .select((column) => column.fn.max('interactions.startedAt').as('at'))
        .whereRef('interactions.customerId', '=', 'customers.id'),
    (order) => order.desc().nullsLast(),
  )
}

/** `%` and `_` are what was typed, not wildcards. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
