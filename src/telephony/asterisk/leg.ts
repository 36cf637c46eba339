/**
 * One call as the contract sees it: where it stands, what it owes the one who commands, and the requests to Asterisk
 * that it waits for, one after the other. How a leg of ours comes about is in `outbound.ts`; what it hears is in
 * `player.ts`. Longer than most files because every way in which a call can end meets here.
 */
import type { Logger } from 'pino'
import type { CallId, CommandId, MediaReport } from '../../call/call.ts'
import type { CallCommand, PlayItem, RejectCause } from '../../call/commands.ts'
import type { CallEvent, CommandFailure } from '../../call/events.ts'
import type { Cancel, Clock } from '../../clock/clock.ts'
import { type Ending, hangUpEnding, REFUSALS } from '../endings.ts'
import { AriError, ariErrorOf } from './ari-error.ts'
import { causeOfHangup } from './causes.ts'
import type { AriEvent } from './events.ts'
import type { LineServer } from './line.ts'
import type { MediaServer } from './media-server.ts'
import type { Pair, PairedLine } from './pair.ts'
import { Player } from './player.ts'
import { Recording } from './recording.ts'
import { Whisper } from './whisper.ts'

/** What all legs share. */
export interface LegSurroundings {
  readonly clock: Clock
  readonly logger: Logger
  readonly media: MediaServer
  emit(event: CallEvent): void
  /** The leg is over. */
  forget(): void
}

/** The half of an outbound leg that rings. */
export interface Ringing {
  /** Ends every attempt. */
  cancel(): void
  /** The connection is back: what happened meanwhile was not told. */
  reconcile(channels: ReadonlySet<string>, answered: ReadonlySet<string>): void
}

/** What Asterisk still says of a channel after it left our application comes at once, if at all. */
const LAST_WORD_MS = 500
/** A hang-up that Asterisk does not confirm. */
const HANGUP_MS = 5_000
/** A recording that cannot be fetched does not keep its call. */
const RECORDING_MS = 5_000

/** As `digits.send` says, milliseconds. */
const KEY_ON_MS = 100
const KEY_OFF_MS = 70

export class Leg implements PairedLine {
  readonly call: CallId
  readonly direction: 'inbound' | 'outbound'
  readonly server: LineServer
  readonly player: Player
  channel: string | undefined
  pair: Pair | undefined
  held = false
  /** Set while an outbound leg has not been answered. */
  ringing: Ringing | undefined
  #state: 'new' | 'answered' | 'ending' | 'over' = 'new'
  readonly #around: LegSurroundings
  #asked: Promise<void> = Promise.resolve()
  #recording: Recording | undefined
  #whisper: Whisper | undefined
  #ending: Ending | undefined
  #report: MediaReport | undefined
  /** Q.850, of its hang-up. */
  #cause = 0
  #answering = false
  #finishing = false
  #wasAnswered = false
  #heldByThem = false
  #digitsUntil = 0
  readonly #timers = new Set<Cancel>()

  constructor(around: LegSurroundings, server: LineServer, direction: 'inbound' | 'outbound', call: CallId) {
    this.#around = around
    this.server = server
    this.direction = direction
    this.call = call
    this.player = new Player(this)
  }

  get state(): 'new' | 'answered' | 'ending' | 'over' {
    return this.#state
  }

  get clock(): Clock {
    return this.#around.clock
  }

  get logger(): Logger {
    return this.#around.logger
  }

  get media(): MediaServer {
    return this.#around.media
  }

  get isRecording(): boolean {
    return this.#recording !== undefined
  }

