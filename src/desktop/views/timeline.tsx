import type { TimelineEntry } from '../../api/contract/index.ts'
import { disposition, duration, outcome, queueName } from '../state/words.ts'
import { useDesk, useStore } from './desk-context.ts'
import { Icon, type IconName } from './icons.tsx'

/** What happened with a customer in all channels, latest first. */
export function Timeline({ customer }: { readonly customer: string }) {
  const { histories, requests } = useDesk()
  const store = useStore()
  const history = histories[customer]
  const next = history?.next
  return (
    <section className="panel timeline" aria-labelledby="timeline-title">
      <div className="panel-head">
        <h2 id="timeline-title">History</h2>
      </div>
      {!history && requests[`timeline:${customer}`] !== 'failed' && <p className="hint">Reading …</p>}
      {history?.entries.length === 0 && <p className="hint">No contact before this one.</p>}
      <ol>
        {history?.entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {next !== undefined && (
        <button
          type="button"
          className="button link"
          onClick={() => store.ask({ name: 'read-timeline', customer, before: next })}
        >
          Older contacts
        </button>
      )}
    </section>
  )
}

const days = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const times = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

function Entry({ entry }: { readonly entry: TimelineEntry }) {
  const state = useDesk()
  const icon: IconName =
    entry.outcome === 'voicemail' ? 'voicemail' : entry.outcome === 'handled' ? 'phone' : 'ended'
  const who = entry.agent?.id === state.session?.user.id ? 'you' : entry.agent?.name
  const line = [
    entry.queue === undefined ? undefined : queueName(state, entry.queue),
    who === undefined ? undefined : `with ${who}`,
    entry.talkMs === undefined ? undefined : duration(entry.talkMs),
  ].filter((part) => part !== undefined)
  return (
    <li data-outcome={entry.outcome}>
      <Icon name={icon} />
      <div>
        <p className="entry-head">
          <time dateTime={new Date(entry.startedAt).toISOString()} title={times.format(entry.startedAt)}>
            {days.format(entry.startedAt)}
          </time>
          <strong>
            {entry.disposition === undefined ? outcome(entry.outcome) : disposition(state, entry.disposition)}
          </strong>
        </p>
        {line.length > 0 && <p className="entry-line">{line.join(' · ')}</p>}
        {entry.notes && <p className="entry-notes">{entry.notes}</p>}
      </div>
    </li>
  )
}
