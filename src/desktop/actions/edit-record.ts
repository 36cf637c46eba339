import type { Action } from './action.ts'
import { openRecord } from './save-customer.ts'

export const editRecord: Action = {
  name: 'edit-record',
  label: 'Edit the customer',
  key: 'e',
  group: 'Customers',
  isPossible: (state) => openRecord(state) !== undefined,
  perform: () => [{ type: 'focus', place: 'record' }],
}
