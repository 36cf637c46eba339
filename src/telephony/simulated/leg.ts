import type { CallId, CommandId } from '../../call/call.ts'
import type { CallCommand, PlayItem } from '../../call/commands.ts'
import type { CallEvent, CommandFailure, RecordingEnd } from '../../call/events.ts'
import type { Cancel, Clock } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import type { Ending } from '../endings.ts'
import { Hearing } from './hearing.ts'
import { Recording } from './recording.ts'

/** What all legs share. */
export interface LegSurroundings {
  readonly clock: Clock
  /** How long the far end must be silent to count as lost, milliseconds. */
  readonly mediaLostAfterMs: number
  /** Reports the event soon, after those before it; never at once. */
  emit(event: CallEvent): void
  /** The leg is over: forget it. */
  forget(leg: Leg): void
}

/** A key held and the gap after it, milliseconds, as `digits.send` says. */
const KEY_MS = 170

/** One simulated call: where it stands, what its far end hears, and what it owes to whoever commands. */
export class Leg {
  readonly call: CallId
  readonly direction: 'inbound' | 'outbound'
  readonly hearing: Hearing
  /** Keys that we sent to the far end. */
  keysReceived = ''
  state: 'new' | 'answered' | 'ended' = 'new'
  bridgedWith: Leg | undefined
  /** By `hold`. */
  held = false
  /** Told to the far end when the leg is over, whoever ended it. */
  onEnd: () => void = () => undefined
  readonly #around: LegSurroundings
  readonly #timers = new Set<Cancel>()
  #recording: Recording | undefined
  #keysSentUntil = 0
  #lossTimer: Cancel | undefined
  #lost = false
  #holdsUs = false

  constructor(around: LegSurroundings, direction: 'inbound' | 'outbound', call: CallId) {
    this.#around = around
    this.direction = direction
    this.call = call
    this.hearing = new Hearing(around.clock, (command, reason) => {
      around.emit({ type: 'call.played', call, command, reason })
    })
  }

  /** Runs `run` after `ms` unless the leg ends before. */
  after(ms: number, run: () => void): Cancel {
    const cancel = this.#around.clock.after(ms, () => {
      this.#timers.delete(cancel)
      run()
    })
    this.#timers.add(cancel)
    return cancel
  }

  emit(event: CallEvent): void {
    this.#around.emit(event)
  }

  done(command: CommandId): void {
    this.emit({ type: 'command.done', call: this.call, command })
  }

  fail(command: CommandId, detail: string, reason: CommandFailure = 'wrong-state'): void {
    this.emit({ type: 'command.failed', call: this.call, command, reason, detail })
  }

  answered(command: CommandId, trunk?: string): void {
    this.state = 'answered'
    this.emit({ type: 'call.answered', call: this.call, command, ...(trunk !== undefined && { trunk }) })
  }

  play(command: CommandId, items: readonly PlayItem[], interruptible: boolean): void {
    try {
      this.hearing.play(command, items, interruptible)
    } catch (error) {
      this.fail(command, messageOf(error), 'missing-file')
    }
  }

  whisper(command: CommandId, items: readonly PlayItem[]): void {
    try {
      this.hearing.whisper(command, items)
    } catch (error) {
      this.fail(command, messageOf(error), 'missing-file')
    }
  }

  startMusic(command: CommandId, file: string): void {
    try {
      this.hearing.startMusic(file)
      this.done(command)
    } catch (error) {
      this.fail(command, messageOf(error), 'missing-file')
    }
  }

  hold(command: CommandId, file: string | undefined): void {
    try {
      this.hearing.hold(file)
    } catch (error) {
      return this.fail(command, messageOf(error), 'missing-file')
    }
    this.held = true
    this.bridgedWith?.hearing.otherHeld(true)
    this.done(command)
  }

  unhold(command: CommandId): void {
    this.held = false
    this.hearing.unhold()
    this.bridgedWith?.hearing.otherHeld(false)
    this.done(command)
  }

  /** The far end puts us on hold, or takes us back. */
  holdUs(holds: boolean): void {
    if (this.#holdsUs === holds) return
    this.#holdsUs = holds
    this.emit({ type: holds ? 'call.held' : 'call.unheld', call: this.call })
  }

  sendKeys(command: CommandId, digits: string): void {
    if (!/^[0-9*#A-D]+$/.test(digits)) {
      return this.fail(command, 'something else than the keys 0-9, *, #, A-D was asked for', 'failed')
    }
    const now = this.#around.clock.now()
    this.#keysSentUntil = Math.max(now, this.#keysSentUntil) + digits.length * KEY_MS
    this.after(this.#keysSentUntil - now, () => {
      this.keysReceived += digits
      this.done(command)
    })
  }

  record(request: Extract<CallCommand, { type: 'record.start' }>): void {
    if (this.#recording) return this.fail(request.id, 'a recording is running already')
    try {
      this.#recording = new Recording(this.#around.clock, request, (reason) => this.endRecording(reason))
    } catch (error) {
      this.fail(request.id, `${request.file} cannot be written: ${messageOf(error)}`, 'failed')
    }
  }

  endRecording(reason: RecordingEnd): void {
    const recording = this.#recording
    if (!recording) return
    this.#recording = undefined
    const { command, file } = recording
    const durationMs = recording.finish()
    this.emit({ type: 'call.recorded', call: this.call, command, file, durationMs, reason })
  }

  /** The far end pressed a key. */
  key(digit: string): void {
    this.emit({ type: 'call.digit', call: this.call, digit, source: 'rtp', durationMs: 0 })
    this.hearing.interrupt()
    if (this.#recording?.stopDigits.includes(digit)) this.endRecording('digit')
    if (this.bridgedWith && !this.held && !this.bridgedWith.held) this.bridgedWith.keysReceived += digit
  }

  /** The far end speaks for so long. */
  speech(ms: number): void {
    this.#recording?.speech(this.#around.clock.now() + ms)
  }

  /** Nothing comes from the far end any more: no speech and no silence either. */
  loseMedia(): void {
    const silentMs = this.#around.mediaLostAfterMs
    this.#lossTimer ??= this.after(silentMs, () => {
      this.#lost = true
      this.emit({ type: 'call.media-lost', call: this.call, silentMs })
    })
  }

  regainMedia(): void {
    this.#lossTimer?.()
    this.#lossTimer = undefined
    if (!this.#lost) return
    this.#lost = false
    this.emit({ type: 'call.media-back', call: this.call })
  }

  bridge(command: CommandId, other: Leg): void {
    this.bridgedWith = other
    other.bridgedWith = this
    this.hearing.join(other.call)
    other.hearing.join(this.call)
    this.emit({ type: 'call.bridged', calls: [this.call, other.call], command })
  }

  unbridge(command?: CommandId): void {
    const other = this.bridgedWith
    if (!other) return
    this.bridgedWith = undefined
    other.bridgedWith = undefined
    this.hearing.part()
    other.hearing.part()
    const calls = [this.call, other.call] as const
    this.emit({ type: 'call.unbridged', calls, ...(command !== undefined && { command }) })
  }

  /** It never came to anything that could be told. */
  drop(): void {
    this.state = 'ended'
    this.#around.forget(this)
  }

  end(ending: Ending): void {
    if (this.state === 'ended') return
    this.unbridge()
    this.hearing.stopAll()
    this.hearing.endWhisper('stopped')
    this.endRecording('hangup')
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
    this.state = 'ended'
    this.#around.forget(this)
    this.emit({ type: 'call.ended', call: this.call, ...ending })
    this.onEnd()
  }
}
