import type { LeftReason, QueueNode, TurnedAway } from '../flow.ts'
import type { FlowInput } from '../inputs.ts'
import type { Turn } from '../turn.ts'

const turnedAway: Readonly<Record<TurnedAway, string>> = {
  unserved: 'nobody can serve the caller',
  closed: 'the queue is closed',
  'nobody-logged-in': 'nobody is logged in',
  'too-many': 'too many callers wait',
  'too-long': 'the wait is too long',
  overflowed: 'the queue has given the caller up',
}

/** Asks to be let out. An agent may connect until the queue has let the caller go. */
export function leave(reason: 'key' | 'timeout', exit: string | undefined, turn: Turn, key = ''): void {
  turn.stopAll()
  noteReason(reason, turn, key)
  turn.act({ stage: 'leaving', exit: exit ?? null })
  turn.effect({ type: 'queue.leave' })
}

/** The caller is out of the queue: goes on where the reason leads. */
export function left(
  { exits }: QueueNode,
  { reason }: Extract<FlowInput, { type: 'queue.left' }>,
  turn: Turn,
): void {
  const { stage, exit } = turn.activity
  if (stage === 'leaving' && exit !== null) return turn.goto(exit)
  const why = reason === 'left' ? 'unserved' : reason
  noteReason(why, turn)
  if (why === 'done' || why === 'callback' || exits[why] !== undefined) turn.goto(exits[why])
  else turn.fail('queue', turnedAway[why])
}

function noteReason(reason: LeftReason, turn: Turn, key = ''): void {
  turn.update({ queue: { ...turn.state.queue, reason, key } })
}
