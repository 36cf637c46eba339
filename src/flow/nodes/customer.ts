import type { CustomerNode } from '../flow.ts'
import type { CustomerFacts } from '../inputs.ts'
import type { Turn } from '../turn.ts'
import type { NodeType } from './node-type.ts'

/** Looks the customer up. A look-up that finds nobody leaves the customer as it was. */
export const customer: NodeType<CustomerNode> = {
  talks: () => false,

  enter(node, turn) {
    const value = node.value === undefined ? turn.state.call.from : turn.text(node.value)
    if (value === '') return turn.goto(node.none)
    turn.effect({
      type: 'customer.find',
      request: turn.request('customer'),
      by: node.find,
      ...(node.find !== 'caller' && { value }),
    })
    turn.startTimer(node.timeoutMs)
  },

  receive(node, input, turn) {
    if (input.type === 'timer') {
      turn.fail('customer', `no answer within ${node.timeoutMs} ms`, node.failed)
    } else if (input.type === 'customer.found') {
      const { candidates, failed } = input
      const [only, ...others] = candidates
      if (failed !== undefined) turn.fail('customer', failed, node.failed)
      else if (only === undefined) turn.goto(node.none)
      else if (others.length > 0) turn.goto(node.several)
      else {
        choose(only, turn)
        turn.goto(node.found)
      }
    }
  },
}

function choose({ id, name, tier, language, owner, account }: CustomerFacts, turn: Turn): void {
  turn.update({
    customer: { id, name, tier, language: language ?? null, owner: owner ?? null, account: account ?? null },
  })
  turn.effect({ type: 'customer.chosen', customer: id })
}
