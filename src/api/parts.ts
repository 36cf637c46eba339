import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { Logger } from 'pino'
import type { ActiveCenter } from '../active-center.ts'
import type { Clock } from '../clock/clock.ts'
import type { Database } from '../database/open-database.ts'
import type { Floor } from '../runtime/floor.ts'
import type { TraceReader } from '../telephony/call-trace.ts'
import type { Disposition, PauseReason } from './contract/index.ts'
import type { Metric } from './metrics.ts'

/** The server with its routes typed by their schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** What the API is built of. */
export interface Parts {
  readonly clock: Clock
  readonly logger: Logger
  readonly floor: Floor
  readonly database: Database
  readonly center: CenterFacts
  /** Which rules are in force, and others in their place; absent where they are fixed. */
  readonly rules?: Rules
  /** Where phones register, and the realm of their passwords. */
  readonly sip: { readonly host: string; readonly port: number; readonly realm: string }
  /** `numbers.country`. */
  readonly country: string
  /** The token with which commands on this machine act as the operator, from when it is known. */
  readonly operatorToken?: () => string | undefined
  /** Absent where nothing is traced. */
  readonly traces?: TraceReader | undefined
  /** Folder of the built desk. */
  /** `agents.secondSignIn`. */
  readonly secondSignIn: 'take-over' | 'refuse' | 'allow'
  readonly deskFolder: string
  readonly version: string
  readonly readiness: () => Promise<Readiness>
  /** Figures of parts that the API does not know, beside those that it takes from the floor itself. */
  readonly metrics: () => readonly Metric[]
}

export interface Readiness {
  readonly ready: boolean
  readonly checks: readonly Check[]
}

/** Whether one part works. */
export interface Check {
  /** For example `database`, `trunk main`, `backend asterisk 203.0.113.7:8088`. */
  readonly name: string
  /** Its name for strangers, which several parts may share: without addresses, for example `backend asterisk`. */
  readonly publicName: string
  /** What is wrong with it; undefined while it works. */
  readonly fault: string | undefined
}

export type Rules = Pick<ActiveCenter, 'describe' | 'history' | 'publish' | 'rollback'>

/** What the center's files say. */
export interface CenterFacts {
  readonly queues: readonly { readonly id: string; readonly name: string }[]
  readonly dispositions: readonly Disposition[]
  readonly pauseReasons: readonly PauseReason[]
  /** Every skill that people may have. */
  readonly skills: readonly string[]
}
