import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { FlowEffect } from '../../../src/flow/effects.ts'
import type { FlowInput } from '../../../src/flow/inputs.ts'
import { begin, step } from '../../../src/flow/interpreter.ts'
import { parseFlow } from '../../../src/flow/parse-flow.ts'
import type { FlowState } from '../../../src/flow/state.ts'

const { flow } = parseFlow(
  'sample.flow.yaml',
  readFileSync(join(import.meta.dirname, 'sample.flow.yaml'), 'utf8'),
)
if (!flow) throw new Error('the sample has faults')

/** What the world may do next: most of it answers what the flow waits for, some of it is stale or absurd. */
const move = fc.record({
  kind: fc.nat({ max: 99 }),
  absurd: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
  digit: fc.constantFrom('0', '1', '2', '4', '9', '*', '#'),
  pick: fc.nat({ max: 5 }),
})
type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never

const leftBecause = ['left', 'done', 'unserved', 'too-many', 'closed', 'callback'] as const
const waits = [
  { says: 'between', fromMs: 60_000, upToMs: 240_000 },
  { says: 'between', fromMs: 0, upToMs: 60_000 },
  { says: 'longer-than-expected' },
  { says: 'more-than', fromMs: 3_600_000 },
] as const

function inputFor(state: FlowState, { kind, absurd, digit, pick }: Move): FlowInput {
  const { play, timer, clocks, request, recording } = state.activity
  const node = flow?.nodes[state.node]?.type
  const candidates = Array.from({ length: pick % 3 }, (_, n) => ({
    id: `c${n}`,
    name: 'Ann',
    tier: pick === 1 ? 'key' : 'standard',
    ...(pick > 2 && { owner: 'ana', language: 'es' }),
  }))
  const press: FlowInput = { type: 'digit', digit }
  const inputs: readonly (readonly [awaited: boolean, input: FlowInput])[] = [
    [state.phase === 'answering', { type: 'answered' }],
    [node === 'menu' || node === 'gather', press],
    [node === 'gather', press],
    [node === 'gather', press],
    [pick === 0, press],
    [play !== null, { type: 'played', play: play?.id ?? 'old-1', reason: 'finished' }],
    [play !== null, { type: 'played', play: play?.id ?? 'old-2', reason: 'interrupted' }],
    [pick === 0, { type: 'play.failed', play: play?.id ?? 'old-3', detail: 'missing' }],
    [timer !== null && pick < 2, { type: 'timer', timer: timer ?? 'old-4' }],
    ...Object.values(clocks).map((clock) => [true, { type: 'timer', timer: clock }] as const),
    [
      node === 'schedule',
      {
        type: 'schedule.checked',
        request: request ?? 'old-5',
        state: pick < 4 ? 'open' : pick === 4 ? 'closed' : 'emergency',
      },
    ],
    [
      node === 'customer',
      {
        type: 'customer.found',
        request: request ?? 'old-6',
        candidates,
        ...(pick === 5 && { failed: 'no database' }),
      },
    ],
    [node === 'queue' && pick === 0, { type: 'queue.connected', agent: 'ana' }],
    [node === 'queue' && pick === 1, { type: 'queue.returned' }],
    [node === 'queue' && digit === '0', { type: 'queue.left', reason: leftBecause[pick] ?? 'left' }],
    [node === 'queue', { type: 'digit', digit: pick < 4 ? '2' : digit }],
    [
      node === 'queue' && request !== null,
      {
        type: 'queue.status',
        request: request ?? 'old-10',
        position: pick + 1,
        wait: waits[pick] ?? waits[0],
      },
    ],
    [
      node === 'queue' && request !== null,
      {
        type: 'callback.refused',
        request: request ?? 'old-11',
        reason: pick < 3 ? 'bad-number' : 'not-possible',
      },
    ],
    [
      recording !== null,
      {
        type: 'recorded',
        recording: recording ?? 'old-7',
        durationMs: pick * 1000,
        reason: pick < 3 ? 'digit' : 'silence',
      },
    ],
    [pick === 1, { type: 'record.failed', recording: recording ?? 'old-8', detail: 'disk full' }],
    [
      node === 'transfer',
      { type: 'transfer.ended', request: request ?? 'old-9', result: pick < 3 ? 'busy' : 'completed' },
    ],
  ]
  const possible = absurd ? inputs : inputs.filter(([awaited]) => awaited)
  return possible[kind % Math.max(1, possible.length)]?.[1] ?? press
}

