import { type CustomerFields, type Draft, type Field, fieldLabels, fieldsOf } from '../state/draft.ts'
import { useStore } from './desk-context.ts'
import { Icon } from './icons.tsx'

interface Props {
  readonly record: string
  readonly draft: Draft
}

/** What somebody else changed while the agent was editing. Where both changed a field, the agent decides. */
export function Conflict({ record, draft }: Props) {
  const store = useStore()
  const now = fieldsOf(draft.base)
  const changed = Object.keys(draft.before) as Field[]
  if (changed.length === 0) return null
  return (
    <section className="conflict" aria-label="Changes by somebody else" role="status">
      <h3>
        <Icon name="info" /> Somebody else changed this record while you were editing
      </h3>
      <ul>
        {changed.map((field) => (
          <li key={field}>
            <span>
              <strong>{fieldLabels[field]}</strong>: {textOf(draft.before[field])} → {textOf(now[field])}
            </span>
            {draft.undecided.includes(field) && (
              <span className="decide">
                You have {textOf(draft.edits[field])}.
                <button
                  type="button"
                  className="button plain small"
                  onClick={() => store.dispatch({ type: 'decide', draft: record, field, take: 'theirs' })}
                >
                  Take theirs
                </button>
                <button
                  type="button"
                  className="button plain small"
                  onClick={() => store.dispatch({ type: 'decide', draft: record, field, take: 'mine' })}
                >
                  Keep mine
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {draft.undecided.length > 0 && <p className="hint">Decide, then save.</p>}
    </section>
  )
}

function textOf(value: CustomerFields[Field] | undefined): string {
  if (value === undefined || value.length === 0) return 'nothing'
  if (typeof value === 'string') return `“${value}”`
  return value.map((row) => ('number' in row ? row.number : row.value)).join(', ')
}
