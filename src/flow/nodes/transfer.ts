import { ExpressionFault } from '../evaluate.ts'
import type { TransferNode } from '../flow.ts'
import { isTransferTarget } from '../transfer-target.ts'
import type { Turn } from '../turn.ts'
import type { NodeType } from './node-type.ts'

/** Connects the caller to somebody outside. */
export const transfer: NodeType<TransferNode> = {
  talks: () => true,

  enter(node, turn) {
    turn.flush()
    if (!turn.play(turn.render(node.prompt), false)) dial(node, turn)
  },

  receive(node, input, turn) {
    switch (input.type) {
      case 'digit':
        return turn.flush()
      case 'play.failed':
        turn.fault('prompt', input.detail)
        return dial(node, turn)
      case 'played':
        return dial(node, turn)
      case 'transfer.ended':
        return ended(node, input.result, turn)
      default:
    }
  },
}

function dial(node: TransferNode, turn: Turn): void {
  const to = turn.text(node.to)
  if (!isTransferTarget(to)) throw new ExpressionFault('`to` comes to neither a SIP URI nor a number')
  turn.startMusic(node.music)
  turn.effect({ type: 'transfer', request: turn.request('transfer'), to, ringMs: node.ringMs })
}

function ended(node: TransferNode, result: 'completed' | 'busy' | 'no-answer' | 'failed', turn: Turn): void {
  if (result === 'completed') {
    turn.update({ outcome: 'transferred' })
    turn.goto(node.next)
  } else if (result === 'busy' && node.busy !== undefined) turn.goto(node.busy)
  else if (result === 'no-answer' && node.noAnswer !== undefined) turn.goto(node.noAnswer)
  else turn.fail('transfer', result)
}
