import type { FlowEffect } from './effects.ts'
import { ExpressionFault } from './evaluate.ts'
import type { Flow } from './flow.ts'
import type { FlowInput } from './inputs.ts'
import { enter, receive, talks, wants } from './nodes/nodes.ts'
import { type FlowStart, type FlowState, initialState } from './state.ts'
import { Turn } from './turn.ts'

/** The state after an input, and what is to be done now. */
export type Step = readonly [state: FlowState, effects: readonly FlowEffect[]]

/** So many nodes in a row without anything that takes time, and the call is in a circle. */
const maxHops = 50

/**
 * Begins a flow for one call. Pure: the same flow and start give the same step, and nothing happens but what
 * the effects ask for.
 */
export function begin(flow: Flow, start: FlowStart): Step {
  const turn = new Turn(flow, initialState(flow, start))
  return take(turn, () => {
    for (const [name, value] of Object.entries(start.variables ?? {})) setFromPlan(turn, name, value)
    turn.goto(flow.start)
  })
}

/**
 * Tells a flow what has happened. Inputs that answer nothing that is being waited for (a play that was cut, a
 * timer that was stopped) change nothing; after `ended` or a hang-up nothing does.
 *
 * @param flow the version that the state began with
 */
export function step(flow: Flow, state: FlowState, input: FlowInput): Step {
  if (state.phase === 'ended') return [state, []]
  const turn = new Turn(flow, state)
  return take(turn, () => {
    if (input.type === 'ended') end(turn)
    else if (state.phase === 'answering') hearUnanswered(turn, input)
    else if (input.type === 'digit') hearDigit(turn, input)
    else if (isAwaited(turn, input)) {
      if (takesTime(input)) turn.update({ hops: 0, stray: null })
      receive(turn, input)
    }
  })
}

/** Runs the work of one input, and then every node that it leads to until one waits. */
function take(turn: Turn, work: () => void): Step {
  guard(turn, work)
  for (let node = turn.takeNext(); node !== undefined; node = turn.takeNext()) {
    const target = node
    guard(turn, () => enterNode(turn, target))
  }
  return [turn.state, turn.effects]
}

/** An expression that fails is a fault of the flow, not of the program. */
function guard(turn: Turn, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error
    turn.fail('expression', error.message)
  }
}

function enterNode(turn: Turn, node: string): void {
  turn.update({ node, hops: turn.state.hops + 1 })
  turn.effect({ type: 'entered', node })
  if (turn.state.hops > maxHops) {
    turn.fault('loop', `${maxHops} nodes in a row without waiting for anything`)
    turn.failFlow()
  } else if (!turn.state.answered && talks(turn)) {
    turn.update({ phase: 'answering' })
    turn.effect({ type: 'answer' })
  } else enter(turn)
}

function hearUnanswered(turn: Turn, input: FlowInput): void {
  if (input.type === 'digit') turn.pressed(input.digit)
  if (input.type !== 'answered') return
  turn.update({ phase: 'running', answered: true, hops: 0 })
  enter(turn)
}

/**
 * A key that arrives right after an entry that was complete without it ends that entry once more: it is not
 * meant for the next node, whose prompt it has cut at the backend.
 */
function hearDigit(turn: Turn, input: Extract<FlowInput, { type: 'digit' }>): void {
  const isStray = turn.state.stray === input.digit && !wants(turn, input.digit)
  turn.update({ stray: null, hops: 0 })
  if (!isStray) {
    turn.pressed(input.digit)
    return receive(turn, input)
  }
  const { play } = turn.activity
  if (play?.interruptible) turn.play(play.parts, true)
}

/** Whether the input answers what the node is waiting for; what is over is forgotten. */
function isAwaited(turn: Turn, input: FlowInput): boolean {
  const { play, timer, clocks, request, recording } = turn.activity
  switch (input.type) {
    case 'played':
    case 'play.failed':
      if (play?.id !== input.play) return false
      turn.act({ play: null })
      return true
    case 'timer':
      if (timer !== input.timer) return Object.values(clocks).includes(input.timer)
      turn.act({ timer: null })
      return true
    case 'schedule.checked':
    case 'customer.found':
    case 'transfer.ended':
    case 'queue.status':
    case 'callback.refused':
      if (request !== input.request) return false
      turn.act({ request: null })
      return true
    case 'recorded':
    case 'record.failed':
      if (recording !== input.recording) return false
      turn.act({ recording: null })
      return true
    case 'queue.connected':
    case 'queue.returned':
    case 'queue.left':
      return true
    default:
      return false
  }
}

/** Whether an input shows that time goes by, so that a circle through it is no runaway. */
function takesTime(input: FlowInput): boolean {
  switch (input.type) {
    case 'play.failed':
    case 'record.failed':
    case 'schedule.checked':
    case 'customer.found':
    case 'queue.status':
    case 'callback.refused':
      return false
    case 'transfer.ended':
      return input.result !== 'failed'
    case 'queue.left':
      return input.reason === 'done' || input.reason === 'left' || input.reason === 'callback'
    default:
      return true
  }
}

/** The caller is gone: only timers have to be told. */
function end(turn: Turn): void {
  turn.stopTimers()
  turn.update({ phase: 'ended', digits: '' })
}

function setFromPlan(turn: Turn, name: string, value: string | number | boolean): void {
  const variable = Object.hasOwn(turn.flow.variables, name) ? turn.flow.variables[name] : undefined
  if (variable?.type === typeof value) return turn.set(name, value)
  const expected = variable ? `which is of type ${variable.type}` : 'which is no variable of this flow'
  turn.fault('expression', `the number plan sets ${name}, ${expected}`)
}
