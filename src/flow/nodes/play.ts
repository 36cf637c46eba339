import type { PlayNode } from '../flow.ts'
import type { NodeType } from './node-type.ts'

/** Plays a prompt. Keys pressed meanwhile stay for the next node; a caller who has pressed ahead hears nothing. */
export const play: NodeType<PlayNode> = {
  talks: () => true,

  enter(node, turn) {
    if (node.flush) turn.flush()
    const skipped = node.interruptible && turn.state.digits !== ''
    if (skipped || !turn.play(turn.render(node.prompt), node.interruptible)) turn.goto(node.next)
  },

  receive(node, input, turn) {
    if (input.type === 'played' || (input.type === 'digit' && node.interruptible)) turn.goto(node.next)
    else if (input.type === 'play.failed') turn.fail('prompt', input.detail)
  },
}
