import type { FlowNode } from '../flow.ts'
import type { FlowInput } from '../inputs.ts'
import type { Turn } from '../turn.ts'

/** What a type of node does. The node's state is the turn's `activity`, fresh at each entry. */
export interface NodeType<Node extends FlowNode> {
  /** Whether the call has to be answered before the node is entered. */
  talks(node: Node): boolean
  /** The call has come to the node. */
  enter(node: Node, turn: Turn): void
  /** Something happened that the node waits for, or a key was pressed (it is in the turn's digits already). */
  receive(node: Node, input: FlowInput, turn: Turn): void
  /** Whether this key has a meaning of its own at the node. */
  wants?(node: Node, digit: string): boolean
}
