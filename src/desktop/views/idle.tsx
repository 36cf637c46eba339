import { goAvailable } from '../actions/go-available.ts'
import type { DeskState } from '../state/desk-state.ts'
import { disposition, duration, outcome, party, pauseReason, queueName } from '../state/words.ts'
import { ActionButton } from './action-button.tsx'
import { useDesk, useStore } from './desk-context.ts'
import { Icon } from './icons.tsx'

/** No contact is there: what the agent waits for, and what they did last. */
export function Idle() {
  const state = useDesk()
  const { title, text, tone } = situation(state)
  const canGo = state.me?.presence !== 'available'
  return (
    <>
      <section className="panel idle" data-tone={tone} aria-labelledby="idle-title">
        <h1 id="idle-title">{title}</h1>
        <p>{text}</p>
        {canGo && <ActionButton action={goAvailable} kind="main" icon="available" showKey />}
      </section>
      <Recent />
    </>
  )
}

interface Situation {
  readonly title: string
  readonly text: string
  readonly tone: string
}

function situation({ me, center, ...state }: DeskState): Situation {
  if (!me || me.presence === 'logged-out') {
    return {
      title: 'You are off the floor',
      text: 'Go available, and calls of your queues come to you.',
      tone: 'off',
    }
  }
  if (me.presence === 'paused' && me.reason === 'no-answer') {
    return {
      title: 'You were paused',
      text: 'Your phone rang and calls went unanswered several times in a row, so no more are sent to you. Go available when you are back at your phone.',
      tone: 'warning',
    }
  }
  if (me.presence === 'paused') {
    const reason = pauseReason({ me, center, ...state }, me.reason)
    return {
      title: `Paused: ${reason}`,
      text: 'No calls come to you. Go available when you are back.',
      tone: 'paused',
    }
  }
  if (me.device !== 'ok') {
    return {
      title: 'Your phone is not there',
      text: 'You are available, but no call can reach you: see how to register your phone at the side.',
      tone: 'warning',
    }
  }
  return {
    title: 'Ready for the next call',
    text: 'Who is calling and why appears here a moment before your phone rings.',
    tone: 'available',
  }
}

const times = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

function Recent() {
  const state = useDesk()
  const store = useStore()
  if (state.recent.length === 0) return null
  return (
    <section className="panel" aria-labelledby="recent-title">
      <div className="panel-head">
        <h2 id="recent-title">Your last contacts</h2>
      </div>
      <ul className="recent">
        {state.recent.map((interaction) => {
          const { id, customer, from, startedAt, segments } = interaction
          const name = (customer !== undefined && state.customers[customer]?.name) || party(from)
          const queue = segments.findLast((segment) => segment.queue !== undefined)?.queue
          const talk = segments.filter(({ kind }) => kind === 'talk')
          const talkMs = talk.reduce((sum, segment) => sum + segment.endedAt - segment.startedAt, 0)
          return (
            <li key={id}>
              <Icon name="phone" />
              <time>{times.format(startedAt)}</time>
              {customer === undefined ? (
                <span>{name}</span>
              ) : (
                <button
                  type="button"
                  className="button link"
                  onClick={() => store.dispatch({ type: 'show', view: { name: 'customer', id: customer } })}
                >
                  {name}
                </button>
              )}
              <span className="hint">
                {queue !== undefined && `${queueName(state, queue)} · `}
                {duration(talkMs)}
              </span>
              <span className="recent-end">
                {interaction.disposition === undefined
                  ? outcome(interaction.outcome)
                  : disposition(state, interaction.disposition)}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
