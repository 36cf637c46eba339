/**
 * What a flow asks for. Effects are data: the runtime performs them and answers with inputs; the simulator
 * and the tests answer them themselves. Ids (`play`, `timer`, `request`, `recording`) are made by the flow,
 * deterministic, and unique within one call.
 */
export type FlowEffect =
  /** The interpreter has entered a node: the path of the interaction. */
  | { readonly type: 'entered'; readonly node: string }
  /** A variable has got a value. Secret values are never in an effect: `value` is absent then. */
  | { readonly type: 'set'; readonly name: string; readonly secret: boolean; readonly value?: FlowValue }
  | { readonly type: 'answer' }
  /** Answered by `played` or `play.failed`. */
  | {
      readonly type: 'play'
      readonly play: string
      readonly parts: readonly PromptPart[]
      readonly language: string
      /** Cut by the first digit, at the backend. */
      readonly interruptible: boolean
    }
  /** Cuts a running play; its `played` comes with reason `stopped`. */
  | { readonly type: 'play.stop'; readonly play: string }
  /** Music on hold by its name in the center's media, until the next play or `music.stop`. */
  | { readonly type: 'music.start'; readonly music: string }
  | { readonly type: 'music.stop' }
  | { readonly type: 'timer.start'; readonly timer: string; readonly ms: number }
  | { readonly type: 'timer.stop'; readonly timer: string }
  /** Answered by `schedule.checked`. */
  | { readonly type: 'schedule.check'; readonly request: string; readonly calendar: string }
  /** Answered by `customer.found`. */
  | {
      readonly type: 'customer.find'
      readonly request: string
      /** `caller`: by the number that calls. The others: by a value that the flow gathered. */
      readonly by: 'caller' | 'number' | 'account' | 'email' | 'id'
      readonly value?: string
    }
  /** The customer of this contact is settled: the screen pop shows this record. */
  | { readonly type: 'customer.chosen'; readonly customer: string }
  | {
      readonly type: 'queue.join'
      readonly queue: string
      /** Skill -> lowest level that serves, 1-10. */
      readonly skills: Readonly<Record<string, number>>
      /** Named agent: tried first. */
      readonly agent?: string
      /** 1 (first) to 10 (last); 5 is ordinary. */
      readonly priority: number
      readonly language: string
    }
  /** Answered by `queue.left` with reason `left`, unless an agent connects first. */
  | { readonly type: 'queue.leave' }
  /** How it stands with the caller in the queue now, to be said at once. Answered by `queue.status`. */
  | {
      readonly type: 'queue.status'
      readonly request: string
      /** Whether the wait is said too: what is answered then counts as told. */
      readonly wait: boolean
    }
  /**
   * The caller would rather be called back than wait, and keep the place. Answered by `queue.left` with reason
   * `callback`, or by `callback.refused`; an agent may connect first.
   */
  | {
      readonly type: 'queue.callback'
      readonly request: string
      /** As the caller confirmed it: the calling number, or what was typed. */
      readonly number: string
      /** Who is rung first when it is the caller's turn. */
      readonly mode: 'agent-first' | 'customer-first'
    }
  /** Records a voicemail. Answered by `recorded` or `record.failed`. */
  | {
      readonly type: 'record.start'
      readonly recording: string
      readonly mailbox: string
      readonly maxMs: number
      readonly silenceMs: number
      readonly stopDigits: string
    }
  /** The recording is a message for the mailbox. Without this it is deleted. */
  | { readonly type: 'voicemail.keep'; readonly recording: string; readonly mailbox: string }
  /** Answered by `transfer.ended`. */
  | {
      readonly type: 'transfer'
      readonly request: string
      /** A SIP URI, or a number as the flow writes it. */
      readonly to: string
      readonly ringMs: number
    }
  /**
   * Something went wrong inside the flow or with what it asked for; it goes on at an exit or ends. For the log:
   * values of secret variables are never in it.
   */
  | {
      readonly type: 'fault'
      readonly node: string
      readonly code: FaultCode
      readonly detail: string
    }
  /** The end of the flow; the call is hung up, or refused where it was never answered. */
  | { readonly type: 'hangup'; readonly outcome: FlowOutcome }

/** How a flow that ends by itself sees its end. `failed`: an error exit without a place to go. */
export type FlowOutcome = 'completed' | 'voicemail' | 'transferred' | 'failed'

/**
 * - `expression`: it could not be evaluated, or its value is of no use there.
 * - `prompt`, `recording`, `customer`, `schedule`, `queue`, `transfer`: what was asked for failed or did not answer in time.
 * - `loop`: the flow went round without ever waiting for anything.
 */
export type FaultCode =
  | 'expression'
  | 'prompt'
  | 'recording'
  | 'customer'
  | 'schedule'
  | 'queue'
  | 'transfer'
  | 'loop'

export type FlowValue = string | number | boolean | null

/**
 * One piece of a prompt, with every expression already evaluated.
 *
 * - `audio`: a file by name, from the center's `media/prompts/<language>/`.
 * - `say`: text to speech.
 * - `digits`: read digit by digit; 0-9, * and #.
 * - `number`: read as a cardinal number, 0 to 999999.
 * - `duration`: read as a length of time, whole seconds, 0 to 359999.
 *
 * `language` is there when the piece is in another language than its play.
 */
export type PromptPart = { readonly language?: string } & (
  | { readonly audio: string }
  | { readonly say: string }
  | { readonly digits: string }
  | { readonly number: number }
  | { readonly duration: number }
)
