import type { MenuNode } from '../flow.ts'
import { type Asker, ask, askAgain, hear } from './asking.ts'
import type { NodeType } from './node-type.ts'

const asker: Asker<MenuNode> = {
  take(node, turn) {
    const digit = turn.takeDigit() ?? ''
    const chosen = node.choices[digit]
    if (chosen === undefined) askAgain(node, turn, 'noMatch')
    else turn.goto(chosen)
  },
  timedOut: (node, turn) => askAgain(node, turn, 'noInput'),
}

/** Asks for one key and goes where it leads. */
export const menu: NodeType<MenuNode> = {
  talks: () => true,
  enter: (node, turn) => ask(asker, node, turn),
  receive: (node, input, turn) => hear(asker, node, input, turn),
  wants: (node, digit) => node.choices[digit] !== undefined,
}
