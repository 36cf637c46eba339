import type { QueueNode } from '../flow.ts'
import type { FlowInput } from '../inputs.ts'
import type { Turn } from '../turn.ts'
import type { NodeType } from './node-type.ts'

/**
 * Waits for an agent. The caller has a place in the queue from the first moment, while the prompt plays; an
 * agent who answers cuts prompt and music. Stages: `waiting`, `leaving` (asked to be let out), `connected`.
 */
export const queue: NodeType<QueueNode> = {
  talks: () => true,

  enter(node, turn) {
    // Keys pressed ahead were meant for a menu: they must not throw the caller out of the queue.
    turn.flush()
    const prompt = turn.render(node.prompt)
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
    if (!turn.play(prompt, false)) turn.startMusic(node.music)
    if (node.timeoutMs !== undefined) turn.startTimer(node.timeoutMs)
  },

  receive(node, input, turn) {
    switch (input.type) {
      case 'digit':
        return pressed(node, turn)
      case 'play.failed':
        turn.fault('prompt', input.detail)
        return turn.startMusic(node.music)
      case 'played':
        return turn.startMusic(node.music)
      case 'timer':
        return leave(node.timedOut, turn)
      case 'queue.connected':
        turn.stopAll()
        return turn.act({ stage: 'connected' })
      case 'queue.returned':
        turn.act({ stage: 'waiting' })
        if (node.timeoutMs !== undefined) turn.startTimer(node.timeoutMs)
        return turn.startMusic(node.music)
      case 'queue.left':
        return left(node, input, turn)
      default:
    }
  },

  wants: (node, digit) => (node.keys[digit] ?? node.keys['any']) !== undefined,
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
  const exit = node.keys[digit] ?? node.keys['any']
  if (turn.activity.stage === 'waiting' && exit !== undefined) leave(exit, turn)
}

/** An agent may connect until the queue has let the caller go. */
function leave(exit: string | undefined, turn: Turn): void {
  turn.stopAll()
  turn.act({ stage: 'leaving', exit: exit ?? null })
  turn.effect({ type: 'queue.leave' })
}

function left(node: QueueNode, { reason }: Extract<FlowInput, { type: 'queue.left' }>, turn: Turn): void {
  const { stage, exit } = turn.activity
  if (stage === 'leaving' && exit !== null) turn.goto(exit)
  else if (reason === 'done') turn.goto(node.next)
  else if (node.unserved !== undefined) turn.goto(node.unserved)
  else turn.fail('queue', 'nobody can serve the caller')
}
