import type { HangupNode } from '../flow.ts'
import type { NodeType } from './node-type.ts'

/** Ends the call; one that was never answered is refused, unless the node has something to say or answers anyway. */
export const hangup: NodeType<HangupNode> = {
  talks: (node) => node.prompt.length > 0 || node.answer,

  enter(node, turn) {
    if (!turn.play(turn.render(node.prompt), false)) turn.hangUp(turn.state.outcome)
  },

  receive(_node, input, turn) {
    if (input.type === 'play.failed') turn.fault('prompt', input.detail)
    if (input.type === 'played' || input.type === 'play.failed') turn.hangUp(turn.state.outcome)
  },
}
