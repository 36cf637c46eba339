import { type CenterFinding, errorAt, warningAt } from './center-finding.ts'
import type { Source } from './known-names.ts'

/** Queues that overflow into themselves, at once or by way of others. */
export function overflowFindings({ value, place }: Source<'queues.yaml'>): CenterFinding[] {
  const next = new Map(
    Object.entries(value.queues).flatMap(([id, { afterwards }]) =>
      typeof afterwards === 'object' && 'queue' in afterwards && Object.hasOwn(value.queues, afterwards.queue)
        ? [[id, afterwards.queue] as const]
        : [],
    ),
  )
  return [...next.keys()].flatMap((id) => {
    const ring = [id]
    let at = next.get(id)
    while (at !== undefined && !ring.includes(at)) {
      ring.push(at)
      at = next.get(at)
    }
    // Told once, of the queue that comes first in the alphabet; a tail that leads into the ring is no part of it.
    if (at !== id || ring.toSorted()[0] !== id) return []
    const where = place('queues', id, 'afterwards', 'queue')
    if (ring.length === 1) {
      return [
        errorAt(
          where,
          'ENDLESS_OVERFLOW',
          `${id} overflows into itself`,
          'Name another queue, or write afterwards: stay.',
        ),
      ]
    }
    const message = `${[...ring, id].join(' -> ')}: a caller enters no queue twice, and stays in the last`
    return [
      warningAt(where, 'ENDLESS_OVERFLOW', message, 'Remove one of the overflows, unless you mean this.'),
    ]
  })
}
