import { findCustomer } from '../actions/find-customer.ts'
import { linkCustomer } from '../actions/link-customer.ts'
import { newCustomer } from '../actions/new-customer.ts'
import type { Work } from '../state/desk-state.ts'
import { newDraftKey } from '../state/work.ts'
import { ActionButton } from './action-button.tsx'
import { CustomerRecord } from './customer-record.tsx'
import { CustomerSummary } from './customer-summary.tsx'
import { useDesk } from './desk-context.ts'

/** The caller is not settled: several customers fit, or none. */
export function Candidates({ work }: { readonly work: Work }) {
  const { customers, drafts } = useDesk()
  const draft = newDraftKey(work)
  if (drafts[draft]) return <CustomerRecord record={draft} title="New customer" />
  return (
    <section className="panel" aria-labelledby="candidates-title">
      <div className="panel-head">
        <h2 id="candidates-title">{work.candidates.length > 0 ? 'Who is it?' : 'Unknown caller'}</h2>
      </div>
      {work.candidates.length === 0 && <p>Nobody on record has this number.</p>}
      <ul className="customer-list">
        {work.candidates.map((id) => {
          const customer = customers[id]
          return (
            customer && (
              <li key={id}>
                <CustomerSummary customer={customer} />
                <ActionButton action={linkCustomer(id)} kind="main" />
              </li>
            )
          )
        })}
      </ul>
      <div className="button-row">
        <ActionButton action={newCustomer} icon="plus" showKey>
          Create the customer
        </ActionButton>
        <ActionButton action={findCustomer} icon="search" showKey>
          Find the customer
        </ActionButton>
      </div>
    </section>
  )
}
