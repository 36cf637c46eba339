import { useId } from 'react'

interface Props {
  readonly label: string
  readonly value: string
  readonly isEdited: boolean
  readonly suggestions?: readonly string[]
  readonly lines?: number
  readonly isLong?: boolean
  readonly hint?: string
  readonly place?: string
  readonly change: (value: string) => void
}

/** A labelled text that looks like a text until it is touched. */
export function TextField({
  label,
  value,
  isEdited,
  suggestions,
  lines,
  isLong,
  hint,
  place,
  change,
}: Props) {
  const id = useId()
  const common = {
    id,
    value,
    title: hint,
    'data-place': place,
    'data-edited': isEdited,
    spellCheck: lines !== undefined,
  }
  return (
    <div className={`field${lines === undefined ? '' : ' wide'}${isLong ? ' half' : ''}`}>
      <label htmlFor={id}>
        {label}
        {isEdited && <span className="edited">edited</span>}
      </label>
      {lines === undefined ? (
        <input
          {...common}
          autoComplete="off"
          list={suggestions && `${id}-list`}
          onChange={({ target }) => change(target.value)}
        />
      ) : (
        <textarea {...common} rows={lines} onChange={({ target }) => change(target.value)} />
      )}
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </div>
  )
}
