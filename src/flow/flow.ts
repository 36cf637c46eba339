/** The language's own types, in one place: what the compiler makes and the interpreter runs. Hence its length. */
import type { FlowValue } from './effects.ts'

/**
 * A flow as the interpreter runs it: checked, every name resolved, every expression compiled. Made by
 * `parseFlow`; never changed afterwards, so all calls may share it.
 */
export interface Flow {
  readonly name: string
  /** SHA-256 of the file's content, hex: which version a call runs. */
  readonly hash: string
  /** BCP 47 tags; the first is spoken unless the call or the flow says otherwise. */
  readonly languages: readonly [string, ...string[]]
  readonly start: string
  /** Node for faults that have no exit of their own; used once per call. */
  readonly failed?: string
  readonly variables: Readonly<Record<string, Variable>>
  readonly nodes: Readonly<Record<string, FlowNode>>
}

export interface Variable {
  readonly type: VariableType
  readonly initial: string | number | boolean
  /** Never in an effect, a prompt or an error. */
  readonly secret: boolean
}

/** `number` is a whole number. */
export type VariableType = 'string' | 'number' | 'boolean'

/** What signalling says of a call beyond who calls whom; each empty where it says nothing. */
export const signalledFields = ['trunk', 'divertedFrom', 'verification', 'attestation', 'userToUser'] as const
export type SignalledField = (typeof signalledFields)[number]

/** What expressions may know. */
export interface ExpressionContext {
  readonly variables: Readonly<Record<string, FlowValue>>
  readonly language: string
  readonly call: {
    /** Empty for anonymous callers. */
    readonly from: string
    readonly name: string
    readonly to: string
    readonly anonymous: boolean
  } & Readonly<Record<SignalledField, string>>
  /** Every field is null before the customer is found. */
  readonly customer: CustomerFields
  readonly queue: QueueFields
}

/** The fields of `queue` in expressions: of the queue that the caller is in, or was in last. */
export interface QueueFields {
  /** Why the caller is out of it again; empty in the queue, and before the first one. */
  readonly reason: LeftReason | ''
  /** The key that the caller left with; else empty. */
  readonly key: string
  /** Place in line at the last announcement, 1 is next; 0 before. */
  readonly position: number
  /** The wait that was announced last, seconds: nine of ten callers in this place wait no longer. 0 before. */
  readonly wait: number
  /** Half of the callers in this place wait no longer; seconds, 0 where that is nearly nothing. */
  readonly waitFrom: number
  /** It takes longer than what was announced. */
  readonly longer: boolean
  /** The number to call back, once the caller is asked for it; else empty. */
  readonly callback: string
}

/**
 * Why a caller is out of a queue: by the own wish (`key`, `timeout`, `callback`), after a talk (`done`), or because the
 * queue does not take or keep them.
 */
export type LeftReason = 'done' | 'key' | 'timeout' | 'callback' | TurnedAway
export type TurnedAway =
  /** Nobody who is known could ever serve the caller. */
  | 'unserved'
  | 'closed'
  | 'nobody-logged-in'
  /** Too many callers wait already. */
  | 'too-many'
  /** The wait would be too long. */
  | 'too-long'
  /** The last step of the queue's plan says so. */
  | 'overflowed'

/** The fields of `customer` in expressions. */
export interface CustomerFields {
  readonly id: string | null
  readonly name: string | null
  readonly tier: string | null
  readonly language: string | null
  readonly owner: string | null
  readonly account: string | null
}

/** A compiled expression. */
export interface Expression {
  readonly source: string
  /** It reads a secret variable. */
  readonly secret: boolean
  /** @throws Error when it cannot be evaluated with these values */
  evaluate(context: ExpressionContext): FlowValue
}

/** A string with `${...}` in it, or a plain value. One expression alone keeps the type of its value. */
export type Template = string | number | boolean | readonly (string | Expression)[]

export type PromptItem = { readonly language?: string } & (
  | { readonly audio: string }
  /** Text, or one text per language of the flow. */
  | { readonly say: Template | Readonly<Record<string, Template>> }
  | { readonly digits: Template }
  | { readonly number: Template }
  /** Whole seconds. */
  | { readonly duration: Template }
)
export type Prompt = readonly PromptItem[]

/** Id of another node. */
type Exit = string

/** What menu and gather have in common: how digits are asked for. */
interface Asking {
  readonly prompt: Prompt
  /** Come before `prompt` when it is played again. */
  readonly noInputPrompt: Prompt
  readonly noMatchPrompt: Prompt
  readonly interruptible: boolean
  /** Forgets the digits that were pressed before. */
  readonly flush: boolean
  /** How long the first digit may take once the prompt is over, milliseconds. */
  readonly timeoutMs: number
  /** How often it is asked, at least 1. */
  readonly attempts: number
  readonly noInput: Exit
  readonly noMatch: Exit
  readonly failed?: Exit
}

export interface PlayNode {
  readonly type: 'play'
  readonly prompt: Prompt
  readonly interruptible: boolean
  readonly flush: boolean
  readonly next: Exit
  readonly failed?: Exit
}

