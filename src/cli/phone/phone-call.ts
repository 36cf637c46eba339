import type { EndCause, MediaReport, Party } from '../../call/call.ts'
import type { CallCommand, RejectCause } from '../../call/commands.ts'
import type { CallEvent } from '../../call/events.ts'
import { SwitchroomError } from '../../errors.ts'
import { type Heard, Hearing } from './hearing.ts'

/** What happens to one call of a phone, in order. */
export type PhoneEvent =
  | { readonly type: 'ringing' }
  | { readonly type: 'answered' }
  | ({ readonly type: 'heard' } & Heard)
  /** The far end has said who is there now (RFC 4916). */
  | { readonly type: 'connected'; readonly party: Party }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'media-lost'; readonly silentMs: number }
  | { readonly type: 'media-back' }
  | ({ readonly type: 'ended' } & PhoneCallEnd)

export interface PhoneCallEnd {
  readonly cause: EndCause
  readonly by: 'remote' | 'local' | 'network'
  readonly status?: number
  readonly media?: MediaReport
}

export type PhoneEventOf<Type extends PhoneEvent['type']> = Extract<PhoneEvent, { type: Type }>

/** A recording that runs: its end comes with `stop`, or with the call. */
export interface PhoneRecording {
  readonly file: string
  readonly ended: Promise<{ readonly durationMs: number }>
  stop(): Promise<void>
}

type Without<Key extends string, Union> = Union extends unknown ? Omit<Union, Key> : never
type Settle = { readonly resolve: (event: CallEvent | undefined) => void }

/** One call of a phone, from the first ring to its end. */
export class PhoneCall {
  readonly id: string
  readonly direction: 'incoming' | 'outgoing'
  /** Who is at the far end, as signalling first had it. */
  readonly party: Party
  /** Signalling headers of an incoming call, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** Resolves when audio can flow; rejects when the call ends before. */
  readonly answered: Promise<void>
  /** Resolves when the call is over; never rejects. */
  readonly ended: Promise<PhoneCallEnd>
  readonly #execute: (command: CallCommand) => void
  readonly #listeners = new Set<(event: PhoneEvent) => void>()
  readonly #commands = new Map<string, Settle>()
  readonly #hearing = new Hearing((heard) => this.#tell({ type: 'heard', ...heard }))
  readonly #answered = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<PhoneCallEnd>()
  #count = 0
  #state: 'ringing' | 'answered' | 'ended' = 'ringing'

  constructor(
    parts: Pick<PhoneCall, 'id' | 'direction' | 'party' | 'headers'>,
    execute: (command: CallCommand) => void,
  ) {
    this.id = parts.id
    this.direction = parts.direction
    this.party = parts.party
    this.headers = parts.headers
    this.#execute = execute
    this.answered = this.#answered.promise
    this.ended = this.#ended.promise
    this.answered.catch(() => undefined)
  }

  get state(): 'ringing' | 'answered' | 'ended' {
    return this.#state
  }

  /** True while there is sound from the far end. */
  get isHearing(): boolean {
    return this.#hearing.isSounding
  }

