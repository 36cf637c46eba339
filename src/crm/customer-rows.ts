import type { SelectQueryBuilder } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Database, DatabaseTransaction, Tables } from '../database/tables.ts'
import type { Customer, Identity } from './customer.ts'

export type CustomerQuery = SelectQueryBuilder<Tables, 'customers', object>

/**
 * Reads customers with their identities and accounts, in one query.
 * @param narrow says which ones and in what order
 */
export async function selectCustomers(
  database: Database | DatabaseTransaction,
  narrow: (query: CustomerQuery) => CustomerQuery,
): Promise<Customer[]> {
  const rows = await narrow(database.selectFrom('customers'))
    .select([
      'customers.id',
      'customers.version',
      'customers.name',
      'customers.company',
      'customers.tier',
      'customers.language',
      'customers.owner',
      'customers.notes',
      'customers.fields',
      'customers.createdAt',
      'customers.updatedAt',
    ])
    .select((each) => [
      jsonArrayFrom(
        each
          .selectFrom('customerIdentities as i')
          .select(['i.kind', 'i.value', 'i.label'])
          .whereRef('i.customerId', '=', 'customers.id')
          .orderBy('i.position'),
      ).as('identities'),
      jsonArrayFrom(
        each
          .selectFrom('customerAccounts as a')
          .select(['a.number', 'a.name'])
          .whereRef('a.customerId', '=', 'customers.id')
          .orderBy('a.position'),
      ).as('accounts'),
    ])
    .execute()
  return rows.map(({ company, language, owner, notes, identities, accounts, ...row }) => ({
    ...row,
    ...(company !== null && { company }),
    ...(language !== null && { language }),
    ...(owner !== null && { owner }),
    ...(notes !== null && { notes }),
    identities: identities.map(
      ({ kind, value, label }): Identity => (label === null ? { kind, value } : { kind, value, label }),
    ),
    accounts: accounts.map(({ number, name }) => (name === null ? { number } : { number, name })),
  }))
}
