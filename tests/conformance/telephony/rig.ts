import type { CallId, DialTarget } from '../../../src/call/call.ts'
import type { CallEvent } from '../../../src/call/events.ts'
import type { Telephony } from '../../../src/telephony/telephony.ts'

/** What somebody hears: described by the simulated backend, told by its pitch on those that move audio. */
export type Sound = 'prompt' | 'music' | 'voice' | 'silence'

/** The other side of a call: a caller, or a phone that rings. */
export interface FarEnd {
  /** `gone`: its call is over, as it sees it. */
  state(): 'ringing' | 'talking' | 'gone'
  answer(): void
  refuse(cause: 'busy' | 'rejected' | 'no-answer' | 'unreachable'): void
  hangup(): void
  press(digits: string): void
  /** Puts us on hold by signalling (RFC 3264 8.4), and takes us back. */
  hold(): void
  unhold(): void
  /** Speaks for so long from now on; it is silent otherwise. */
  speak(ms: number): void
  /** Falls off the network without a word, and comes back. */
  loseMedia(): void
  regainMedia(): void
  /** The loudest of what it hears. */
  hears(): Sound
  /** Does it hear this too, beside something louder? */
  hearsToo(sound: Sound): boolean
  /** Keys that have reached it. */
  keysReceived(): string
  /** A signalling header of the call, by lower-case name. */
  header(name: string): string | undefined
}

/** A telephone at the far end, which rings on until a case does something else with it. */
export interface Phone {
  readonly target: DialTarget
  unregister(): void
  /** The call that rings at it or is in progress; undefined while none has reached it. */
  farEnd(): FarEnd | undefined
  /** Picks up at the very moment at which its call is withdrawn, which the case does next. */
  answerTooLate(): void
}

/** Somebody outside, who is dialled by number. */
export interface Subscriber {
  readonly number: string
  readonly farEnd: () => FarEnd | undefined
}

/** Trunks to one provider, by their names. */
export interface Trunks {
  /** Works. */
  readonly up: string
  /** Cannot be reached, and the backend has said so or will. */
  readonly down: string
  /** Is up, and answers every call 503. */
  readonly failing: string
  /** Somebody whom the provider knows, under a number not used before, behind `up`. */
  readonly subscriber: () => Promise<Subscriber>
}

/** Breaks what the backend stands on, and mends it. */
export interface Faults {
  readonly lose: () => Promise<void>
  readonly mend: () => Promise<void>
}

/** A backend under test, with a world of callers and phones around it. */
export interface Rig {
  readonly telephony: Telephony
  /** Audio: a tone of 300 ms and one of 4 s, and music of 400 ms. */
  readonly files: { readonly short: string; readonly long: string; readonly music: string }
  /** A folder for recordings, and for files that are not there. */
  readonly folder: string
  /** After how much silence on the network audio counts as lost, milliseconds. */
  readonly mediaLostAfterMs: number
  /** The backend has started: what depends on that can be set up. */
  ready(): Promise<void>
  /** Somebody calls `to`. The offered call is found by the `from` number. */
  call(from: string, to: string): FarEnd
  /** A phone that has registered, under a name not used before. */
  phone(): Promise<Phone>
  /** A phone's address that nobody has registered. */
  nobody(): DialTarget
  /** Where the backend has trunks. */
  readonly trunks?: Trunks
  /** Where it stands on something that can be lost. */
  readonly faults?: Faults
  /** Lets time pass on the clock of the backend. */
  pass(ms: number): Promise<void>
  /** Ends the far ends; the backend itself is stopped by the suite. */
  close(): Promise<void>
}

export type EventOf<Type extends CallEvent['type']> = Extract<CallEvent, { type: Type }>

/** A call and its far end. */
export interface Line {
  readonly call: CallId
  readonly far: FarEnd
}