  /** Calls `listener` for everything that happens from now on. @returns how to stop that */
  listen(listener: (event: PhoneEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The next event of a type that `fits`. @throws SwitchroomError WRONG_STATE when the call ends before it */
  next<Type extends PhoneEvent['type']>(
    type: Type,
    fits: (event: PhoneEventOf<Type>) => boolean = () => true,
  ): Promise<PhoneEventOf<Type>> {
    const isWanted = (event: PhoneEvent): event is PhoneEventOf<Type> => event.type === type
    return new Promise((resolve, reject) => {
      if (this.#state === 'ended') return reject(this.#over(type))
      const stop = this.listen((event) => {
        if (isWanted(event) && fits(event)) resolve(event)
        else if (event.type === 'ended') reject(this.#over(type))
        else return
        stop()
      })
    })
  }

  /** Answers an incoming call; resolves when audio can flow. */
  async answer(): Promise<void> {
    void this.#command({ type: 'answer' })
    await this.answered
  }

  /** Declines an incoming call; resolves when it is over. */
  async reject(cause: RejectCause = 'rejected'): Promise<PhoneCallEnd> {
    void this.#command({ type: 'reject', cause })
    return this.ended
  }

  /** Ends the call in whatever state it is; resolves when it is over. */
  async hangUp(): Promise<PhoneCallEnd> {
    if (this.#state !== 'ended') void this.#command({ type: 'hangup' })
    return this.ended
  }

  /** Presses keys; resolves after the last. @throws SwitchroomError when the far end takes none */
  async press(digits: string): Promise<void> {
    await this.#done(this.#command({ type: 'digits.send', digits }))
  }

  /** Plays a WAV file to the far end; resolves at its end, or at the end of the call. */
  async play(file: string): Promise<void> {
    await this.#done(this.#command({ type: 'play', items: [{ file }], interruptible: false }))
  }

  /** Plays a WAV file to the far end round and round; resolves when it has begun. */
  async playAgainAndAgain(file: string): Promise<void> {
    await this.#done(this.#command({ type: 'music.start', file }))
  }

  /** Records what is heard into a WAV file. */
  record(file: string): PhoneRecording {
    const command = this.#command({ type: 'record.start', file, maxMs: 24 * 3_600_000 })
    const ended = this.#done(command).then((event) => {
      if (event?.type !== 'call.recorded') throw this.#over('recorded')
      return { durationMs: event.durationMs }
    })
    ended.catch(() => undefined)
    const stop = async (): Promise<void> => {
      if (this.#state !== 'ended') void this.#command({ type: 'record.stop' })
      await ended
    }
    return { file, ended, stop }
  }

  /** An event of the backend for this call. */
  receive(event: CallEvent): void {
    switch (event.type) {
      case 'call.progress':
        return event.kind === 'ringing' ? this.#tell({ type: 'ringing' }) : undefined
      case 'call.answered':
        this.#state = 'answered'
        this.#settle(event.command, event)
        this.#tell({ type: 'answered' })
        return this.#answered.resolve()
      case 'call.digit':
        return this.#tell({ type: 'digit', digit: event.digit })
      case 'call.media-lost':
        return this.#tell({ type: 'media-lost', silentMs: event.silentMs })
      case 'call.media-back':
        return this.#tell({ type: 'media-back' })
      case 'call.played':
      case 'call.recorded':
      case 'command.done':
      case 'command.failed':
        return this.#settle(event.command, event)
      case 'call.ended':
        return this.#end(event)
    }
  }

  /** @param dbov loudness of what was heard up to `now` */
  level(dbov: number, now: number): void {
    if (this.#state === 'answered') this.#hearing.add(dbov, now)
  }

  /** The far end has said who is there now. */
  connected(party: Party): void {
    this.#tell({ type: 'connected', party })
  }

  #end({ cause, by, status, media }: Extract<CallEvent, { type: 'call.ended' }>): void {
    const end = { cause, by, ...(status !== undefined && { status }), ...(media && { media }) }
    this.#state = 'ended'
    for (const command of this.#commands.keys()) this.#settle(command, undefined)
    this.#answered.reject(
      new SwitchroomError(
        'WRONG_STATE',
        `the call was not answered: ${cause}${status === undefined ? '' : ` (${status})`}`,
      ),
    )
    this.#tell({ type: 'ended', ...end })
    this.#ended.resolve(end)
  }

  #command(command: Without<'id' | 'call', CallCommand>): Promise<CallEvent | undefined> {
    const id = `${this.id}-${++this.#count}`
    return new Promise((resolve) => {
      this.#commands.set(id, { resolve })
      this.#execute({ ...command, id, call: this.id })
    })
  }

  /** The end of a command; undefined when the call ended first. @throws SwitchroomError when it failed */
  async #done(ending: Promise<CallEvent | undefined>): Promise<CallEvent | undefined> {
    const event = await ending
    if (event?.type !== 'command.failed') return event
    throw new SwitchroomError(
      event.reason === 'missing-file' ? 'PROMPT_MISSING' : 'WRONG_STATE',
      event.detail,
    )
  }

  #settle(command: string, event: CallEvent | undefined): void {
    this.#commands.get(command)?.resolve(event)
    this.#commands.delete(command)
  }

  #over(wanted: string): SwitchroomError {
    return new SwitchroomError('WRONG_STATE', `the call ended before: ${wanted}`)
  }

  #tell(event: PhoneEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
