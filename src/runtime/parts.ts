import type { Logger } from 'pino'
import type { CallbackMode, Explanation } from '../acd/contract.ts'
import type { DialTarget } from '../call/call.ts'
import type { PlayItem } from '../call/commands.ts'
import type { Interaction } from '../call/interaction.ts'
import type { NewVoicemail } from '../call/voicemail.ts'
import type { Clock } from '../clock/clock.ts'
import type { PromptPart } from '../flow/effects.ts'
import type { Flow } from '../flow/flow.ts'
import type { CustomerFacts } from '../flow/inputs.ts'
import type { ContactLeg } from '../telephony/call-trace.ts'
import type { AcdRunner } from './acd-runner.ts'
import type { FloorEvent } from './floor.ts'
import type { Switchboard } from './switchboard.ts'

/** What the runners need of the world. Each is small, so that a test can give the real thing or its own. */
export interface Parts {
  readonly clock: Clock
  readonly logger: Logger
  readonly board: Switchboard
  readonly acd: AcdRunner
  readonly prompts: Prompts
  readonly customers: FindCustomers
  readonly calendars: Calendars
  readonly records: Records
  readonly voicemails: Voicemails
  readonly findRoute: FindRoute
  /** A contact would be called back; `refused` is told when its queue calls nobody back. */
  readonly askCallback: (contact: string, to: CallbackTo, mode: CallbackMode, refused: () => void) => void
  /** What the routing engine knows a caller by; undefined without a number. */
  readonly callerKey: (number: string | undefined) => string | undefined
  /** How long somebody who joins the queue now would wait, milliseconds, where that matters and can be said. */
  readonly estimateMs: (queue: string) => number | undefined
  /** Is told of every leg of a contact before it is dialled or answered. */
  readonly legAdded: (leg: ContactLeg) => void
  /** Tells every listener of the floor. */
  readonly publish: (event: FloorEvent) => void
}

/** Where a customer is to be called back. */
export interface CallbackTo {
  /** As the caller confirmed it. */
  readonly number: string
  readonly target: DialTarget
}

export interface Prompts {
  /** Audio files of a prompt in a language. Rejects with PROMPT_MISSING or SPEECH_FAILED. */
  resolve(parts: readonly PromptPart[], language: string): Promise<readonly PlayItem[]>
  /** Absolute path of a piece of music; throws PROMPT_MISSING. */
  musicFile(name: string): string
}

/** Everybody who fits, best first. */
export type FindCustomers = (
  by: 'caller' | 'number' | 'account' | 'email' | 'id',
  value: string,
) => Promise<readonly CustomerFacts[]>

/** State of a calendar at a time (milliseconds since 1970); undefined when there is no such calendar. */
export type Calendars = (calendar: string, at: number) => 'open' | 'closed' | 'emergency' | undefined

/** Keeps interactions from their first moment; synchronous, and safe against the death of the process. */
export interface Records {
  begin(interaction: Interaction): void
  update(interaction: Interaction): void
  end(interaction: Interaction, explanations: readonly OfferExplanation[]): void
}

export interface OfferExplanation {
  readonly offer: string
  readonly why: Explanation
}

export interface Voicemails {
  /** Absolute path for a new recording. */
  fileFor(recording: string): string
  keep(voicemail: NewVoicemail): Promise<void>
  discard(file: string): Promise<void>
}

/** A flow as one number of the plan begins it. */
export interface NumberedFlow {
  readonly flow: Flow
  /** Language to begin in, in place of the flow's first. */
  readonly language?: string
  /** Values that the flow's variables begin with. */
  readonly variables?: Readonly<Record<string, string | number | boolean>>
}

/**
 * How a number is called that a flow or a person has written: as trunks take it, over the trunks that carry it;
 * undefined where the center has no route for it.
 */
export type FindRoute = (
  number: string,
) => { readonly number: string; readonly trunks: readonly string[] } | undefined

/** The flow that serves a dialled number; undefined when the number is not in the plan. */
export type FindFlow = (number: string) => NumberedFlow | undefined
