import type { FaultCode, FlowEffect, FlowOutcome, FlowValue, PromptPart } from './effects.ts'
import { asVariable, evaluateTemplate, evaluateText, evaluateWhole, renderPrompt } from './evaluate.ts'
import type { ExpressionContext, Flow, FlowNode, Prompt, Template } from './flow.ts'
import { type Activity, type FlowState, idle, spokenLanguage } from './state.ts'

/** More keys than this are not remembered. */
const maxTypeAhead = 64

/**
 * One step of one call while it is being worked out: the state so far and the effects so far. States are
 * replaced, never changed, so the state that the step began with stays as it was.
 */
export class Turn {
  readonly flow: Flow
  readonly effects: FlowEffect[] = []
  #state: FlowState
  #next: string | undefined

  constructor(flow: Flow, state: FlowState) {
    this.flow = flow
    this.#state = state
  }

  get state(): FlowState {
    return this.#state
  }

  get activity(): Activity {
    return this.#state.activity
  }

  get node(): FlowNode | undefined {
    return this.flow.nodes[this.#state.node]
  }

  get context(): ExpressionContext {
    return this.#state
  }

  update(change: Partial<FlowState>): void {
    this.#state = { ...this.#state, ...change }
  }

  act(change: Partial<Activity>): void {
    this.update({ activity: { ...this.#state.activity, ...change } })
  }

  effect(effect: FlowEffect): void {
    this.effects.push(effect)
  }

  /** An id that is unique within the call: `play-7`. */
  id(kind: string): string {
    const ids = this.#state.ids + 1
    this.update({ ids })
    return `${kind}-${ids}`
  }

  text(template: Template): string {
    return evaluateText(template, this.context)
  }

  value(template: Template): FlowValue {
    return evaluateTemplate(template, this.context)
  }

  whole(template: Template): number {
    return evaluateWhole(template, this.context)
  }

  render(prompt: Prompt): PromptPart[] {
    return renderPrompt(prompt, this.context)
  }

  /** @returns false when there is nothing to play */
  play(parts: readonly PromptPart[], interruptible: boolean): boolean {
    if (parts.length === 0) return false
    const id = this.id('play')
    this.act({ play: { id, parts, interruptible }, music: false })
    this.effect({ type: 'play', play: id, parts, language: this.#state.language, interruptible })
    return true
  }

  stopPlay(): void {
    const { play } = this.activity
    if (!play) return
    this.act({ play: null })
    this.effect({ type: 'play.stop', play: play.id })
  }

  startMusic(music: string | undefined): void {
    if (music === undefined) return
    this.act({ music: true })
    this.effect({ type: 'music.start', music })
  }

  stopMusic(): void {
    if (!this.activity.music) return
    this.act({ music: false })
    this.effect({ type: 'music.stop' })
  }

  /** The timer of the node; one that runs already is replaced. */
  startTimer(ms: number): void {
    this.stopTimer()
    const timer = this.id('timer')
    this.act({ timer })
    this.effect({ type: 'timer.start', timer, ms })
  }

  stopTimer(): void {
    const { timer } = this.activity
    if (timer === null) return
    this.act({ timer: null })
    this.effect({ type: 'timer.stop', timer })
  }

  /** A timer beside the node's own; one for the same purpose that runs already is replaced. */
  startClock(purpose: string, ms: number): void {
    this.stopClock(purpose)
    const timer = this.id('timer')
    this.act({ clocks: { ...this.activity.clocks, [purpose]: timer } })
    this.effect({ type: 'timer.start', timer, ms })
  }

  stopClock(purpose: string): void {
    const timer = this.activity.clocks[purpose]
    if (timer === undefined) return
    this.#forgetClock(purpose)
    this.effect({ type: 'timer.stop', timer })
  }

  /** The purpose of a clock that has run out; undefined for the node's own timer. */
  takeClock(timer: string): string | undefined {
    const [purpose] = Object.entries(this.activity.clocks).find(([, id]) => id === timer) ?? []
    if (purpose !== undefined) this.#forgetClock(purpose)
    return purpose
  }

  #forgetClock(purpose: string): void {
    const { [purpose]: _, ...clocks } = this.activity.clocks
    this.act({ clocks })
  }

  /** Stops every timer of the node. */
  stopTimers(): void {
    this.stopTimer()
    for (const purpose of Object.keys(this.activity.clocks)) this.stopClock(purpose)
  }

  /** Asks the world; the node's timer bounds the answer. */
  request(kind: string): string {
    const request = this.id(kind)
    this.act({ request })
    return request
  }

  /** Ends everything that goes on at the node. */
  stopAll(): void {
    this.stopPlay()
    this.stopMusic()
    this.stopTimers()
    this.update({ activity: idle })
  }

  flush(): void {
    if (this.#state.digits !== '') this.update({ digits: '' })
  }

  pressed(digit: string): void {
    const { digits } = this.#state
    if (digits.length < maxTypeAhead && /^[0-9*#A-D]$/.test(digit)) this.update({ digits: digits + digit })
  }

  /** Takes the first key that was pressed and not used yet. */
  takeDigit(): string | undefined {
    const [digit] = this.#state.digits
    if (digit !== undefined) this.update({ digits: this.#state.digits.slice(1) })
    return digit
  }

  /** @throws ExpressionFault when the value does not fit the variable */
  set(name: string, value: FlowValue): void {
    const variable = this.flow.variables[name]
    if (!variable) return
    const held = asVariable(value, variable.type, variable.initial)
    this.update({ variables: { ...this.#state.variables, [name]: held } })
    const { secret } = variable
    this.effect({ type: 'set', name, secret, ...(!secret && { value: held }) })
  }

  /** A language that the flow does not speak changes nothing. */
  speak(tag: string): void {
    const language = spokenLanguage(this.flow, tag)
    if (language === undefined || language === this.#state.language) return
    this.update({ language })
    this.effect({ type: 'set', name: 'language', secret: false, value: language })
  }

  /** Leaves the node for another, or for the end. */
  goto(node: string | undefined, outcome: FlowOutcome = this.#state.outcome): void {
    this.stopAll()
    if (node === undefined) this.hangUp(outcome)
    else this.#next = node
  }

  /** The node that was gone to, once. */
  takeNext(): string | undefined {
    const next = this.#next
    this.#next = undefined
    return next
  }

  fault(code: FaultCode, detail: string): void {
    this.effect({ type: 'fault', node: this.#state.node, code, detail })
  }

  /** Goes on at the node's `failed` exit, else once at the flow's own, else ends the call. */
  fail(code: FaultCode, detail: string, exit: string | undefined = failedExit(this.node)): void {
    this.fault(code, detail)
    if (exit !== undefined) this.goto(exit)
    else this.failFlow()
  }

  /** Goes on at the flow's own `failed` exit, once per call, else ends the call. */
  failFlow(): void {
    if (this.#state.rescued || this.flow.failed === undefined) return this.goto(undefined, 'failed')
    this.update({ rescued: true, hops: 0 })
    this.goto(this.flow.failed)
  }

  hangUp(outcome: FlowOutcome): void {
    this.stopAll()
    this.#next = undefined
    this.update({ phase: 'ended', digits: '' })
    this.effect({ type: 'hangup', outcome })
  }
}

function failedExit(node: FlowNode | undefined): string | undefined {
  return node && 'failed' in node ? node.failed : undefined
}
