import type { FlowOutcome, FlowValue, PromptPart } from './effects.ts'
import type { CustomerFields, ExpressionContext, Flow, QueueFields, SignalledField } from './flow.ts'

/**
 * Where one call is in its flow. Plain JSON: it can be stored and compared, and the flow goes on from it. It holds
 * the values of secret variables and must be kept as safely as they are.
 */
export interface FlowState {
  readonly flow: string
  /** Of the version that the call began with. */
  readonly hash: string
  readonly node: string
  /** `answering`: the node waits to be entered until the call is answered. */
  readonly phase: 'answering' | 'running' | 'ended'
  readonly answered: boolean
  readonly language: string
  readonly variables: Readonly<Record<string, FlowValue>>
  readonly call: ExpressionContext['call']
  readonly customer: CustomerFields
  readonly queue: QueueFields
  /** Keys pressed and not used yet (type-ahead). */
  readonly digits: string
  /** A terminator that would come too late: its entry was complete already. */
  readonly stray: string | null
  readonly activity: Activity
  /** How many ids have been made. */
  readonly ids: number
  /** Nodes entered since something last took its time. */
  readonly hops: number
  readonly outcome: FlowOutcome
  /** The flow's own `failed` exit has been taken. */
  readonly rescued: boolean
}

/** What is going on at the present node. */
export interface Activity {
  /** Which part of the node's work; each node type has its own. */
  readonly stage: string
  readonly play: RunningPlay | null
  readonly music: boolean
  readonly timer: string | null
  /** Timers beside that one, by what they are for. */
  readonly clocks: Readonly<Record<string, string>>
  /** What was asked of the world and is not answered yet. */
  readonly request: string | null
  readonly recording: string | null
  /** 1 for the first. */
  readonly attempt: number
  /** Digits of an entry so far. */
  readonly entry: string
  /** Where it goes on once the queue is left. */
  readonly exit: string | null
  readonly treatment: Treatment
}

/** What a caller who waits in a queue has been told, and is to be told. */
export interface Treatment {
  /** The prompt of the node is not over yet. */
  readonly opening: boolean
  /** To be said as soon as nothing else is. */
  readonly due: readonly Announcement[]
  /** The best place in line that was said; null before. */
  readonly told: number | null
  /** Comfort messages said so far. */
  readonly comforts: number
  /** The longest wait was over while the caller arranged a call back. */
  readonly late: boolean
}
export type Announcement = 'status' | 'comfort'

export interface RunningPlay {
  readonly id: string
  readonly parts: readonly PromptPart[]
  readonly interruptible: boolean
}

export const idle: Activity = {
  stage: '',
  play: null,
  music: false,
  timer: null,
  clocks: {},
  request: null,
  recording: null,
  attempt: 1,
  entry: '',
  exit: null,
  treatment: { opening: false, due: [], told: null, comforts: 0, late: false },
}

export const unknownCustomer: CustomerFields = {
  id: null,
  name: null,
  tier: null,
  language: null,
  owner: null,
  account: null,
}

export const noQueue: QueueFields = {
  reason: '',
  key: '',
  position: 0,
  wait: 0,
  waitFrom: 0,
  longer: false,
  callback: '',
}

/** What is known of a call when its flow begins. */
export interface FlowStart {
  /** The caller's number; absent when it is withheld. */
  readonly from?: string
  readonly fromName?: string
  /** The number that was dialled. */
  readonly to: string
  readonly anonymous: boolean
  /** What signalling says beyond that. */
  readonly signalled?: Readonly<Partial<Record<SignalledField, string>>>
  /** From the number plan; one that the flow does not speak is ignored. */
  readonly language?: string
  /** From the number plan: values that variables begin with. */
  readonly variables?: Readonly<Record<string, string | number | boolean>>
}

/** The state before the first node is entered. */
export function initialState(flow: Flow, start: FlowStart): FlowState {
  const variables: Record<string, FlowValue> = {}
  for (const [name, { initial }] of Object.entries(flow.variables)) variables[name] = initial
  return {
    flow: flow.name,
    hash: flow.hash,
    node: flow.start,
    phase: 'running',
    answered: false,
    language: spokenLanguage(flow, start.language) ?? flow.languages[0],
    variables,
    call: {
      from: start.anonymous ? '' : (start.from ?? ''),
      name: start.anonymous ? '' : (start.fromName ?? ''),
      to: start.to,
      anonymous: start.anonymous,
      trunk: start.signalled?.trunk ?? '',
      divertedFrom: start.signalled?.divertedFrom ?? '',
      verification: start.signalled?.verification ?? '',
      attestation: start.signalled?.attestation ?? '',
      userToUser: start.signalled?.userToUser ?? '',
    },
    customer: unknownCustomer,
    queue: noQueue,
    digits: '',
    stray: null,
    activity: idle,
    ids: 0,
    hops: 0,
    outcome: 'completed',
    rescued: false,
  }
}

/** The language of the flow that serves this tag: itself, or the same language without or with a region. */
export function spokenLanguage(flow: Flow, tag: string | null | undefined): string | undefined {
  if (!tag) return undefined
  const base = (language: string) => language.split('-')[0]
  return (
    flow.languages.find((language) => language === tag) ??
    flow.languages.find((language) => language === base(tag)) ??
    flow.languages.find((language) => base(language) === base(tag))
  )
}
