import type { SetNode } from '../flow.ts'
import type { NodeType } from './node-type.ts'

/** Gives values to variables; all are worked out before the first is changed. */
export const set: NodeType<SetNode> = {
  talks: () => false,

  enter(node, turn) {
    const values = node.values.map(({ name, value }) => [name, turn.value(value)] as const)
    const language = node.language === undefined ? '' : turn.text(node.language)
    for (const [name, value] of values) turn.set(name, value)
    turn.speak(language)
    turn.goto(node.next)
  },

  receive() {},
}
