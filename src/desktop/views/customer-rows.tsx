import type { Account, Identity } from '../../api/contract/index.ts'
import { Icon } from './icons.tsx'

interface Props<Row> {
  readonly rows: readonly Row[]
  readonly isEdited: boolean
  readonly change: (rows: readonly Row[]) => void
}

const kinds: readonly (readonly [Identity['kind'], string])[] = [
  ['phone', 'Number'],
  ['email', 'E-mail'],
  ['handle', 'Handle'],
]

/** By what the customer is known: numbers, addresses, handles. */
export function IdentityRows({ rows, isEdited, change }: Props<Identity>) {
  const put = (index: number, row: Identity): void => change(rows.with(index, row))
  return (
    <fieldset className="rows">
      <legend>Numbers and addresses {isEdited && <span className="edited">edited</span>}</legend>
      {rows.map((row, index) => (
        <div className="row" key={index}>
          <select
            aria-label="Kind"
            value={row.kind}
            onChange={({ target }) => {
              const kind = kinds.find(([one]) => one === target.value)?.[0]
              if (kind) put(index, { ...row, kind })
            }}
          >
            {kinds.map(([kind, name]) => (
              <option key={kind} value={kind}>
                {name}
              </option>
            ))}
          </select>
          <input
            aria-label="Number or address"
            value={row.value}
            onChange={({ target }) => put(index, { ...row, value: target.value })}
          />
          <input
            aria-label="Label"
            placeholder="Label"
            value={row.label ?? ''}
            onChange={({ target }) => put(index, { ...row, label: target.value })}
          />
          <Remove what={row.value} remove={() => change(rows.toSpliced(index, 1))} />
        </div>
      ))}
      <Add what="a number or address" add={() => change([...rows, { kind: 'phone', value: '' }])} />
    </fieldset>
  )
}

/** What the customer has with the center. */
export function AccountRows({ rows, isEdited, change }: Props<Account>) {
  const put = (index: number, row: Account): void => change(rows.with(index, row))
  return (
    <fieldset className="rows">
      <legend>Accounts {isEdited && <span className="edited">edited</span>}</legend>
      {rows.map((row, index) => (
        <div className="row account" key={index}>
          <input
            aria-label="Account number"
            value={row.number}
            onChange={({ target }) => put(index, { ...row, number: target.value })}
          />
          <input
            aria-label="Account name"
            placeholder="What it is"
            value={row.name ?? ''}
            onChange={({ target }) => put(index, { ...row, name: target.value })}
          />
          <Remove what={row.number} remove={() => change(rows.toSpliced(index, 1))} />
        </div>
      ))}
      <Add what="an account" add={() => change([...rows, { number: '' }])} />
    </fieldset>
  )
}

function Remove({ what, remove }: { readonly what: string; readonly remove: () => void }) {
  const label = `Remove ${what || 'this row'}`
  return (
    <button type="button" className="button plain small" title={label} aria-label={label} onClick={remove}>
      <Icon name="close" />
    </button>
  )
}

function Add({ what, add }: { readonly what: string; readonly add: () => void }) {
  return (
    <button type="button" className="button link add" onClick={add}>
      <Icon name="plus" /> <span>Add {what}</span>
    </button>
  )
}
