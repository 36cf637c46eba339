import { type Selectable, sql } from 'kysely'
import type { Explanation } from '../acd/contract.ts'
import type { Interaction, InteractionSegment } from '../call/interaction.ts'
import type { Database, Tables } from './tables.ts'

/** Why an offer went to its agent. */
export interface OfferExplanation {
  readonly offer: string
  readonly why: Explanation
}

/**
 * Inserts a batch of finished interactions with their segments and explanations, in one statement: all of it or
 * nothing. One that is there already stays as it is, so that a batch may be sent again.
 * @param batch JSON array of `{ interaction: Interaction, explanations: OfferExplanation[] }`, as text: it was
 *   serialised for the interaction log already, and the database takes it apart more cheaply than we would
 */
export async function insertInteractions(database: Database, batch: string): Promise<void> {
  await sql`
    with batch as materialized (
      select entry.explanations, i.*
      from jsonb_to_recordset(${batch}::jsonb) as entry (interaction jsonb, explanations jsonb),
        jsonb_to_record(entry.interaction) as i (
          id text, channel text, direction text, "startedAt" float8, "endedAt" float8, outcome text,
          "from" jsonb, "to" jsonb, language text, customer text, candidates jsonb, flow jsonb, path jsonb,
          data jsonb, segments jsonb, disposition text, notes text, media jsonb
        )
    ),
    added as (
      insert into interactions (
        id, channel, direction, started_at, ended_at, outcome, from_uri, from_number, from_name, to_uri,
        to_number, language, customer_id, candidates, flow_name, flow_hash, path, data, disposition, notes, media
      )
      select
        id, channel, direction, to_timestamp("startedAt" / 1000), to_timestamp("endedAt" / 1000), outcome,
        "from" ->> 'uri', "from" ->> 'number', "from" ->> 'name', "to" ->> 'uri', "to" ->> 'number', language,
        customer, candidates, flow ->> 'name', flow ->> 'hash', path, data, disposition, notes, media
      from batch
      on conflict (id) do nothing
      returning id
    ),
    added_segments as (
      insert into interaction_segments (
        interaction_id, position, kind, started_at, ended_at, queue, agent, offer, gap_ms, result, media
      )
      select
        batch.id, ordinality - 1, s ->> 'kind', to_timestamp((s ->> 'startedAt')::float8 / 1000),
        to_timestamp((s ->> 'endedAt')::float8 / 1000), s ->> 'queue', s ->> 'agent', s ->> 'offer',
        (s ->> 'gapMs')::integer, s ->> 'result', s -> 'media'
      from batch, jsonb_array_elements(segments) with ordinality as each_segment (s, ordinality)
      where batch.id in (select id from added)
    )
    insert into offer_explanations (offer, interaction_id, why)
    select e ->> 'offer', batch.id, e -> 'why'
    from batch, jsonb_array_elements(explanations) as e
    where batch.id in (select id from added)
    on conflict (offer) do nothing
  `.execute(database)
}

/** A finished interaction; undefined when there is none. */
export async function readInteraction(database: Database, id: string): Promise<Interaction | undefined> {
  const row = await database.selectFrom('interactions').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const segments = await database
    .selectFrom('interactionSegments')
    .selectAll()
    .where('interactionId', '=', id)
    .orderBy('position')
    .execute()
  const { customerId, flowName, flowHash, candidates, disposition, language, media, notes } = row
  return {
    id,
    channel: row.channel,
    direction: row.direction,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    outcome: row.outcome,
    from: party(row.fromUri, row.fromNumber, row.fromName),
    to: party(row.toUri, row.toNumber, null),
    ...(language !== null && { language }),
    ...(customerId !== null && { customer: customerId }),
    ...(candidates !== null && { candidates }),
    ...(flowName !== null && flowHash !== null && { flow: { name: flowName, hash: flowHash } }),
    path: row.path,
    data: row.data,
    segments: segments.map(segmentOf),
    ...(disposition !== null && { disposition }),
    ...(notes !== null && { notes }),
    ...(media !== null && { media }),
  }
}

/** Why a finished contact's offer went to its agent; undefined when there is no such offer. */
export async function readExplanation(database: Database, offer: string): Promise<Explanation | undefined> {
  const row = await database
    .selectFrom('offerExplanations')
    .select('why')
    .where('offer', '=', offer)
    .executeTakeFirst()
  return row?.why
}

/** Every offer of a finished contact, why it went to its agent, and what came of it; in their order. */
export async function readExplanations(
  database: Database,
  interaction: string,
): Promise<(OfferExplanation & { readonly outcome?: string })[]> {
  const rows = await database
    .selectFrom('offerExplanations')
    .leftJoin('interactionSegments', (join) =>
      join
        .onRef('interactionSegments.interactionId', '=', 'offerExplanations.interactionId')
        .onRef('interactionSegments.offer', '=', 'offerExplanations.offer')
        .on('interactionSegments.kind', '=', 'ring'),
    )
    .select(['offerExplanations.offer', 'why', 'result'])
    .where('offerExplanations.interactionId', '=', interaction)
    .execute()
  return rows
    .map(({ offer, why, result }) => ({ offer, why, ...(result !== null && { outcome: result }) }))
    .toSorted((one, other) => one.why.decidedAt - other.why.decidedAt)
}

function party(uri: string, number: string | null, name: string | null): Interaction['from'] {
  return { uri, ...(number !== null && { number }), ...(name !== null && { name }) }
}

function segmentOf(row: Selectable<Tables['interactionSegments']>): InteractionSegment {
  const { kind, startedAt, endedAt, queue, agent, offer, gapMs, result, media } = row
  return {
    kind,
    startedAt,
    endedAt,
    ...(queue !== null && { queue }),
    ...(agent !== null && { agent }),
    ...(offer !== null && { offer }),
    ...(gapMs !== null && { gapMs }),
    result,
    ...(media && { media }),
  }
}
