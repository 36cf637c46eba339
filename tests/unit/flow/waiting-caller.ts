import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import type { FlowEffect, PromptPart } from '../../../src/flow/effects.ts'
import type { Flow } from '../../../src/flow/flow.ts'
import type { FlowInput } from '../../../src/flow/inputs.ts'
import type { FlowStart } from '../../../src/flow/state.ts'
import { Conversation } from './conversation.ts'

type Status = Omit<Extract<FlowInput, { type: 'queue.status' }>, 'type' | 'request'>
type Left = Extract<FlowInput, { type: 'queue.left' }>['reason']

/** So long lasts each piece of a prompt, milliseconds. */
const PIECE_MS = 2000

/**
 * A caller in a flow on simulated time, in a world that answers at once: what is heard, and when. Two things at once
 * are an error, and so is anything that goes on after an agent has answered.
 */
export class WaitingCaller {
  readonly clock = new SimulatedClock(0)
  readonly call: Conversation
  readonly effects: FlowEffect[] = []
  /** How it stands with the caller, asked at each announcement. */
  status: Status = {}
  /** What the queue says to a call back; with nothing it says nothing yet. */
  callback: 'accepted' | 'bad-number' | 'not-possible' | undefined
  readonly #log: string[] = []
  readonly #timers = new Map<string, () => void>()
  #playing: { readonly play: string; readonly interruptible: boolean; readonly over: () => void } | undefined
  #told = 0

  constructor(flow: Flow, start: Partial<FlowStart> = {}) {
    this.call = new Conversation(flow, start)
    this.#perform(this.call.first)
  }

  /** What has been heard and done since the last look, each with its time: "0:05 music". */
  get log(): readonly string[] {
    const from = this.#told
    this.#told = this.#log.length
    return this.#log.slice(from)
  }

  wait(seconds: number): void {
    this.clock.advance(seconds * 1000)
  }

  /** The first key cuts a prompt that may be cut, as it does at every backend. */
  press(digits: string): void {
    for (const digit of digits) {
      const cut = this.#playing?.interruptible ? this.#playing : undefined
      cut?.over()
      if (cut) this.#playing = undefined
      this.tell({ type: 'digit', digit })
      if (cut) this.tell({ type: 'played', play: cut.play, reason: 'interrupted' })
    }
  }

  agentAnswers(): void {
    this.tell({ type: 'queue.connected', agent: 'ana' })
    if (this.#playing) throw new Error(`${this.#playing.play} goes on although an agent has answered`)
    if (this.#timers.size > 0) throw new Error('timers run although an agent has answered')
  }

  leaves(reason: Left): void {
    this.tell({ type: 'queue.left', reason })
  }

  tell(input: FlowInput): void {
    this.#perform(this.call.tell(input))
  }

  #perform(effects: readonly FlowEffect[]): void {
    for (const effect of effects) {
      this.effects.push(effect)
      this.#do(effect)
    }
  }

  #do(effect: FlowEffect): void {
    switch (effect.type) {
      case 'answer':
        return this.tell({ type: 'answered' })
      case 'play':
        return this.#play(effect)
      case 'play.stop':
        this.#note('cut')
        this.#playing?.over()
        this.#playing = undefined
        return
      case 'music.start':
        if (this.#playing) throw new Error('music over a prompt')
        return this.#note('music')
      case 'timer.start':
        return this.#startTimer(effect.timer, effect.ms)
      case 'timer.stop':
        this.#timers.get(effect.timer)?.()
        this.#timers.delete(effect.timer)
        return
      case 'queue.status':
        return this.tell({ type: 'queue.status', request: effect.request, ...this.status })
      case 'queue.leave':
        return this.leaves('left')
      case 'queue.callback':
        this.#note(`callback ${effect.mode} ${effect.number}`)
        if (this.callback === 'accepted') this.leaves('callback')
        else if (this.callback) {
          this.tell({ type: 'callback.refused', request: effect.request, reason: this.callback })
        }
        return
      case 'fault':
        return this.#note(`fault: ${effect.detail}`)
      case 'entered':
        return this.#note(`at ${effect.node}`)
      case 'hangup':
        return this.#note('hung up')
      default:
    }
  }

  #play({ play, parts, language, interruptible }: Extract<FlowEffect, { type: 'play' }>): void {
    if (this.#playing) throw new Error(`${play} over ${this.#playing.play}`)
    this.#note(`${language === 'en' ? '' : `${language}: `}${parts.map(spoken).join(' ')}`)
    const over = this.clock.after(parts.length * PIECE_MS, () => {
      this.#playing = undefined
      this.tell({ type: 'played', play, reason: 'finished' })
    })
    this.#playing = { play, interruptible, over }
  }

  #startTimer(timer: string, ms: number): void {
    const stop = this.clock.after(ms, () => {
      this.#timers.delete(timer)
      this.tell({ type: 'timer', timer })
    })
    this.#timers.set(timer, stop)
  }

  #note(what: string): void {
    const seconds = Math.floor(this.clock.now() / 1000)
    this.#log.push(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} ${what}`)
  }
}

function spoken(part: PromptPart): string {
  if ('audio' in part) return part.audio
  if ('say' in part) return `"${part.say}"`
  if ('digits' in part) return part.digits
  return 'number' in part ? String(part.number) : `${part.duration / 60}min`
}
