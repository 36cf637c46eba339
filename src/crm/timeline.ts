import { sql } from 'kysely'
import type { Interaction } from '../call/interaction.ts'
import type { Database } from '../database/tables.ts'
import { time } from '../database/values.ts'
import { SwitchroomError } from '../errors.ts'

/** One finished contact of a customer, short. */
export interface TimelineEntry {
  readonly id: string
  readonly channel: Interaction['channel']
  readonly direction: Interaction['direction']
  readonly startedAt: number
  readonly endedAt: number
  readonly outcome: NonNullable<Interaction['outcome']>
  /** The last one. */
  readonly queue?: string
  /** Who talked with the customer last. */
  readonly agent?: { readonly id: string; readonly name: string }
  /** With all agents together. */
  readonly talkMs?: number
  readonly disposition?: string
  readonly notes?: string
}

export interface Timeline {
  /** Latest first. */
  readonly entries: readonly TimelineEntry[]
  /** Asks for what is older; absent at the end. */
  readonly next?: string
}

const ORDINARY_PAGE = 20

/**
 * The contacts of a customer in all channels, latest first. Those that come in between two pages do not
 * move the others.
 * @param before `next` of the page before
 * @throws SwitchroomError INPUT_INVALID for a cursor that is not ours
 */
export async function readTimeline(
  database: Database,
  customer: string,
  page: { readonly before?: string; readonly limit?: number } = {},
): Promise<Timeline> {
  const limit = page.limit ?? ORDINARY_PAGE
  let query = database
    .selectFrom('interactions as i')
    .select([
      'i.id',
      'i.channel',
      'i.direction',
      'i.startedAt',
      'i.endedAt',
      'i.outcome',
      'i.disposition',
      'i.notes',
    ])
    .select((each) => [
      each
        .selectFrom('interactionSegments as s')
        .select('s.queue')
        .whereRef('s.interactionId', '=', 'i.id')
        .where('s.queue', 'is not', null)
        .orderBy('s.position', 'desc')
        .limit(1)
        .as('queue'),
      each
        .selectFrom('interactionSegments as s')
        .select('s.agent')
        .whereRef('s.interactionId', '=', 'i.id')
        .where('s.kind', '=', 'talk')
        .orderBy('s.position', 'desc')
        .limit(1)
        .as('agent'),
      each
        .selectFrom('interactionSegments as s')
        .select(
          sql<number | null>`round(extract(epoch from sum(s.ended_at - s.started_at)) * 1000)::int8`.as('ms'),
        )
        .whereRef('s.interactionId', '=', 'i.id')
        .where('s.kind', '=', 'talk')
        .as('talkMs'),
    ])
    .where('i.customerId', '=', customer)
    .orderBy('i.startedAt', 'desc')
    .orderBy('i.id', 'desc')
    .limit(limit + 1)
  if (page.before !== undefined) {
    const { startedAt, id } = readCursor(page.before)
    query = query.where(sql<boolean>`(i.started_at, i.id) < (${time(startedAt)}, ${id})`)
  }
  const rows = await database
    .with('page', () => query)
    .selectFrom('page')
    .leftJoin('users', 'users.id', 'page.agent')
    .selectAll('page')
    .select('users.name as agentName')
    .orderBy('page.startedAt', 'desc')
    .orderBy('page.id', 'desc')
    .execute()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    entries: shown.map(({ queue, agent, agentName, talkMs, disposition, notes, ...entry }) => ({
      ...entry,
      ...(queue !== null && { queue }),
      ...(agent !== null && { agent: { id: agent, name: agentName ?? agent } }),
      ...(talkMs !== null && { talkMs }),
      ...(disposition !== null && { disposition }),
      ...(notes !== null && { notes }),
    })),
    ...(rows.length > limit && last && { next: writeCursor(last) }),
  }
}

function writeCursor({ startedAt, id }: { startedAt: number; id: string }): string {
  return Buffer.from(`${startedAt} ${id}`).toString('base64url')
}

function readCursor(cursor: string): { startedAt: number; id: string } {
  const [, startedAt, id] = /^(\d{1,16}) ([^\0]+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (startedAt !== undefined && id !== undefined) return { startedAt: Number(startedAt), id }
  throw new SwitchroomError('INPUT_INVALID', `"${cursor}" is not a place in a timeline.`, {
    remedy: 'Send `next` of the page before as it came.',
  })
}
