import { describe, expect, test } from 'vitest'
import { waitedAtMost } from '../../../src/acd/estimate.ts'
import type { Interaction, InteractionSegment } from '../../../src/call/interaction.ts'
import { WaitEstimates } from '../../../src/runtime/wait-estimates.ts'
import { WaitPromise } from '../../../src/runtime/wait-promise.ts'

const MINUTE = 60_000
const view = (busy: number, free = 0) => ({
  queue: 'billing',
  waiting: 1,
  longestWaitMs: 0,
  agents: { free, busy, paused: 3, unreachable: 2 },
})

function interaction(segments: readonly Partial<InteractionSegment>[]): Interaction {
  return {
    id: 'one',
    channel: 'voice',
    direction: 'inbound',
    startedAt: 0,
    from: { uri: 'sip:one@far.invalid' },
    to: { uri: 'sip:100@here.invalid' },
    path: [],
    data: {},
    segments: segments.map((segment) => ({
      kind: 'talk',
      startedAt: 0,
      endedAt: 0,
      queue: 'billing',
      result: 'ended',
      ...segment,
    })),
  }
}

/** Waits one minute, is rung for 10 s, talked with for 80 s, wrapped up for 30 s. */
const handled = interaction([
  { kind: 'ivr', queue: 'billing', endedAt: 0 },
  { kind: 'ring', agent: 'ben', startedAt: 20_000, endedAt: 40_000, result: 'no-answer' },
  { kind: 'ring', agent: 'ana', startedAt: 50_000, endedAt: 60_000, result: 'accepted' },
  { kind: 'queue', startedAt: 0, endedAt: 60_000, result: 'connected' },
  { kind: 'talk', agent: 'ana', startedAt: 60_000, endedAt: 140_000, result: 'caller-hung-up' },
  { kind: 'wrap-up', agent: 'ana', startedAt: 140_000, endedAt: 170_000, result: 'resolved' },
])
const abandoned = interaction([{ kind: 'queue', endedAt: 3 * MINUTE, result: 'abandoned' }])

function known(contacts: readonly Interaction[]): WaitEstimates {
  const estimates = new WaitEstimates()
  for (const contact of contacts) estimates.learn(contact)
  return estimates
}

describe('what waits are estimated from', () => {
  test('is nothing before five contacts of the queue are known', () => {
    const estimates = known([handled, handled, handled, handled, abandoned])
    expect(estimates.stateOf(view(1), 1)).toBeUndefined()
    estimates.learn(handled)
    expect(estimates.stateOf(view(1), 1)).toBeDefined()
    expect(estimates.stateOf({ ...view(1), queue: 'support' }, 1)).toBeUndefined()
  })

  test('is the time from the ring to the end of the wrap-up, and the patience of those who gave up', () => {
    const estimates = known([...Array.from({ length: 8 }, () => handled), abandoned, abandoned])
    expect(estimates.stateOf(view(2, 1), 4)).toEqual({
      ahead: 3,
      agents: 3,
      handleMs: 120_000,
      patienceMs: (8 * MINUTE + 2 * 3 * MINUTE) / 2,
    })
  })

  test('knows of no patience where nobody gave up, and passes over the end of the server', () => {
    const drained = interaction([{ kind: 'queue', endedAt: MINUTE, result: 'drained' }])
    const estimates = known([handled, handled, handled, handled, handled, drained])
    expect(estimates.stateOf(view(1), 1)?.patienceMs).toBe(Number.POSITIVE_INFINITY)
  })

  test('is of the last contacts', () => {
    const long = interaction([{ kind: 'talk', agent: 'ana', endedAt: 10 * MINUTE, result: 'agent-hung-up' }])
    const estimates = known([handled, ...Array.from({ length: 200 }, () => long)])
    expect(estimates.stateOf(view(1), 1)?.handleMs).toBe(10 * MINUTE)
  })
})

describe('what a caller is told', () => {
  const state = { ahead: 1, agents: 1, handleMs: 2 * MINUTE, patienceMs: Number.POSITIVE_INFINITY }
  const told = { says: 'between', fromMs: 3 * MINUTE, upToMs: 8 * MINUTE }

  test.each([
    ['answered in time', 5 * MINUTE, true, 1],
    ['answered too late', 9 * MINUTE, true, 0],
  ])('is counted once for a caller who is %s', (_, waitedMs, answered, kept) => {
    const { calibration } = new WaitEstimates()
    const promise = new WaitPromise(calibration)
    expect(promise.announce(state, 1000)).toEqual(told)
    expect(promise.announce(state, MINUTE)).toEqual(told)
    promise.over(answered, 1000 + waitedMs)
    promise.over(false, 1000 + 20 * MINUTE)
    const counted = calibration.of(8 * MINUTE)
    expect(counted).toMatchObject({ told: 1, kept })
    expect(counted?.predicted).toBeCloseTo(waitedAtMost(state, 8 * MINUTE), 10)
  })

  test('of which nothing was a figure is not counted', () => {
    const { calibration } = new WaitEstimates()
    const promise = new WaitPromise(calibration)
    expect(promise.announce({ ...state, agents: 0 }, 0)).toMatchObject({ says: 'more-than' })
    promise.over(true, MINUTE)
    expect(calibration.snapshot()).toEqual([])
  })

  test('never rises: more callers before them make it longer than expected', () => {
    const promise = new WaitPromise(new WaitEstimates().calibration)
    promise.announce(state, 0)
    expect(promise.announce({ ...state, ahead: 4 }, MINUTE)).toEqual({ says: 'longer-than-expected' })
    expect(promise.announce({ ...state, ahead: 0 }, 2 * MINUTE)).toMatchObject({ upToMs: 5 * MINUTE })
  })
})