export interface MenuNode extends Asking {
  readonly type: 'menu'
  readonly choices: Readonly<Record<string, Exit>>
}

export interface GatherNode extends Asking {
  readonly type: 'gather'
  readonly variable: string
  readonly minDigits: number
  readonly maxDigits: number
  /** Ends the entry; never part of it. */
  readonly terminator?: string
  readonly digitTimeoutMs: number
  /** Regular expression that the whole entry must fit. */
  readonly pattern?: string
  readonly next: Exit
}

export interface SetNode {
  readonly type: 'set'
  readonly values: readonly { readonly name: string; readonly value: Template }[]
  readonly language?: Template
  readonly next: Exit
  readonly failed?: Exit
}

export interface SwitchNode {
  readonly type: 'switch'
  readonly cases: readonly { readonly when: Expression; readonly next: Exit }[]
  readonly otherwise: Exit
  readonly failed?: Exit
}

export interface ScheduleNode {
  readonly type: 'schedule'
  readonly calendar: Template
  readonly timeoutMs: number
  readonly open: Exit
  readonly closed: Exit
  readonly emergency: Exit
  readonly failed?: Exit
}

export interface CustomerNode {
  readonly type: 'customer'
  readonly find: 'caller' | 'number' | 'account' | 'email' | 'id'
  readonly value?: Template
  readonly timeoutMs: number
  readonly found: Exit
  readonly several: Exit
  readonly none: Exit
  readonly failed: Exit
}

export interface QueueNode {
  readonly type: 'queue'
  readonly queue: Template
  readonly prompt: Prompt
  readonly music?: string
  readonly skills: readonly { readonly skill: Template; readonly level: Template }[]
  readonly agent?: Template
  readonly priority: Template
  /** How long the caller waits at most. */
  readonly timeoutMs?: number
  readonly announce?: QueueAnnouncements
  readonly comfort?: ComfortMessages
  readonly callback?: CallbackOffer
  /** Key, or `any`, -> where it leads. */
  readonly keys: Readonly<Record<string, Exit>>
  /** Where each reason leads that is no key; a fault where `unserved` and its like lead nowhere. */
  readonly exits: Readonly<Partial<Record<Exclude<LeftReason, 'key'>, Exit>>>
  readonly failed?: Exit
}

/** When something is said: counted from the moment at which the caller joins. */
export interface Schedule {
  readonly firstMs: number
  /** Absent: only once. */
  readonly everyMs?: number
}

/** Place in line and wait, asked for at the moment of the announcement. */
export interface QueueAnnouncements extends Schedule {
  readonly position?: {
    readonly prompt: Prompt
    /** In its place, to who is first in line. */
    readonly front?: Prompt
    /** Places further back are not said, but `beyond`. */
    readonly limit: number
    readonly beyond: Prompt
  }
  readonly wait?: {
    readonly prompt: Prompt
    /** In its place, where the estimate has a lower end worth saying. */
    readonly between?: Prompt
    /** Longer waits are not said, but `beyond`. */
    readonly limitMs: number
    readonly beyond: Prompt
    /** When it takes longer than what was announced. */
    readonly longer: Prompt
  }
}

export interface ComfortMessages extends Schedule {
  /** One at a time, in turn. */
  readonly prompts: readonly Prompt[]
}

/** A call back in place of waiting on the line. */
export interface CallbackOffer {
  readonly key: string
  /** Said after an announcement. */
  readonly offer: Prompt
  /** Not where the wait is known to be shorter than this. */
  readonly aboveMs: number
  readonly mode: 'agent-first' | 'customer-first'
  /** Reads the number back: 1 confirms it, 2 types another, * goes on waiting. */
  readonly confirm: Prompt
  /** Asks for a number. */
  readonly ask: Prompt
  /** It cannot be done; the caller waits on. */
  readonly refused: Prompt
  readonly minDigits: number
  readonly maxDigits: number
}

export interface VoicemailNode {
  readonly type: 'voicemail'
  readonly mailbox: string
  readonly prompt: Prompt
  readonly beep: boolean
  readonly maxMs: number
  readonly minMs: number
  readonly silenceMs: number
  readonly next?: Exit
  readonly empty?: Exit
  readonly failed?: Exit
}

export interface TransferNode {
  readonly type: 'transfer'
  readonly to: Template
  readonly prompt: Prompt
  readonly music?: string
  readonly ringMs: number
  readonly next?: Exit
  readonly busy?: Exit
  readonly noAnswer?: Exit
  readonly failed?: Exit
}

export interface HangupNode {
  readonly type: 'hangup'
  readonly prompt: Prompt
  /** Also without a prompt, a call is answered and not refused. */
  readonly answer: boolean
}

export type FlowNode =
  | PlayNode
  | MenuNode
  | GatherNode
  | SetNode
  | SwitchNode
  | ScheduleNode
  | CustomerNode
  | QueueNode
  | VoicemailNode
  | TransferNode
  | HangupNode

export type NodeTypeName = FlowNode['type']
