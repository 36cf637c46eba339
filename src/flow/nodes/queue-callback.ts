import type { CallbackOffer, QueueNode } from '../flow.ts'
import type { FlowInput } from '../inputs.ts'
import type { Turn } from '../turn.ts'
import { leave } from './queue-exits.ts'
import { rendered, waitOn } from './queue-treatment.ts'

/**
 * Arranging a call back in place of waiting: the number is read back and confirmed, or typed. The caller stays in the
 * queue all the while, and an agent who answers ends it. Stages: `confirm`, `number` (it is typed), `asked` (the queue
 * has to say whether it can be done).
 */

const ATTEMPTS = 3
/** For a key once the prompt is over, and for the next digit of a number; these are milliseconds. */
const KEY_MS = 5000
const DIGIT_MS = 3000
/** For the queue to say whether it can be done. */
const ANSWER_MS = 5000

type Refused = Extract<FlowInput, { type: 'callback.refused' }>

export function isArranging({ activity: { stage } }: Turn): boolean {
  return stage === 'confirm' || stage === 'number' || stage === 'asked'
}

/** The caller has pressed the key. A withheld number, or one that is no number, has to be typed. */
export function arrangeCallback(node: QueueNode, turn: Turn): void {
  const { from } = turn.state.call
  turn.stopPlay()
  turn.stopClock('pause')
  turn.act({ attempt: 1 })
  if (/^\+?[0-9]{3,15}$/.test(from)) confirm(node, from, turn)
  else askNumber(node, turn)
}

export function callbackKey(node: QueueNode, key: string, turn: Turn): void {
  const { callback } = node
  const { stage } = turn.activity
  if (!callback || stage === 'asked') return
  turn.stopPlay()
  turn.stopClock('answer')
  if (key === '*') giveUp(node, turn)
  else if (stage === 'number') typed(callback, node, key, turn)
  else if (key === '1') request(callback, turn)
  else if (key === '2') askNumber(node, turn)
  else askAgain(node, turn)
}

/** The prompt is over: now the caller has to say something. */
export function callbackPrompted(turn: Turn): void {
  if (turn.activity.stage !== 'asked') turn.startClock('answer', KEY_MS)
}

/** Nothing was pressed in time: ends a number, or is no answer. A queue that does not answer calls nobody back. */
export function callbackUnanswered(node: QueueNode, turn: Turn): void {
  const { callback } = node
  if (turn.activity.stage === 'asked') giveUp(node, turn, true)
  else if (callback && turn.activity.entry !== '') numberTyped(callback, node, turn)
  else askAgain(node, turn)
}

export function callbackRefused(node: QueueNode, reason: Refused['reason'], turn: Turn): void {
  if (turn.activity.stage !== 'asked') return
  turn.stopClock('answer')
  if (reason === 'bad-number' && turn.activity.attempt < ATTEMPTS) {
    turn.act({ attempt: turn.activity.attempt + 1 })
    askNumber(node, turn)
  } else giveUp(node, turn, true)
}

function confirm(node: QueueNode, number: string, turn: Turn): void {
  turn.update({ queue: { ...turn.state.queue, callback: number } })
  turn.act({ stage: 'confirm', entry: '' })
  if (!turn.play(rendered(node.callback?.confirm ?? [], turn), true)) callbackPrompted(turn)
}

function askNumber(node: QueueNode, turn: Turn): void {
  turn.act({ stage: 'number', entry: '' })
  if (!turn.play(rendered(node.callback?.ask ?? [], turn), true)) callbackPrompted(turn)
}

/** Each wrong answer counts, whichever question it was for. */
function askAgain(node: QueueNode, turn: Turn): void {
  const { attempt, stage } = turn.activity
  if (attempt >= ATTEMPTS) return giveUp(node, turn)
  turn.act({ attempt: attempt + 1 })
  if (stage === 'number') askNumber(node, turn)
  else confirm(node, turn.state.queue.callback, turn)
}

function typed(callback: CallbackOffer, node: QueueNode, key: string, turn: Turn): void {
  if (key === '#') return numberTyped(callback, node, turn)
  const entry = turn.activity.entry + key
  turn.act({ entry })
  if (entry.length < callback.maxDigits) return turn.startClock('answer', DIGIT_MS)
  // Callers press # out of habit after a number that was complete without it.
  turn.update({ stray: '#' })
  numberTyped(callback, node, turn)
}

function numberTyped({ minDigits }: CallbackOffer, node: QueueNode, turn: Turn): void {
  const { entry } = turn.activity
  if (entry.length >= minDigits && /^[0-9]+$/.test(entry)) confirm(node, entry, turn)
  else askAgain(node, turn)
}

function request({ mode }: CallbackOffer, turn: Turn): void {
  turn.act({ stage: 'asked' })
  const number = turn.state.queue.callback
  turn.effect({ type: 'queue.callback', request: turn.request('callback'), number, mode })
  turn.startClock('answer', ANSWER_MS)
}

/** Goes on waiting, where the caller has been all the time. */
function giveUp(node: QueueNode, turn: Turn, isRefused = false): void {
  turn.act({ stage: 'waiting', entry: '' })
  turn.update({ queue: { ...turn.state.queue, callback: '' } })
  if (turn.activity.treatment.late) leave('timeout', node.exits.timeout, turn)
  else if (!isRefused || !turn.play(rendered(node.callback?.refused ?? [], turn), false)) waitOn(node, turn)
}
