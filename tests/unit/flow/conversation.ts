import type { FlowEffect } from '../../../src/flow/effects.ts'
import type { Flow } from '../../../src/flow/flow.ts'
import type { FlowInput } from '../../../src/flow/inputs.ts'
import { begin, type Step, step } from '../../../src/flow/interpreter.ts'
import { parseFlow } from '../../../src/flow/parse-flow.ts'
import { formatProblems } from '../../../src/flow/problems.ts'
import type { FlowStart, FlowState } from '../../../src/flow/state.ts'

/** A flow from its nodes (and further top-level keys); throws what the checker says. */
export function flowOf(nodes: string, top = 'languages: [en]'): Flow {
  const body = nodes.replaceAll(/^/gm, '  ')
  const start = /^(\w+):/m.exec(nodes)?.[1] ?? ''
  const { flow, problems } = parseFlow(
    'test.flow.yaml',
    `flow: test\nstart: ${start}\n${top}\nnodes:\n${body}`,
  )
  if (!flow) throw new Error(formatProblems(problems))
  return flow
}

/** One call in a flow. Each method tells the flow one thing and returns what it asks for then. */
export class Conversation {
  state: FlowState
  /** What the flow asked for when the call came in. */
  readonly first: readonly FlowEffect[]
  readonly #flow: Flow

  constructor(flow: Flow, start: Partial<FlowStart> = {}) {
    this.#flow = flow
    ;[this.state, this.first] = begin(flow, { from: '+12025550123', to: '100', anonymous: false, ...start })
  }

  tell(input: FlowInput): readonly FlowEffect[] {
    // What is stored and read back must be the same call.
    const stored: FlowState = JSON.parse(JSON.stringify(this.state))
    const [state, effects]: Step = step(this.#flow, stored, input)
    this.state = state
    return effects
  }

  answered = () => this.tell({ type: 'answered' })
  press = (digits: string) => Array.from(digits).flatMap((digit) => this.tell({ type: 'digit', digit }))
  finished = (play: string) => this.tell({ type: 'played', play, reason: 'finished' })
  timer = (timer: string) => this.tell({ type: 'timer', timer })
  ended = () => this.tell({ type: 'ended' })
}

/** A call that has been answered already, with what the first node asked for. */
export function answered(flow: Flow, start: Partial<FlowStart> = {}): [Conversation, readonly FlowEffect[]] {
  const call = new Conversation(flow, start)
  return [call, call.answered()]
}

/** A play effect, in English and interruptible unless said otherwise. */
export function playing(play: string, audio: string, interruptible = true, language = 'en'): FlowEffect {
  return {
    type: 'play',
    play,
    parts: audio.split(' ').map((name) => ({ audio: name })),
    language,
    interruptible,
  }
}

export const entered = (node: string): FlowEffect => ({ type: 'entered', node })
