import type { FlowNode, NodeTypeName } from '../flow.ts'
import type { FlowInput } from '../inputs.ts'
import type { Turn } from '../turn.ts'
import { customer } from './customer.ts'
import { gather } from './gather.ts'
import { hangup } from './hangup.ts'
import { menu } from './menu.ts'
import type { NodeType } from './node-type.ts'
import { play } from './play.ts'
import { queue } from './queue.ts'
import { schedule } from './schedule.ts'
import { set } from './set.ts'
import { switchNode } from './switch.ts'
import { transfer } from './transfer.ts'
import { voicemail } from './voicemail.ts'

/** Every type of node there is. */
const nodeTypes: { readonly [Name in NodeTypeName]: NodeType<Extract<FlowNode, { type: Name }>> } = {
  play,
  menu,
  gather,
  set,
  switch: switchNode,
  schedule,
  customer,
  queue,
  voicemail,
  transfer,
  hangup,
}

export function enter(turn: Turn): void {
  at(turn, (type, node) => type.enter(node, turn))
}

export function receive(turn: Turn, input: FlowInput): void {
  at(turn, (type, node) => type.receive(node, input, turn))
}

/** Whether the present node has to be heard. */
export function talks(turn: Turn): boolean {
  return at(turn, (type, node) => type.talks(node)) ?? false
}

/** Whether a key has a meaning of its own at the present node. */
export function wants(turn: Turn, digit: string): boolean {
  return at(turn, (type, node) => type.wants?.(node, digit)) ?? false
}

/** The node and its type together; a state of another version may name a node that is not there. */
function at<Result>(
  turn: Turn,
  use: <Node extends FlowNode>(type: NodeType<Node>, node: Node) => Result,
): Result | undefined {
  const { node } = turn
  if (node) return use(typeOf(node), node)
  turn.fault('loop', `the flow has no node ${turn.state.node}`)
  turn.hangUp('failed')
  return undefined
}

/** TypeScript does not see that a node's type and its `type` go together; the table's own type says they do. */
function typeOf<Node extends FlowNode>(node: Node): NodeType<Node> {
  return nodeTypes[node.type] as unknown as NodeType<Node>
}
