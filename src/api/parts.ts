import type { Logger } from 'pino'
import type { Explanation, Skills } from '../acd/contract.ts'
import type { Interaction } from '../call/interaction.ts'
import type { Clock } from '../clock/clock.ts'
import type { Floor } from '../runtime/floor.ts'
import type {
  Customer,
  CustomerChange,
  CustomerSearch,
  Disposition,
  NewCustomer,
  NewUser,
  PauseReason,
  SessionUser,
  Timeline,
  User,
  Voicemail,
  VoicemailSearch,
} from './contract/index.ts'
import type { Metric } from './metrics.ts'

/** What the API is built of. */
export interface Parts {
  readonly clock: Clock
  readonly logger: Logger
  readonly floor: Floor
  readonly sessions: Sessions
  readonly people: People
  readonly customers: Customers
  readonly interactions: Interactions
  readonly voicemails: Voicemails
  readonly audit: Audit
  readonly center: CenterFacts
  /** Where phones register. */
  readonly sip: { readonly host: string; readonly port: number; readonly realm: string }
  /** Folder of the built desk. */
  readonly deskFolder: string
  readonly version: string
  readonly readiness: () => Promise<Readiness>
  /** Figures of the machine's other parts, beside those that the API takes from the floor. */
  readonly metrics: () => readonly Metric[]
}

export interface Readiness {
  readonly ready: boolean
  /** By the name of the part, for example `database`: `ok`, or what is wrong with it. */
  readonly checks: Readonly<Record<string, string>>
}

/** What the center's files say. */
export interface CenterFacts {
  readonly name: string
  readonly queues: readonly { readonly id: string; readonly members: Skills }[]
  readonly dispositions: readonly Disposition[]
  readonly pauseReasons: readonly PauseReason[]
}

/** Opaque tokens, kept as hashes; they survive a restart. */
export interface Sessions {
  open(user: string): Promise<{ readonly token: string; readonly expiresAt: number }>
  /** The session of a token that is valid, its expiry moved on; undefined for any other. */
  use(token: string): Promise<{ readonly user: SessionUser; readonly expiresAt: number } | undefined>
  close(token: string): Promise<void>
}

export interface People {
  /** The person with this name and password who is not disabled. Takes equally long for names that nobody has. */
  verify(username: string, password: string): Promise<SessionUser | undefined>
  list(): Promise<readonly User[]>
  get(id: string): Promise<User | undefined>
  /** @throws SwitchroomError CONFLICT when somebody has that user name */
  add(person: NewUser): Promise<User>
  /** Ends the sessions of this person. */
  setPassword(id: string, password: string): Promise<void>
  /** Ends the sessions of this person. */
  disable(id: string): Promise<void>
  setSkills(id: string, skills: Skills): Promise<void>
}

export interface Customers {
  search(search: CustomerSearch): Promise<readonly Customer[]>
  get(id: string): Promise<Customer | undefined>
  add(customer: NewCustomer): Promise<Customer>
  /** @throws SwitchroomError CONFLICT when the version is not the present one, NOT_FOUND */
  change(id: string, change: CustomerChange): Promise<Customer>
}

export interface Interactions {
  get(id: string): Promise<Interaction | undefined>
  timeline(customer: string, page: { before?: string; limit: number }): Promise<Timeline>
  why(offer: string): Promise<Explanation | undefined>
}

export interface Voicemails {
  search(search: VoicemailSearch): Promise<readonly Voicemail[]>
  get(id: string): Promise<Voicemail | undefined>
  /** Absolute path of the WAV file. */
  file(id: string): Promise<string | undefined>
  handled(id: string, by: string): Promise<Voicemail>
}

/** Who changed what. */
export interface Audit {
  record(entry: {
    readonly actor: string
    readonly action: string
    readonly entity: string
    readonly entityId: string
    readonly before?: object
    readonly after?: object
  }): Promise<void>
}
