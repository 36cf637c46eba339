import type { ColumnType, Generated, JSONColumnType, Kysely, Transaction } from 'kysely'
import type { Explanation } from '../acd/contract.ts'
import type { MediaReport } from '../call/call.ts'
import type { Interaction } from '../call/interaction.ts'

/**
 * The tables as the queries see them: camelCase here, snake_case in SQL. Times are read as milliseconds since
 * 1970; they are written with `time()`. JSON is read parsed and written as text.
 */
export interface Tables {
  readonly users: UsersTable
  readonly userSkills: { readonly userId: string; readonly skill: string; readonly level: number }
  readonly devices: DevicesTable
  readonly sessions: SessionsTable
  readonly customers: CustomersTable
  readonly customerIdentities: CustomerIdentitiesTable
  readonly customerAccounts: CustomerAccountsTable
  readonly interactions: InteractionsTable
  readonly interactionSegments: InteractionSegmentsTable
  readonly offerExplanations: {
    readonly offer: string
    readonly interactionId: string
    readonly why: JSONColumnType<Explanation>
  }
  readonly voicemails: VoicemailsTable
  readonly auditLog: AuditLogTable
  readonly centerVersions: CenterVersionsTable
  readonly centerActivations: CenterActivationsTable
}

/** An open database. `destroy()` closes it. */
export type Database = Kysely<Tables>

/**
 * Inside a transaction every query goes through the transaction: one on the `Database` itself would wait for
 * ever for the embedded database's only connection.
 */
export type DatabaseTransaction = Transaction<Tables>

export type Role = 'agent' | 'supervisor' | 'admin' | 'integration'

export type IdentityKind = 'phone' | 'email' | 'handle'

interface UsersTable {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly role: Role
  /** See passwords.ts. */
  readonly password: string
  /** The password is the published one of the demo. */
  readonly demo: Generated<boolean>
  readonly enabled: Generated<boolean>
  readonly createdAt: number
  readonly updatedAt: number
}

interface DevicesTable {
  readonly name: string
  readonly userId: string
  readonly realm: string
  readonly ha1Md5: string
  readonly ha1Sha256: string
  readonly autoAnswer: Generated<boolean>
  readonly standing: Generated<boolean>
}

interface SessionsTable {
  /** SHA-256 of the token, hex; the token itself is nowhere. */
  readonly tokenHash: string
  readonly userId: string
  readonly program: Generated<'desk' | 'phone'>
  readonly createdAt: number
  readonly expiresAt: number
}

interface CustomersTable {
  readonly id: string
  /** Rises by one with each change. */
  readonly version: number
  readonly name: string
  readonly company: string | null
  readonly tier: string
  readonly language: string | null
  /** Agent id of the named contact. */
  readonly owner: string | null
  readonly notes: string | null
  readonly fields: JSONColumnType<Record<string, string | number | boolean | null>>
  /** Name, company, numbers, addresses and accounts in lower case, for the search by text. */
  readonly search: string
  readonly createdAt: number
  readonly updatedAt: number
}

interface CustomerIdentitiesTable {
  readonly customerId: string
  /** 0 is the one that is shown first. */
  readonly position: number
  readonly kind: IdentityKind
  readonly value: string
  readonly label: string | null
}

interface CustomerAccountsTable {
  readonly customerId: string
  readonly position: number
  readonly number: string
  /** The number without what a keypad cannot type. */
  readonly key: string
  readonly name: string | null
}

interface InteractionsTable {
  readonly id: string
  readonly channel: Interaction['channel']
  readonly direction: Interaction['direction']
  readonly startedAt: number
  readonly endedAt: number
  readonly outcome: NonNullable<Interaction['outcome']>
  readonly fromUri: string
  readonly fromNumber: string | null
  readonly fromName: string | null
  readonly toUri: string
  readonly toNumber: string | null
  readonly language: string | null
  readonly customerId: string | null
  readonly candidates: JsonOrNull<readonly string[]>
  readonly flowName: string | null
  readonly flowHash: string | null
  readonly path: Json<Interaction['path']>
  readonly data: Json<Interaction['data']>
  readonly disposition: string | null
  readonly notes: string | null
  readonly media: JsonOrNull<MediaReport>
}

interface InteractionSegmentsTable {
  readonly interactionId: string
  readonly position: number
  readonly kind: Interaction['segments'][number]['kind']
  readonly startedAt: number
  readonly endedAt: number
  readonly queue: string | null
  readonly agent: string | null
  readonly offer: string | null
  readonly gapMs: number | null
  readonly result: string
  readonly media: JsonOrNull<MediaReport>
}

interface VoicemailsTable {
  readonly id: string
  readonly mailbox: string
  readonly interactionId: string
  readonly file: string
  readonly durationMs: number
  readonly fromNumber: string | null
  readonly customerId: string | null
  readonly leftAt: number
  readonly heardAt: number | null
  readonly heardBy: string | null
  readonly handledAt: number | null
  readonly handledBy: string | null
}

interface AuditLogTable {
  readonly id: Generated<number>
  readonly at: number
  readonly actor: string
  readonly action: string
  readonly entity: string
  readonly entityId: string
  readonly before: JsonOrNull<object>
  readonly after: JsonOrNull<object>
}

interface CenterVersionsTable {
  /** SHA-256 of the files, hex. */
  readonly hash: string
  /** Name of the file -> its text. */
  readonly files: Json<Readonly<Record<string, string>>>
  readonly publishedAt: number
  readonly publishedBy: string
}

interface CenterActivationsTable {
  readonly id: Generated<number>
  readonly hash: string
  readonly at: number
  readonly byWhom: string
}

type Json<Value> = ColumnType<Value, string, string>
type JsonOrNull<Value> = ColumnType<Value | null, string | null, string | null>
