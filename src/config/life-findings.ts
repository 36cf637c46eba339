import { type CenterFinding, errorAt } from './center-finding.ts'
import { among, type Source } from './known-names.ts'
import { durationMs } from './schema-parts.ts'

interface LifeSources {
  readonly queues: Source<'queues.yaml'>
  readonly calendars: Source<'calendars.yaml'>
  readonly pauses: Source<'pause-reasons.yaml'>
}

/** Names that queues point to beside skills and teams, and limits that limit nothing. */
export function lifeFindings({ queues, calendars, pauses }: LifeSources): CenterFinding[] {
  const isQueue = among(queues.value.queues, 'queue', 'queues.yaml', 'UNKNOWN_QUEUE')
  const isCalendar = among(calendars.value.calendars, 'calendar', 'calendars.yaml', 'UNKNOWN_CALENDAR')
  const isReason = among(pauses.value.reasons, 'pause reason', 'pause-reasons.yaml', 'UNKNOWN_PAUSE_REASON')
  return Object.entries(queues.value.queues).flatMap(([id, queue]) => {
    const at = (...path: readonly string[]) => queues.place('queues', id, ...path)
    const { calendar, callback, join, pauseAfterCall, wrapUpLimit, wrapUp } = queue
    const found = [
      ...(calendar === undefined ? [] : isCalendar(calendar, at('calendar'))),
      ...(callback?.calendar === undefined ? [] : isCalendar(callback.calendar, at('callback', 'calendar'))),
      ...(join?.otherwise === undefined ? [] : isQueue(join.otherwise, at('join', 'otherwise'))),
      ...(pauseAfterCall === undefined ? [] : isReason(pauseAfterCall, at('pauseAfterCall'))),
    ]
    if (join?.otherwise === id) {
      const message = `${id} sends whom it does not let in to itself`
      found.push(errorAt(at('join', 'otherwise'), 'ENDLESS_OVERFLOW', message, 'Name another queue.'))
    }
    if (wrapUpLimit !== undefined && durationMs(wrapUpLimit) <= durationMs(wrapUp)) {
      const message = `wrapUpLimit ${wrapUpLimit} leaves nothing to extend: wrapUp is ${wrapUp}`
      found.push(errorAt(at('wrapUpLimit'), 'NEEDLESS_KEY', message, 'Make it longer, or remove it.'))
    }
    return found
  })
}
