import type { QueueNode } from '../flow.ts'
import { noQueue } from '../state.ts'
import type { Turn } from '../turn.ts'
import type { NodeType } from './node-type.ts'
import {
  arrangeCallback,
  callbackKey,
  callbackPrompted,
  callbackRefused,
  callbackUnanswered,
  isArranging,
} from './queue-callback.ts'
import { leave, left } from './queue-exits.ts'
import {
  announce,
  beginTreatment,
  clockOver,
  rendered,
  resumeTreatment,
  saidAll,
  treat,
} from './queue-treatment.ts'

/**
 * Waits for an agent. The caller has a place in the queue from the first moment, whatever is said meanwhile; an agent
 * who answers cuts it all. Stages: `waiting`; those of arranging a call back, still in the queue; `leaving` (asked to
 * be let out); `connected`.
 */
export const queue: NodeType<QueueNode> = {
  talks: () => true,

  enter(node, turn) {
    // Keys pressed ahead were meant for a menu: they must not throw the caller out of the queue.
    turn.flush()
    turn.update({ queue: noQueue })
    const prompt = rendered(node.prompt, turn)
    const agent = node.agent === undefined ? '' : turn.text(node.agent)
    turn.effect({
      type: 'queue.join',
      queue: turn.text(node.queue),
      skills: requirement(node, turn),
      ...(agent !== '' && { agent }),
      priority: Math.min(10, Math.max(1, turn.whole(node.priority))),
      language: turn.state.language,
    })
    turn.act({ stage: 'waiting' })
    const opening = turn.play(prompt, false)
    if (node.timeoutMs !== undefined) turn.startTimer(node.timeoutMs)
    beginTreatment(node, turn, opening)
  },

  receive(node, input, turn) {
    switch (input.type) {
      case 'digit':
        return pressed(node, turn)
      case 'play.failed':
        turn.fault('prompt', input.detail)
        return played(node, turn)
      case 'played':
        return played(node, turn)
      case 'timer':
        return timeIsUp(node, input.timer, turn)
      case 'queue.status':
        return announce(node, input, turn)
      case 'callback.refused':
        return callbackRefused(node, input.reason, turn)
      case 'queue.connected':
        return connected(turn)
      case 'queue.returned':
        turn.act({ stage: 'waiting' })
        if (node.timeoutMs !== undefined) turn.startTimer(node.timeoutMs)
        return resumeTreatment(node, turn)
      case 'queue.left':
        return left(node, input, turn)
      default:
    }
  },

  wants: ({ keys, callback }, digit) => (keys[digit] ?? keys['any']) !== undefined || callback?.key === digit,
}

/** Levels below 1 ask for nothing; above 10 nobody could serve. */
function requirement(node: QueueNode, turn: Turn): Record<string, number> {
  const skills: Record<string, number> = {}
  for (const { skill, level } of node.skills) {
    const lowest = Math.min(10, turn.whole(level))
    if (lowest >= 1) skills[turn.text(skill)] = lowest
  }
  return skills
}

function pressed(node: QueueNode, turn: Turn): void {
  const digit = turn.takeDigit() ?? ''
  turn.flush()
  if (isArranging(turn)) return callbackKey(node, digit, turn)
  if (turn.activity.stage !== 'waiting') return
  if (digit === node.callback?.key) return arrangeCallback(node, turn)
  const exit = node.keys[digit] ?? node.keys['any']
  if (exit !== undefined) leave('key', exit, turn, digit)
}

function played(node: QueueNode, turn: Turn): void {
  if (isArranging(turn)) callbackPrompted(turn)
  else saidAll(node, turn)
}

function timeIsUp(node: QueueNode, timer: string, turn: Turn): void {
  const purpose = turn.takeClock(timer)
  if (purpose === 'answer') callbackUnanswered(node, turn)
  else if (purpose !== undefined) clockOver(node, purpose, turn)
  // Nobody is thrown out while they type a number: they are about to stop waiting.
  else if (isArranging(turn)) treat(turn, { late: true })
  else leave('timeout', node.exits.timeout, turn)
}

/** What was said stays known: the caller may have to wait again. */
function connected(turn: Turn): void {
  const { treatment } = turn.activity
  turn.stopAll()
  turn.act({ stage: 'connected', treatment: { ...treatment, due: [], opening: false, late: false } })
}
