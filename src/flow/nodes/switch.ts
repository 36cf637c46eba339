import { ExpressionFault, evaluate } from '../evaluate.ts'
import type { SwitchNode } from '../flow.ts'
import type { NodeType } from './node-type.ts'

/** Goes to the first case that is true. */
export const switchNode: NodeType<SwitchNode> = {
  talks: () => false,

  enter(node, turn) {
    const chosen = node.cases.find(({ when }) => {
      const value = evaluate(when, turn.context)
      if (typeof value === 'boolean') return value
      throw new ExpressionFault(`${when.source}: expected true or false`)
    })
    turn.goto(chosen?.next ?? node.otherwise)
  },

  receive() {},
}
