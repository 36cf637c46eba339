import type { Selectable } from 'kysely'
import type { NewVoicemail } from '../call/voicemail.ts'
import { SwitchroomError } from '../errors.ts'
import { type Actor, audit } from './audit.ts'
import type { Database, Tables } from './tables.ts'
import { storable, time } from './values.ts'

/** A message that a caller left, with what became of it. */
export interface Voicemail extends NewVoicemail {
  /** When somebody first listened to it, and who. */
  readonly heard?: Mark
  /** When somebody said that it needs no more work, and who. */
  readonly handled?: Mark
}

export interface Mark {
  readonly at: number
  /** User id. */
  readonly by: string
}

export interface VoicemailSearch {
  readonly mailbox?: string
  readonly handled?: boolean
  readonly limit?: number
}

const ORDINARY_LIMIT = 50

/** Writes a new message; the same one again changes nothing. */
export async function addVoicemail(database: Database, voicemail: NewVoicemail): Promise<void> {
  const { id, mailbox, interaction, file, durationMs, from, customer = null, leftAt } = voicemail
  await database
    .insertInto('voicemails')
    .values({
      id,
      mailbox,
      interactionId: interaction,
      file,
      durationMs: Math.round(durationMs),
      fromNumber: from === undefined ? null : storable(from),
      customerId: customer,
      leftAt: time(leftAt),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Latest first. */
export async function listVoicemails(database: Database, search: VoicemailSearch = {}): Promise<Voicemail[]> {
  let query = database
    .selectFrom('voicemails')
    .selectAll()
    .orderBy('leftAt', 'desc')
    .orderBy('id', 'desc')
    .limit(search.limit ?? ORDINARY_LIMIT)
  if (search.mailbox !== undefined) query = query.where('mailbox', '=', search.mailbox)
  if (search.handled !== undefined) query = query.where('handledAt', search.handled ? 'is not' : 'is', null)
  return (await query.execute()).map(voicemailOf)
}

/** Undefined when there is none. */
export async function readVoicemail(database: Database, id: string): Promise<Voicemail | undefined> {
  const row = await database.selectFrom('voicemails').selectAll().where('id', '=', id).executeTakeFirst()
  return row && voicemailOf(row)
}

/**
 * Marks a message as heard or handled; whoever was first stays.
 * @throws SwitchroomError NOT_FOUND
 */
export async function markVoicemail(
  database: Database,
  id: string,
  as: 'heard' | 'handled',
  by: Actor,
): Promise<Voicemail> {
  const at = time(by.at)
  await database.transaction().execute(async (transaction) => {
    const marked = await transaction
      .updateTable('voicemails')
      .set(as === 'heard' ? { heardAt: at, heardBy: by.who } : { handledAt: at, handledBy: by.who })
      .where('id', '=', id)
      .where(as === 'heard' ? 'heardAt' : 'handledAt', 'is', null)
      .executeTakeFirst()
    if (marked.numUpdatedRows === 1n) {
      await audit(transaction, by, { action: `voicemail.${as}`, entity: 'voicemail', entityId: id })
    }
  })
  const voicemail = await readVoicemail(database, id)
  if (!voicemail) throw new SwitchroomError('NOT_FOUND', `There is no voicemail with the id "${id}".`)
  return voicemail
}

function voicemailOf(row: Selectable<Tables['voicemails']>): Voicemail {
  const { id, mailbox, interactionId, file, durationMs, fromNumber, customerId, leftAt } = row
  const { heardAt, heardBy, handledAt, handledBy } = row
  return {
    id,
    mailbox,
    interaction: interactionId,
    file,
    durationMs,
    ...(fromNumber !== null && { from: fromNumber }),
    ...(customerId !== null && { customer: customerId }),
    leftAt,
    ...(heardAt !== null && heardBy !== null && { heard: { at: heardAt, by: heardBy } }),
    ...(handledAt !== null && handledBy !== null && { handled: { at: handledAt, by: handledBy } }),
  }
}
