import type { GatherNode } from '../flow.ts'
import type { Turn } from '../turn.ts'
import { type Asker, ask, askAgain, hear } from './asking.ts'
import type { NodeType } from './node-type.ts'

const asker: Asker<GatherNode> = {
  take(node, turn) {
    for (let digit = turn.takeDigit(); digit !== undefined; digit = turn.takeDigit()) {
      if (digit === node.terminator) return finish(node, turn)
      turn.act({ entry: turn.activity.entry + digit })
      if (turn.activity.entry.length >= node.maxDigits) return finishFull(node, turn)
    }
    turn.startTimer(node.digitTimeoutMs)
  },

  timedOut(node, turn) {
    if (turn.activity.entry === '') askAgain(node, turn, 'noInput')
    else finish(node, turn)
  },
}

/** Asks for several digits and puts them into a variable. */
export const gather: NodeType<GatherNode> = {
  talks: () => true,
  enter: (node, turn) => ask(asker, node, turn),
  receive: (node, input, turn) => hear(asker, node, input, turn),
}

/** The last digit ends the entry; callers press the terminator out of habit all the same. */
function finishFull(node: GatherNode, turn: Turn): void {
  const { terminator = null } = node
  if (terminator !== null && turn.state.digits.startsWith(terminator)) turn.takeDigit()
  else turn.update({ stray: terminator })
  finish(node, turn)
}

function finish(node: GatherNode, turn: Turn): void {
  const { entry } = turn.activity
  const isNumber = turn.flow.variables[node.variable]?.type === 'number'
  if (
    !fits(node, entry) ||
    (isNumber && !/^[0-9]+$/.test(entry)) ||
    !Number.isSafeInteger(isNumber ? Number(entry) : 0)
  ) {
    return askAgain(node, turn, 'noMatch')
  }
  turn.set(node.variable, isNumber ? Number(entry) : entry)
  turn.goto(node.next)
}

function fits({ minDigits, pattern }: GatherNode, entry: string): boolean {
  return entry.length >= minDigits && (pattern === undefined || new RegExp(`^(?:${pattern})$`).test(entry))
}
