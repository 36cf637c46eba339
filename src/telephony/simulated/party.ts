import type { CallId, EndCause, Party } from '../../call/call.ts'
import type { Heard } from './hearing.ts'
import type { Leg } from './leg.ts'

/** Why a far end that was dialled does not answer, and the SIP status that it stands for. */
const refusals = {
  busy: 486,
  rejected: 603,
  'no-answer': 480,
  unreachable: 503,
  redirected: 302,
  unsupported: 488,
} as const satisfies Partial<Record<EndCause, number>>

export type FarRefusal = keyof typeof refusals

/** The far end of one simulated call: a caller, or whoever was dialled. What it does, happens at once. */
export class SimulatedParty {
  readonly from: Party
  /** Signalling headers of the call, as they reach this party. */
  readonly headers: Readonly<Record<string, string>>
  readonly #leg: Leg
  readonly #answer: () => void

  /** @param answer what it means that this party answers; nothing for somebody who calls */
  constructor(leg: Leg, from: Party, headers: Readonly<Record<string, string>>, answer: () => void) {
    this.#leg = leg
    this.from = from
    this.headers = headers
    this.#answer = answer
  }

  get call(): CallId {
    return this.#leg.call
  }

  get state(): 'ringing' | 'talking' | 'gone' {
    if (this.#leg.state === 'ended') return 'gone'
    return this.#leg.state === 'answered' ? 'talking' : 'ringing'
  }

  /** Everything that this party has heard so far, with the times at which it began. */
  get heard(): readonly Heard[] {
    return this.#leg.hearing.heard
  }

  /** What was whispered to this party beside that. */
  get whispered(): readonly Heard[] {
    return this.#leg.hearing.whispered
  }

  /** Keys that reached this party: by `digits.send`, or from the one it is bridged with. */
  get keysReceived(): string {
    return this.#leg.keysReceived
  }

  /** Picks up. Too late after the end of the call: then nothing happens. */
  answer(): void {
    if (this.#leg.state === 'new' && this.#leg.direction === 'outbound') this.#answer()
  }

  /** Does not take the call that rings. */
  refuse(cause: FarRefusal): void {
    if (this.#leg.state !== 'new' || this.#leg.direction !== 'outbound') return
    this.#leg.end({ cause, by: 'remote', status: refusals[cause] })
  }

  /** Presses keys, one after the other. */
  press(digits: string): void {
    for (const digit of digits) if (this.#leg.state === 'answered') this.#leg.key(digit)
  }

  /** Hangs up; a caller who has not been answered gives up. */
  hangup(): void {
    if (this.#leg.state === 'answered') this.#leg.end({ cause: 'normal', by: 'remote' })
    else if (this.#leg.direction === 'inbound')
      this.#leg.end({ cause: 'cancelled', by: 'remote', status: 487 })
    else this.refuse('rejected')
  }

  /** Puts us on hold: it says so in signalling (RFC 3264 8.4). */
  hold(): void {
    if (this.#leg.state === 'answered') this.#leg.holdUs(true)
  }

  unhold(): void {
    if (this.#leg.state === 'answered') this.#leg.holdUs(false)
  }

  /** Speaks for so long, milliseconds: a recording has it as a tone. */
  speak(ms: number): void {
    this.#leg.speech(ms)
  }

  /** Falls off the network without a word. */
  loseMedia(): void {
    if (this.#leg.state === 'answered') this.#leg.loseMedia()
  }

  regainMedia(): void {
    this.#leg.regainMedia()
  }

  /** Runs `run` after `ms`, unless the call is over by then. */
  after(ms: number, run: () => void): void {
    if (this.#leg.state !== 'ended') this.#leg.after(ms, run)
  }

  /** Runs `run` when the call is over, whoever ended it. */
  onEnd(run: () => void): void {
    this.#leg.onEnd = run
  }
}
