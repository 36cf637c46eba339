import { discardEdits, openRecord, saveCustomer } from '../actions/save-customer.ts'
import { editedFields, fieldLabels, isDirty, shownFields } from '../state/draft.ts'
import { draftOf } from '../state/records.ts'
import { ActionButton } from './action-button.tsx'
import { Conflict } from './conflict.tsx'
import { AccountRows, IdentityRows } from './customer-rows.tsx'
import { useDesk, useStore } from './desk-context.ts'
import { TextField } from './text-field.tsx'

interface Props {
  /** A customer, or `new` and `new:<contact>`. */
  readonly record: string
  readonly title: string
}

/** A customer's record, edited in place. */
export function CustomerRecord({ record, title }: Props) {
  const state = useDesk()
  const store = useStore()
  const draft = draftOf(state, record)
  const shown = shownFields(draft)
  const edited = editedFields(draft)
  const marked = draft.base ? edited : []
  const isOpen = openRecord(state) === record
  const text = (
    field: 'name' | 'company' | 'tier' | 'language' | 'owner' | 'notes',
    more: {
      readonly suggestions?: readonly string[]
      readonly lines?: number
      readonly isLong?: boolean
      readonly hint?: string
    } = {},
  ) => (
    <TextField
      label={fieldLabels[field]}
      value={shown[field]}
      isEdited={marked.includes(field)}
      {...(field === 'name' && { place: 'record' })}
      {...more}
      change={(value) => store.dispatch({ type: 'edit', draft: record, edit: { field, value } })}
    />
  )
  return (
    <section className="panel record" aria-labelledby="record-title">
      <div className="panel-head">
        <h2 id="record-title">{title}</h2>
        {marked.length > 0 && <span className="unsaved">Unsaved edits</span>}
      </div>
      <Conflict record={record} draft={draft} />
      <div className="fields">
        {text('name', { isLong: true })}
        {text('company', { isLong: true })}
        {text('tier', { suggestions: ['standard', 'key'] })}
        {text('language', { suggestions: ['en', 'es'], hint: 'Language tag, for example en' })}
        {text('owner', { suggestions: Object.keys(state.agents), hint: 'Agent who is tried first' })}
        {text('notes', { lines: 3 })}
      </div>
      <IdentityRows
        rows={shown.identities}
        isEdited={marked.includes('identities')}
        change={(value) =>
          store.dispatch({ type: 'edit', draft: record, edit: { field: 'identities', value } })
        }
      />
      <AccountRows
        rows={shown.accounts}
        isEdited={marked.includes('accounts')}
        change={(value) =>
          store.dispatch({ type: 'edit', draft: record, edit: { field: 'accounts', value } })
        }
      />
      {isOpen && state.drafts[record] && (isDirty(draft) || !draft.base) && (
        <div className="save-bar">
          <p>
            {draft.base
              ? `Changed: ${edited.map((field) => fieldLabels[field].toLowerCase()).join(', ')}`
              : 'Not saved yet'}
          </p>
          <ActionButton action={discardEdits}>Discard</ActionButton>
          <ActionButton action={saveCustomer} kind="main" icon="done" showKey>
            {draft.base ? 'Save' : 'Add the customer'}
          </ActionButton>
        </div>
      )}
    </section>
  )
}