  emit(event: CallEvent): void {
    if (this.#state !== 'over') this.#around.emit(event)
  }

  done(command: CommandId): void {
    this.emit({ type: 'command.done', call: this.call, command })
  }

  /** Once the call is ending, its end is the ending of its commands. */
  fail(command: CommandId, reason: CommandFailure, detail: string): void {
    if (this.#state !== 'ending')
      this.emit({ type: 'command.failed', call: this.call, command, reason, detail })
  }

  after(ms: number, run: () => void): Cancel {
    const cancel = this.clock.after(ms, () => {
      this.#timers.delete(cancel)
      run()
    })
    this.#timers.add(cancel)
    return cancel
  }

  ask(send: (channel: string) => Promise<void>, failed?: (error: AriError) => void): Promise<void> {
    const asked = this.#asked.then(async () => {
      const { channel } = this
      try {
        if (this.#state === 'over' || channel === undefined)
          throw new AriError('gone', 'the call has no channel any more')
        await send(channel)
      } catch (thrown) {
        const error = ariErrorOf(thrown)
        if (failed) failed(error)
        else if (error.kind !== 'gone')
          this.logger.warn({ call: this.call, err: error }, 'request to Asterisk failed')
      }
    })
    this.#asked = asked
    return asked
  }

  idle(): Promise<void> {
    return this.#asked
  }

  /** An inbound call has come in on this channel, or an outbound one was answered on it. */
  own(channel: string): void {
    this.channel = channel
    this.server.own(channel, (event) => this.#receive(event))
  }

  answer(command: CommandId): void {
    if (this.#answering) return this.fail(command, 'wrong-state', 'the call is being answered')
    this.#answering = true
    void this.ask(
      async (channel) => {
        await this.server.ari.answer(channel)
        this.answered(command)
      },
      (error) => {
        this.#answering = false
        this.fail(command, 'failed', error.message)
      },
    )
  }

  /** Audio can flow. @param trunk over which it does */
  answered(command: CommandId, trunk?: string): void {
    if (this.#state !== 'new') return
    this.#state = 'answered'
    this.#wasAnswered = true
    this.ringing = undefined
    this.emit({ type: 'call.answered', call: this.call, command, ...(trunk !== undefined && { trunk }) })
  }

  reject(cause: RejectCause): void {
    const refusal = REFUSALS[cause]
    this.#end({ ...refusal, by: 'local' }, (channel) => this.server.refuse(channel, refusal.status))
  }

  hangUp(ending: Ending = hangUpEnding({ state: this.#state, direction: this.direction })): void {
    const { ringing, direction } = this
    if (ringing) {
      this.#end(ending)
      return ringing.cancel()
    }
    const status = ending.status ?? 480
    this.#end(ending, (channel) =>
      direction === 'inbound' && ending.cause !== 'normal'
        ? this.server.refuse(channel, status)
        : this.server.ari.hangUp(channel),
    )
  }

  #end(ending: Ending, send?: (channel: string) => Promise<void>): void {
    if (this.#state === 'ending' || this.#state === 'over') return
    this.#state = 'ending'
    this.#ending = ending
    this.after(HANGUP_MS, () => this.#abandon(ending))
    if (send)
      void this.ask(send, (error) => {
        // Otherwise it has hung up by itself, and Asterisk tells so.
        if (error.kind === 'unreachable') this.#abandon(ending)
      })
  }

  /** Asterisk does not say that it has hung up: it is asked once more, and again after a reconnect. */
  #abandon(ending: Ending): void {
    if (this.channel !== undefined) this.server.ari.hangUp(this.channel).catch(() => undefined)
    this.finish(ending)
  }

  sendDigits(command: CommandId, digits: string): void {
    if (!/^[0-9*#A-D]+$/.test(digits)) {
      return this.fail(command, 'failed', 'something else than the keys 0-9, *, #, A-D was asked for')
    }
    void this.ask(
      async (channel) => {
        await this.server.ari.sendDigits(channel, digits, KEY_ON_MS, KEY_OFF_MS)
        // Asterisk does not tell when it has sent them.
        const now = this.clock.now()
        this.#digitsUntil = Math.max(now, this.#digitsUntil) + digits.length * (KEY_ON_MS + KEY_OFF_MS)
        this.after(this.#digitsUntil - now, () => this.done(command))
      },
      (error) => this.fail(command, 'failed', error.message),
    )
  }

  record(request: Extract<CallCommand, { type: 'record.start' }>): void {
    this.#recording = new Recording(this, request, () => {
      this.#recording = undefined
    })
  }

  whisper(command: CommandId, items: readonly PlayItem[]): void {
    this.#whisper?.stop()
    const whisper: Whisper = new Whisper(this, command, items, () => {
      if (this.#whisper === whisper) this.#whisper = undefined
    })
    this.#whisper = whisper
  }

  stopRecording(command: CommandId): void {
    if (this.#recording) this.#recording.stop('stopped', () => this.done(command))
    else this.done(command)
  }

  hold(command: CommandId, file: string | undefined): void {
    this.held = true
    this.#whisper?.stop()
    void this.pair?.remove(this)
    this.player.startHold(command, file, () => {
      this.held = false
      void this.pair?.restore(this)
    })
  }

  unhold(command: CommandId): void {
    this.held = false
    this.player.stopHold()
    const restored = this.pair?.restore(this) ?? this.idle()
    void restored.then(() => this.done(command))
  }

  /** The connection is back: what happened meanwhile was not told. */
  async reconcile(channels: ReadonlySet<string>, answered: ReadonlySet<string>): Promise<void> {
    if (this.ringing) return this.ringing.reconcile(channels, answered)
    if (this.channel === undefined || !channels.has(this.channel)) return this.lost()
    this.pair?.reconcile(this)
    await this.player.reconcile()
    await this.#recording?.reconcile()
  }

  /** Asterisk is gone, or has forgotten the call. */
  lost(): void {
    this.finish(this.#ending ?? { cause: 'backend-lost', by: 'network' })
  }

  #receive(event: AriEvent): void {
    switch (event.type) {
      case 'digit':
        return this.#digit(event.digit, event.durationMs)
      case 'joined':
        return this.pair?.entered(this, event.bridge)
      case 'parted':
        return this.pair?.exited(this, event.bridge)
      case 'held':
      case 'unheld':
        return this.#holdsUs(event.type === 'held')
      case 'media':
        this.#report = event.report
        return
      case 'left':
        this.#leaves()
        this.pair?.over(this)
        this.after(LAST_WORD_MS, () => this.#gone(0))
        return
      case 'hangup':
        if (event.cause !== undefined) this.#cause = event.cause
        return this.#leaves()
      case 'destroyed':
        return this.#gone(event.cause)
      default:
    }
  }

  #digit(digit: string, durationMs: number): void {
    if (this.#state !== 'answered') return
    this.emit({ type: 'call.digit', call: this.call, digit, source: 'rtp', durationMs })
    this.player.interrupt()
    this.#recording?.digit(digit)
  }

  #holdsUs(held: boolean): void {
    if (this.#state !== 'answered' || held === this.#heldByThem) return
    this.#heldByThem = held
    this.emit({ type: held ? 'call.held' : 'call.unheld', call: this.call })
  }

  /** It is being hung up; who did it is settled, whatever is commanded from now on. */
  #leaves(): void {
    if (this.#state === 'answered' || this.#state === 'new') this.#state = 'ending'
  }

  /** The channel has gone. @param cause Q.850; 0 where it is not known */
  #gone(cause: number): void {
    if (this.#ending) return this.finish(this.#ending)
    if (this.#wasAnswered) return this.finish(causeOfHangup(cause || this.#cause))
    this.finish({ cause: 'cancelled', by: 'remote' })
  }

  /** The leg is over: a recording is fetched first, then it is told. */
  finish(ending: Ending): void {
    if (this.#finishing) return
    this.#finishing = true
    this.#state = 'ending'
    const recording = this.#recording
    recording?.callEnded()
    if (!recording) return this.#finished(ending)
    const late = this.clock.after(RECORDING_MS, () => this.#finished(ending))
    void recording.ended.then(() => {
      late()
      this.#finished(ending)
    })
  }

  #finished(ending: Ending): void {
    if (this.#state === 'over') return
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
    this.player.end()
    this.#whisper?.forget()
    this.pair?.over(this)
    const report = this.#report
    this.#around.forget()
    this.emit({ type: 'call.ended', call: this.call, ...ending, ...(report && { media: report }) })
    this.#state = 'over'
    if (this.channel !== undefined) this.server.disown(this.channel)
  }
}
