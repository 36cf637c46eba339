import { selectCustomers } from '../crm/customer-rows.ts'
import type { Database } from '../database/open-database.ts'
import type { Mark, Voicemail as Stored } from '../database/voicemails.ts'
import type { Voicemail } from './contract/index.ts'
import type { Directory } from './directory.ts'

/** Stored messages in the words of the contract, with the names of customers and people. */
export async function describeVoicemails(
  database: Database,
  directory: Directory,
  stored: readonly Stored[],
): Promise<Voicemail[]> {
  const ids = [...new Set(stored.flatMap(({ customer }) => customer ?? []))]
  const customers =
    ids.length === 0 ? [] : await selectCustomers(database, (query) => query.where('customers.id', 'in', ids))
  const names = new Map(customers.map(({ id, name }) => [id, name]))
  const markOf = ({ at, by }: Mark) => ({ at, by: directory.person(by) })
  return stored.map(({ interaction, file: _file, from, customer, heard, handled, ...voicemail }) => ({
    ...voicemail,
    contact: interaction,
    from: from === undefined ? {} : { number: from },
    ...(customer !== undefined && { customer: { id: customer, name: names.get(customer) ?? customer } }),
    ...(heard && { heard: markOf(heard) }),
    ...(handled && { handled: markOf(handled) }),
  }))
}
