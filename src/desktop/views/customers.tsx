import { linkCustomer } from '../actions/link-customer.ts'
import { newCustomer } from '../actions/new-customer.ts'
import { isDirty } from '../state/draft.ts'
import { ActionButton } from './action-button.tsx'
import { CustomerSummary } from './customer-summary.tsx'
import { useDesk } from './desk-context.ts'

/** What the search found, and the records that wait to be saved. */
export function Customers() {
  const { search, customers, drafts, work } = useDesk()
  const query = search.query.trim()
  const found = search.results[query]?.flatMap((id) => customers[id] ?? [])
  const unsaved = Object.entries(drafts).flatMap(([key, draft]) =>
    isDirty(draft) && customers[key] ? customers[key] : [],
  )
  return (
    <section className="panel" aria-labelledby="customers-title">
      <div className="panel-head">
        <h1 id="customers-title">Customers</h1>
        <ActionButton action={newCustomer} icon="plus" showKey />
      </div>
      {unsaved.length > 0 && (
        <>
          <h2>Unsaved edits</h2>
          <ul className="customer-list">
            {unsaved.map((customer) => (
              <li key={customer.id}>
                <CustomerSummary customer={customer} />
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="hint" role="status">
        {query === ''
          ? 'Find somebody by a part of their name, company, number, address or account: press / and type.'
          : found === undefined
            ? `Looking for “${query}” …`
            : found.length === 0
              ? `Nobody fits “${query}”.`
              : `${found.length === 1 ? 'One customer fits' : `${found.length} customers fit`} “${query}”.`}
      </p>
      <ul className="customer-list">
        {query !== '' &&
          found?.map((customer) => (
            <li key={customer.id}>
              <CustomerSummary customer={customer} />
              {work && work.customer === undefined && <ActionButton action={linkCustomer(customer.id)} />}
            </li>
          ))}
      </ul>
    </section>
  )
}
