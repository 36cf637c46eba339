import { finishWrapUp } from '../actions/finish-wrap-up.ts'
import type { Work } from '../state/desk-state.ts'
import { emptyWrapUp } from '../state/gestures.ts'
import { clock } from '../state/words.ts'
import { ActionButton } from './action-button.tsx'
import { useDesk, useNow, useStore } from './desk-context.ts'

/** Notes and disposition: written from the first ring on, sent when the talk is over. */
export function WrapUp({ work }: { readonly work: Work }) {
  const { wrapUpDrafts, center } = useDesk()
  const store = useStore()
  const { contact } = work
  const { disposition, notes } = wrapUpDrafts[contact] ?? emptyWrapUp
  const dispositions = (center?.dispositions ?? []).filter(
    ({ queues }) => queues === undefined || queues.includes(work.queue),
  )
  const isWrapping = work.phase === 'wrapping'
  return (
    <section className="panel wrap-up" data-active={isWrapping} aria-labelledby="wrap-up-title">
      <div className="panel-head">
        <h2 id="wrap-up-title">{isWrapping ? 'Wrap-up' : 'Notes of this call'}</h2>
        {isWrapping && work.until !== undefined && <TimeLeft until={work.until} />}
      </div>
      <label>
        <span className="label">Disposition</span>
        <select
          data-place="disposition"
          value={disposition}
          onChange={({ target }) =>
            store.dispatch({ type: 'write-up', contact, change: { disposition: target.value } })
          }
        >
          <option value="">Choose …</option>
          {dispositions.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="label">Notes</span>
        <textarea
          data-place="notes"
          rows={4}
          maxLength={10_000}
          value={notes}
          placeholder="What was it about, what was promised?"
          onChange={({ target }) =>
            store.dispatch({ type: 'write-up', contact, change: { notes: target.value } })
          }
        />
      </label>
      {isWrapping ? (
        <ActionButton action={finishWrapUp} kind="main" icon="done" showKey />
      ) : (
        <p className="hint">Kept as you type; sent when you finish the wrap-up.</p>
      )}
    </section>
  )
}

const SHORT_MS = 10_000

function TimeLeft({ until }: { readonly until: number }) {
  const now = useNow(500)
  const left = Math.max(0, until - now)
  return (
    <span className="time-left" data-short={left < SHORT_MS}>
      <span className="timer" role="timer" aria-label="Time left">
        {clock(left + 999)}
      </span>{' '}
      left
    </span>
  )
}
