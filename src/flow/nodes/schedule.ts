import type { ScheduleNode } from '../flow.ts'
import type { NodeType } from './node-type.ts'

/** Asks a calendar whether it is open now. */
export const schedule: NodeType<ScheduleNode> = {
  talks: () => false,

  enter(node, turn) {
    const calendar = turn.text(node.calendar)
    turn.act({ stage: calendar })
    turn.effect({ type: 'schedule.check', request: turn.request('schedule'), calendar })
    turn.startTimer(node.timeoutMs)
  },

  receive(node, input, turn) {
    if (input.type === 'schedule.checked') turn.goto(node[input.state])
    else if (input.type === 'timer') {
      turn.fail('schedule', `the calendar ${turn.activity.stage} did not answer within ${node.timeoutMs} ms`)
    }
  },
}
