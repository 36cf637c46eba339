import type { Database, DatabaseTransaction } from './tables.ts'
import { json, time } from './values.ts'

/** Who does something, and when: given to every change that the audit log keeps. */
export interface Actor {
  /** User id, or the program's part that acts by itself: `operator`, `system`. */
  readonly who: string
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface AuditEntry {
  /** In the form `customer.update`. */
  readonly action: string
  readonly entity: 'agent' | 'center' | 'contact' | 'customer' | 'user' | 'voicemail'
  readonly entityId: string
  /** What was changed, as it was and as it became; never passwords. */
  readonly before?: object
  readonly after?: object
}

/** Writes the entry in the transaction of the change itself, so that there is none without the other. */
export async function audit(
  database: Database | DatabaseTransaction,
  actor: Actor,
  entry: AuditEntry,
): Promise<void> {
  await database
    .insertInto('auditLog')
    .values({
      at: time(actor.at),
      actor: actor.who,
      action: entry.action,
      entity: entry.entity,
      entityId: entry.entityId,
      before: entry.before === undefined ? null : json(entry.before),
      after: entry.after === undefined ? null : json(entry.after),
    })
    .execute()
}
