import type { Action } from './action.ts'

/** Says that the caller is this customer. */
export function linkCustomer(customer: string): Action {
  return {
    name: `link-customer-${customer}`,
    label: 'This is the caller',
    group: 'Contact',
    isPossible: ({ work }) => work !== undefined && work.customer !== customer,
    perform: ({ work }) => (work ? [{ name: 'set-customer', contact: work.contact, customer }] : []),
  }
}
