import { goAvailable } from '../actions/go-available.ts'
import { leaveFloor } from '../actions/leave-floor.ts'
import { choosePause, pauseFor } from '../actions/pause.ts'
import { clock, doing, pauseReason } from '../state/words.ts'
import { ActionButton } from './action-button.tsx'
import { useDesk, useNow, useStore } from './desk-context.ts'
import { Icon } from './icons.tsx'
import { Menu } from './menu.tsx'
import { toneOf } from './tone.ts'

/** What the agent is doing since when, and what they may do about it. */
export function StateBar() {
  const state = useDesk()
  const now = useNow()
  const { me } = state
  if (!me) return null
  const tone = toneOf(me)
  return (
    <section className="state-bar" data-tone={tone} aria-label="Your state">
      <p className="state-now">
        <Icon name={tone} />
        <strong role="status">{doing(state, me)}</strong>
        <span className="timer" role="timer" aria-label="Since">
          {clock(now - me.since)}
        </span>
        <Pending />
      </p>
      <div className="state-actions">
        <ActionButton
          action={goAvailable}
          kind={me.presence === 'available' ? 'plain' : 'main'}
          icon="available"
        />
        <PauseMenu />
        <ActionButton action={leaveFloor} icon="off" />
      </div>
      <Phone />
    </section>
  )
}

/** What waits for the end of the present work, or keeps calls away for a moment. */
function Pending() {
  const state = useDesk()
  const now = useNow()
  const { me } = state
  if (!me) return null
  if (me.pending === 'sign-out') return <span className="aside">Leaving the floor after this call</span>
  if (me.pending !== undefined)
    return <span className="aside">Then pause: {pauseReason(state, me.pending)}</span>
  const left = (me.leftAloneUntil ?? 0) - now
  if (left <= 0) return null
  return (
    <span className="aside">
      No calls for <span className="timer">{clock(left + 999)}</span>: you did not take the last one
    </span>
  )
}

function PauseMenu() {
  const state = useDesk()
  const store = useStore()
  const reasons = state.center?.pauseReasons ?? []
  const close = (): void => store.dispatch({ type: 'overlay', overlay: undefined })
  return (
    <Menu
      isOpen={state.overlay === 'pause'}
      close={close}
      label="Reason of the pause"
      button={<ActionButton action={choosePause} icon="paused" />}
      items={reasons.map(({ id, name }) => ({ id, label: name, choose: () => store.act(pauseFor(id)) }))}
    />
  )
}

function Phone() {
  const { me } = useDesk()
  if (!me) return null
  const texts = {
    ok: 'Phone registered',
    unregistered: 'Phone not registered',
    failed: 'Phone failed when last rung',
  } as const
  return (
    <p className={me.device === 'ok' ? 'phone-status' : 'phone-status bad'} role="status">
      <Icon name={me.device === 'ok' ? 'phone' : 'warning'} /> {texts[me.device]}
    </p>
  )
}