/** Runs moves against the sample; returns each step's effects. */
function play(moves: readonly Move[]): { steps: (readonly FlowEffect[])[]; states: FlowState[] } {
  let [state, effects] = begin(flow!, { from: '+12025550123', to: '100', anonymous: moves.length % 5 === 0 })
  const steps = [effects]
  const states = [state]
  for (const next of moves) {
    const before = JSON.stringify(state)
    const [after, then] = step(flow!, state, inputFor(state, next))
    expect(JSON.stringify(state), 'the state before is untouched').toBe(before)
    ;[state, effects] = [after, then]
    steps.push(effects)
    states.push(state)
  }
  return { steps, states }
}

const calls = fc.array(move, { maxLength: 120, minLength: 30 })

it('never throws, makes each id once, balances what it starts, and says nothing after its end', () => {
  let reached = new Set<string>()
  fc.assert(
    fc.property(calls, (moves) => {
      const { steps, states } = play(moves)
      const ids: string[] = []
      const timers = new Set<string>()
      let queued = false
      let speaking: string | undefined
      let over = false
      for (const effect of steps.flat()) {
        expect(over, 'nothing follows a hang-up').toBe(false)
        if (effect.type === 'hangup') over = true
        if (effect.type === 'entered') reached = reached.add(effect.node)
        if (effect.type === 'play') ids.push(effect.play)
        if (effect.type === 'timer.start') ids.push(effect.timer)
        if (effect.type === 'record.start') ids.push(effect.recording)
        if ('request' in effect) ids.push(effect.request)
        if (effect.type === 'timer.start') timers.add(effect.timer)
        if (effect.type === 'timer.stop')
          expect(timers.delete(effect.timer), 'only what runs is stopped').toBe(true)
        if (effect.type === 'play.stop') {
          expect(effect.play, 'only what is being said is stopped').toBe(speaking)
          speaking = undefined
        }
        if (effect.type === 'play') speaking = effect.play
        if (effect.type === 'queue.join') queued = true
        if (effect.type === 'queue.leave') expect(queued).toBe(true)
      }
      expect(new Set(ids).size).toBe(ids.length)
      const last = states.at(-1)
      if (over) expect(last).toMatchObject({ phase: 'ended', activity: { timer: null, play: null } })
      if (last)
        expect(step(flow!, last, { type: 'ended' })[1].filter(({ type }) => type !== 'timer.stop')).toEqual(
          [],
        )
    }),
    { numRuns: 600, seed: 1 },
  )
  // The moves are worth something: they come everywhere.
  expect([...reached].toSorted()).toEqual(Object.keys(flow!.nodes).toSorted())
})

it('answers the same inputs with the same effects, from a state that was stored and read back as well', () => {
  fc.assert(
    fc.property(calls, (moves) => {
      const { steps, states } = play(moves)
      expect(play(moves).steps).toEqual(steps)
      moves.forEach((next, index) => {
        const state: FlowState = JSON.parse(JSON.stringify(states[index]))
        const live = states[index]
        if (live) expect(step(flow!, state, inputFor(live, next))[1]).toEqual(steps[index + 1])
      })
    }),
    { numRuns: 100, seed: 2 },
  )
})

it('never lets the value of a secret variable out', () => {
  let gathered = 0
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{4}$/), calls, (pin, moves) => {
      const secret = `7${pin}` // longer than anything else that is a number of four digits
      const source = `flow: secret
start: ask
languages: [en]
failed: sorry
variables: { pin: { type: string }, copy: { type: string, secret: true }, n: { type: number } }
nodes:
  ask: { type: gather, prompt: { audio: pin }, variable: pin, secret: true, minDigits: 5, maxDigits: 5, attempts: 9, otherwise: sorry, next: copied }
  copied: { type: set, values: { copy: "\${pin + pin}" }, next: check }
  check:
    type: switch
    cases: [{ when: int(copy) / n > 3, next: sorry }]
    otherwise: sorry
  sorry: { type: play, prompt: { audio: sorry }, next: ask }
`
      const parsed = parseFlow('secret.flow.yaml', source)
      expect(parsed.problems.filter(({ severity }) => severity === 'error')).toEqual([])
      let [state, effects] = begin(parsed.flow!, { to: '100', anonymous: true })
      const told = [JSON.stringify(effects)]
      const tell = (input: FlowInput) => {
        ;[state, effects] = step(parsed.flow!, state, input)
        told.push(JSON.stringify(effects))
      }
      tell({ type: 'answered' })
      for (const next of moves) {
        if (state.activity.entry === '' && next.kind < 40)
          for (const digit of secret) tell({ type: 'digit', digit })
        else tell(inputFor(state, next))
      }
      if (state.variables['pin'] === secret) gathered++
      expect(told.join('\n')).not.toContain(secret)
    }),
    { numRuns: 100, seed: 3 },
  )
  expect(gathered).toBeGreaterThan(50)
})
