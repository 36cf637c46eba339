import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'

interface Item {
  readonly id: string
  readonly label: string
  readonly choose: () => void
}

interface Props {
  readonly isOpen: boolean
  readonly close: () => void
  readonly label: string
  readonly button: ReactNode
  readonly items: readonly Item[]
}

/** A list under its button: arrows move, digits choose, Escape closes (WAI-ARIA menu). */
export function Menu({ isOpen, close, label, button, items }: Props) {
  const list = useRef<HTMLDivElement>(null)
  const around = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (!isOpen) return
    list.current?.querySelector('button')?.focus()
    const outside = (event: PointerEvent): void => {
      if (event.target instanceof Node && !around.current?.contains(event.target)) close()
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  })

  const press = (event: KeyboardEvent): void => {
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])]
    const at = buttons.findIndex((one) => one === document.activeElement)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const digit = Number.parseInt(event.key, 10)
    if (step !== undefined) buttons.at((at + step) % buttons.length)?.focus()
    else if (digit > 0) items[digit - 1]?.choose()
    else if (event.key === 'Escape' || event.key === 'Tab') close()
    else return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') around.current?.querySelector('button')?.focus()
  }

  return (
    <div className="menu" ref={around}>
      {button}
      {isOpen && (
        <div className="menu-list" role="menu" aria-label={label} ref={list} onKeyDown={press}>
          {items.map(({ id, label: text, choose }, index) => (
            <button key={id} type="button" role="menuitem" onClick={choose}>
              <span>{text}</span> <kbd aria-hidden="true">{index + 1}</kbd>
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
