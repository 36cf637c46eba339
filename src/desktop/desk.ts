import type { LiveMessage } from '../api/contract/index.ts'
import { type Reply, reply } from './state/answers.ts'
import type { DeskState } from './state/desk-state.ts'
import { type Gesture, gesture } from './state/gestures.ts'
import { receive } from './state/live.ts'

/**
 * The desk as a pure function: what it shows now and what happens give what it shows next. It is fed by the live
 * events of the server, by the answers to requests, and by what the agent does; it touches neither the network nor
 * the page, and is told the time.
 */
export type DeskInput =
  | {
      readonly type: 'live'
      readonly message: LiveMessage
      /** The browser's clock, milliseconds since 1970. */
      readonly receivedAt: number
      /** Whether the agent is writing at this moment: then nothing is taken from under their hands. */
      readonly typing: boolean
    }
  | Reply
  | Gesture

export function reduce(state: DeskState, input: DeskInput): DeskState {
  switch (input.type) {
    case 'live':
      return receive(state, input.message, input.receivedAt, input.typing)
    case 'asked':
    case 'answered':
    case 'refused':
      return reply(state, input)
    default:
      return gesture(state, input)
  }
}
