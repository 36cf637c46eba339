import { useEffect, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { showCustomers, showDesk, showFloor, showVoicemails } from '../actions/show.ts'
import { showShortcuts } from '../actions/show-shortcuts.ts'
import { signOut } from '../actions/sign-out.ts'
import { toggleNotifications, toggleRing } from '../actions/toggle.ts'
import { seesFloor, type View } from '../state/desk-state.ts'
import { ActionButton } from './action-button.tsx'
import { keyName, tooltip, useDesk, usePreferences, useStore } from './desk-context.ts'
import { Icon } from './icons.tsx'
import { Menu } from './menu.tsx'

/** How long the agent has to stop typing before it is searched for, milliseconds. */
const SEARCH_PAUSE_MS = 250

export function Header() {
  const state = useDesk()
  const unhandled = state.voicemails?.filter((one) => !one.handled).length ?? 0
  return (
    <header className="header">
      <div className="brand">
        <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="24" height="24" />
        <span>Switchroom</span>
      </div>
      <nav aria-label="Views">
        {state.me && <Tab action={showDesk} views={['desk']} />}
        {seesFloor(state) && <Tab action={showFloor} views={['floor']} />}
        <Tab action={showCustomers} views={['customers', 'customer', 'new-customer']} />
        <Tab action={showVoicemails} views={['voicemails']} count={unhandled} />
      </nav>
      <Search />
      <LineStatus />
      <Account />
    </header>
  )
}

interface TabProps {
  readonly action: Action
  readonly views: readonly View['name'][]
  readonly count?: number
}

function Tab({ action, views, count = 0 }: TabProps) {
  const { view } = useDesk()
  const store = useStore()
  return (
    <button
      type="button"
      className="tab"
      title={tooltip(action)}
      aria-current={views.includes(view.name) ? 'page' : undefined}
      onClick={() => store.act(action)}
    >
      {action.label}
      {count > 0 && <span className="count">{count}</span>}
    </button>
  )
}

function Search() {
  const { search } = useDesk()
  const store = useStore()
  const [text, setText] = useState(search.query)

  useEffect(() => {
    if (text === store.getState().search.query) return undefined
    const timer = setTimeout(() => {
      store.dispatch({ type: 'search', query: text })
      if (text.trim() !== '') store.dispatch({ type: 'show', view: { name: 'customers' } })
    }, SEARCH_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, store])

  return (
    <search className="search">
      <Icon name="search" />
      <input
        type="search"
        data-place="search"
        aria-label="Find a customer by name, number, address or account"
        placeholder="Find a customer"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </search>
  )
}

const lines = {
  connecting: 'Connecting …',
  live: 'Live',
  lost: 'Reconnecting …',
} as const

function LineStatus() {
  const { line } = useDesk()
  return (
    <p className="line-status" data-line={line.status} role="status">
      <span className="line-sign" aria-hidden="true" />
      {lines[line.status]}
    </p>
  )
}

function Account() {
  const { session, overlay } = useDesk()
  const store = useStore()
  const preferences = usePreferences()
  const isOpen = overlay === 'account'
  const show = (wanted: 'account' | undefined): void => store.dispatch({ type: 'overlay', overlay: wanted })
  const item = (action: Action, isOn?: boolean) => ({
    id: action.name,
    label: `${action.label}${isOn === undefined ? '' : isOn ? ': on' : ': off'}`,
    choose: () => {
      show(undefined)
      store.act(action)
    },
  })
  return (
    <Menu
      isOpen={isOpen}
      close={() => show(undefined)}
      label="Your account"
      button={
        <button
          type="button"
          className="button plain account"
          aria-expanded={isOpen}
          onClick={() => show(isOpen ? undefined : 'account')}
        >
          <Icon name="person" /> <span>{session?.user.name}</span> <Icon name="down" />
        </button>
      }
      items={[
        item(toggleRing, preferences.ring),
        item(toggleNotifications, preferences.notifications),
        item(showShortcuts),
        item(signOut),
      ]}
    />
  )
}

/** The way to the list of shortcuts, at the edge of the page. */
export function Help() {
  return (
    <ActionButton action={showShortcuts} kind="link">
      Shortcuts <kbd aria-hidden="true">{keyName('?')}</kbd>
    </ActionButton>
  )
}
