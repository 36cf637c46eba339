import type { GatherNode, MenuNode, Prompt } from '../flow.ts'
import type { FlowInput } from '../inputs.ts'
import type { Turn } from '../turn.ts'

/**
 * How menu and gather ask: prompt, keys pressed before or meanwhile, time-outs, further attempts. What they do
 * with the keys is theirs.
 */
export interface Asker<Node extends MenuNode | GatherNode> {
  /** Uses the keys that were pressed; there is at least one. */
  take(node: Node, turn: Turn): void
  /** The time for a key is over. */
  timedOut(node: Node, turn: Turn): void
}

/** Asks for the first time. */
export function ask<Node extends MenuNode | GatherNode>(asker: Asker<Node>, node: Node, turn: Turn): void {
  if (node.flush) turn.flush()
  playOrTake(asker, node, node.prompt, turn)
}

/** Asks again, or leaves the node after the last attempt. Keys pressed ahead were meant for another answer. */
export function askAgain<Node extends MenuNode | GatherNode>(
  node: Node,
  turn: Turn,
  because: 'noInput' | 'noMatch',
): void {
  const { attempt } = turn.activity
  turn.flush()
  if (attempt >= node.attempts) return turn.goto(node[because])
  turn.act({ attempt: attempt + 1, entry: '' })
  const reminder = because === 'noInput' ? node.noInputPrompt : node.noMatchPrompt
  if (!turn.play(turn.render([...reminder, ...node.prompt]), node.interruptible))
    turn.startTimer(node.timeoutMs)
}

export function hear<Node extends MenuNode | GatherNode>(
  asker: Asker<Node>,
  node: Node,
  input: FlowInput,
  turn: Turn,
): void {
  switch (input.type) {
    case 'digit':
      if (turn.activity.play && !node.interruptible) return
      turn.stopPlay()
      turn.stopTimer()
      return asker.take(node, turn)
    case 'played':
      if (turn.state.digits !== '') return asker.take(node, turn)
      return turn.startTimer(node.timeoutMs)
    case 'play.failed':
      return turn.fail('prompt', input.detail)
    case 'timer':
      return asker.timedOut(node, turn)
    default:
  }
}

function playOrTake<Node extends MenuNode | GatherNode>(
  asker: Asker<Node>,
  node: Node,
  prompt: Prompt,
  turn: Turn,
): void {
  const pressedAhead = turn.state.digits !== ''
  if (pressedAhead && node.interruptible) asker.take(node, turn)
  else if (turn.play(turn.render(prompt), node.interruptible)) return
  else if (pressedAhead) asker.take(node, turn)
  else turn.startTimer(node.timeoutMs)
}
