import type { QueueFigures } from '../state/desk-state.ts'
import { clock } from '../state/words.ts'
import { useDesk, useNow } from './desk-context.ts'
import { PhoneHelp } from './phone-help.tsx'

/** At the side: how the agent's queues stand, and what to do when their phone is not there. */
export function Rail() {
  const { queues, me } = useDesk()
  return (
    <aside className="rail" aria-label="Queues">
      {me && me.device !== 'ok' && <PhoneHelp />}
      <h2>{me ? 'Your queues' : 'Queues'}</h2>
      <ul className="queues">
        {Object.values(queues).map((queue) => (
          <QueueCard key={queue.id} queue={queue} />
        ))}
      </ul>
    </aside>
  )
}

function QueueCard({ queue }: { readonly queue: QueueFigures }) {
  const now = useNow()
  const { name, waiting, agents } = queue
  return (
    <li className="queue-card" data-waiting={waiting > 0}>
      <h3>{name}</h3>
      <dl>
        <div className="big">
          <dt>waiting</dt>
          <dd>{waiting}</dd>
        </div>
        <div className="big">
          <dt>longest</dt>
          <dd className="timer">{waiting > 0 ? clock(longestWait(queue, now)) : '–'}</dd>
        </div>
      </dl>
      <p className="agents-now">
        <span>{agents.free} free</span>
        <span>{agents.busy} busy</span>
        <span>{agents.paused} paused</span>
        {agents.unreachable > 0 && <span>{agents.unreachable} no phone</span>}
      </p>
    </li>
  )
}

/** The wait of the caller who waits longest goes on while no figures come. */
export function longestWait({ longestWaitMs, at }: QueueFigures, now: number): number {
  return longestWaitMs + Math.max(0, now - at)
}
