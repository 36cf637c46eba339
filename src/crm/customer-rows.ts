import type { CompiledQuery, SelectQueryBuilder } from 'kysely'
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
  return (await customersQuery(database, narrow).execute()).map(customerOf)
}

/** What stands in a query that is asked again and again for the value that differs. */
export const ANY_VALUE = '\u0000'

/**
 * The same, for a query that is made once and then asked for one value after the other: making it takes longer than
 * all else that asking it costs this thread.
 * @param narrow compares with `ANY_VALUE`
 */
export function customersBy(
  narrow: (query: CustomerQuery) => CustomerQuery,
): (database: Database | DatabaseTransaction, value: string) => Promise<Customer[]> {
  let made: CompiledQuery<CustomerRow> | undefined
  return async (database, value) => {
    made ??= customersQuery(database, narrow).compile()
    const parameters = made.parameters.map((parameter) => (parameter === ANY_VALUE ? value : parameter))
    return (await database.executeQuery<CustomerRow>({ ...made, parameters })).rows.map(customerOf)
  }
}

type CustomerRow = Awaited<ReturnType<ReturnType<typeof customersQuery>['execute']>>[number]

function customersQuery(
  database: Database | DatabaseTransaction,
  narrow: (query: CustomerQuery) => CustomerQuery,
) {
  return narrow(database.selectFrom('customers'))
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
}

function customerOf(row: CustomerRow): Customer {
  const { company, language, owner, notes, identities, accounts, ...rest } = row
  return {
    ...rest,
    ...(company !== null && { company }),
    ...(language !== null && { language }),
    ...(owner !== null && { owner }),
    ...(notes !== null && { notes }),
    identities: identities.map(
      ({ kind, value, label }): Identity => (label === null ? { kind, value } : { kind, value, label }),
    ),
    accounts: accounts.map(({ number, name }) => (name === null ? { number } : { number, name })),
  }
}
