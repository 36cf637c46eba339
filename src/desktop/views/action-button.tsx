import type { ReactNode } from 'react'
import type { Action } from '../actions/action.ts'
import { keyName, tooltip, useDesk, useStore } from './desk-context.ts'
import { Icon, type IconName } from './icons.tsx'

interface Props {
  readonly action: Action
  readonly kind?: 'main' | 'danger' | 'decline' | 'plain' | 'link'
  readonly icon?: IconName
  /** Instead of the action's label. */
  readonly children?: ReactNode
  readonly showKey?: boolean
}

/** A button that does an action, with its key in the tooltip. */
export function ActionButton({ action, kind = 'plain', icon, children, showKey = false }: Props) {
  const state = useDesk()
  const store = useStore()
  return (
    <button
      type="button"
      className={`button ${kind}`}
      title={tooltip(action)}
      disabled={!action.isPossible(state)}
      aria-keyshortcuts={action.key?.replace('Ctrl+', 'Control+')}
      onClick={() => store.act(action)}
    >
      {icon && <Icon name={icon} />}
      <span>{children ?? action.label}</span>
      {showKey && action.key !== undefined && <kbd aria-hidden="true">{keyName(action.key)}</kbd>}
    </button>
  )
}
