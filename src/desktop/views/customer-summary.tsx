import type { Customer } from '../../api/contract/index.ts'
import { phoneNumber } from '../state/words.ts'
import { useStore } from './desk-context.ts'

/** A customer in two lines; the name opens the record. */
export function CustomerSummary({ customer }: { readonly customer: Customer }) {
  const store = useStore()
  const { id, name, company, tier, identities, accounts } = customer
  const facts = [
    company,
    ...identities.slice(0, 2).map(({ kind, value }) => (kind === 'phone' ? phoneNumber(value) : value)),
    ...accounts
      .slice(0, 2)
      .map(({ number, name: what }) => (what === undefined ? number : `${number} ${what}`)),
  ].filter((fact) => fact !== undefined && fact !== '')
  return (
    <div className="customer-summary">
      <button
        type="button"
        className="button link"
        onClick={() => store.dispatch({ type: 'show', view: { name: 'customer', id } })}
      >
        {name}
      </button>
      {tier !== 'standard' && <span className="tier">{tier}</span>}
      <p>{facts.join(' · ')}</p>
    </div>
  )
}
