import type { Action } from './action.ts'

export const findCustomer: Action = {
  name: 'find-customer',
  label: 'Find a customer',
  key: '/',
  group: 'Customers',
  isPossible: ({ session }) => session !== undefined,
  perform: () => [{ type: 'focus', place: 'search' }],
}
