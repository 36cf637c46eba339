import type { Explanation } from '../../../src/acd/contract.ts'
import type { Interaction } from '../../../src/call/interaction.ts'
import type { LiveContact, ScreenPop } from '../../../src/runtime/floor.ts'

/** A contact that waited 10 s and talked with alice for a minute. */
export function finishedInteraction(id: string, customer: string, startedAt: number): Interaction {
  const talk = startedAt + 10_000
  return {
    id,
    channel: 'voice',
    direction: 'inbound',
    startedAt,
    endedAt: talk + 60_000,
    outcome: 'handled',
    from: { uri: 'sip:+12025550142@trunk', number: '+12025550142', name: 'Dana' },
    to: { uri: 'sip:100@here', number: '100' },
    language: 'en',
    customer,
    flow: { name: 'main', hash: 'abc' },
    path: [{ node: 'greeting', at: startedAt }],
    data: { account: '4471', balance: 12.5, known: true, plan: null },
    segments: [
      { kind: 'queue', startedAt, endedAt: talk, queue: 'billing', result: 'connected' },
      {
        kind: 'talk',
        startedAt: talk,
        endedAt: talk + 60_000,
        queue: 'billing',
        agent: 'alice',
        result: 'ended',
      },
    ],
    disposition: 'resolved',
    notes: 'All is well.',
  }
}

export function waitingContact(id: string, more: Partial<LiveContact> = {}): LiveContact {
  return {
    id,
    channel: 'voice',
    state: 'waiting',
    startedAt: 1_000,
    since: 2_000,
    from: { number: '+12025550142' },
    to: { number: '100' },
    queue: 'billing',
    position: 1,
    ...more,
  }
}

export function popFor(agent: string, more: Partial<ScreenPop> = {}): ScreenPop {
  return {
    offer: 'offer-1',
    contact: 'contact-1',
    agent,
    channel: 'voice',
    queue: { id: 'billing', name: 'Billing' },
    from: { uri: 'sip:+12025550142@trunk', number: '+12025550142' },
    to: { number: '100' },
    language: 'en',
    waitedMs: 12_000,
    priority: 5,
    priorityReason: 'priority 5: no head start',
    path: [{ node: 'greeting', at: 1_000 }],
    data: { account: '4471' },
    candidates: [],
    offeredAt: 13_000,
    expiresAt: 33_000,
    takenBy: 'phone',
    state: 'offered',
    ...more,
  }
}

export const explanation: Explanation = {
  contact: 'contact-1',
  queue: 'billing',
  channel: 'voice',
  decidedAt: 13_000,
  strictClass: 5,
  joinedAt: 13_000,
  adjustmentMs: 0,
  boostMs: 0,
  waitedMs: 12_000,
  headStartMs: 0,
  step: { number: 1, of: 2, who: 'named agent', sinceMs: 0, skipped: [] },
  required: 'billing',
  strategy: 'longest idle',
  chosen: 'alice',
  candidates: [
    { agent: 'alice', verdict: 'chosen', because: 'the named agent', score: { preference: 1 } },
    { agent: 'bob', verdict: 'rejected', reason: 'lacks-skills', because: 'billing 0 is below 1' },
  ],
  others: [{ reason: 'paused', agents: 3 }],
}
