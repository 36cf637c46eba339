import type {
  Agent,
  Customer,
  Interaction,
  LiveMessage,
  Me,
  ScreenPop,
  Snapshot,
} from '../../../src/api/contract/index.ts'
import { type DeskInput, reduce } from '../../../src/desktop/desk.ts'
import { type DeskState, initialState } from '../../../src/desktop/state/desk-state.ts'

/** Alice at her desk: the messages of the server in short, and the state that they lead to. */

export const NOW = 1_800_000_000_000

export const alice: Agent = {
  id: 'alice',
  name: 'Alice Moreno',
  presence: 'available',
  slot: 'free',
  device: 'ok',
  since: NOW,
  skills: { billing: 8 },
}

export const harbour: Customer = {
  id: 'harbour',
  version: 3,
  name: 'Harbour Dental',
  tier: 'key',
  owner: 'alice',
  identities: [{ kind: 'phone', value: '+12025550142' }],
  accounts: [],
  fields: {},
  createdAt: NOW,
  updatedAt: NOW,
}

export const pop: ScreenPop = {
  offer: 'o1',
  contact: 'c1',
  agent: 'alice',
  channel: 'voice',
  queue: { id: 'billing', name: 'Billing' },
  from: { number: '+12025550142' },
  to: { number: '100' },
  waitedMs: 4000,
  priority: 1,
  priorityReason: 'priority 1: 300 s head start',
  path: [],
  data: {},
  customerId: 'harbour',
  candidateIds: ['harbour'],
  customers: [harbour],
  history: [],
  offeredAt: NOW,
  expiresAt: NOW + 20_000,
  takenBy: 'phone',
  state: 'offered',
}

export const interaction: Interaction = {
  id: 'c1',
  channel: 'voice',
  direction: 'inbound',
  startedAt: NOW,
  endedAt: NOW + 60_000,
  outcome: 'handled',
  from: { number: '+12025550142' },
  to: { number: '100' },
  customer: 'harbour',
  path: [],
  data: {},
  segments: [
    {
      kind: 'talk',
      startedAt: NOW + 10_000,
      endedAt: NOW + 40_000,
      queue: 'billing',
      agent: 'alice',
      result: 'caller-hung-up',
    },
  ],
  disposition: 'resolved',
}

type Body<Message> = Message extends LiveMessage ? Omit<Message, 'cursor' | 'at'> : never

let sequence = 0

export function live(
  body: Body<LiveMessage>,
  { epoch = 'e1', at = NOW, typing = false }: { epoch?: string; at?: number; typing?: boolean } = {},
): DeskInput {
  sequence += 1
  // The body of a message with its envelope is a message.
  const message = { cursor: `${epoch}:${sequence}`, at, ...body } as LiveMessage
  return { type: 'live', message, receivedAt: at, typing }
}

export function snapshot(me: Partial<Me> = {}): Body<Snapshot> {
  return {
    type: 'snapshot',
    me: { agent: alice, wrapUps: [], ...me },
    agents: [alice],
    queues: [],
    contacts: [],
  }
}

export function play(state: DeskState, ...inputs: readonly DeskInput[]): DeskState {
  return inputs.reduce(reduce, state)
}

const session = {
  token: 't',
  user: { id: 'alice', username: 'alice', name: 'Alice Moreno', role: 'agent' },
} as const

/** Signed in, connected and available. */
export const atDesk = play(initialState, { type: 'reopened', session }, live(snapshot()), {
  type: 'answered',
  name: 'read-center',
  request: { name: 'read-center' },
  answer: {
    version: '1',
    sip: { host: '127.0.0.1', port: 5060, realm: 'switchroom' },
    pauseReasons: [{ id: 'break', name: 'Break' }],
    dispositions: [{ id: 'resolved', name: 'Resolved' }],
  },
})

export const offered = play(atDesk, live({ type: 'offer.made', pop }))
export const talking = play(
  offered,
  live({ type: 'offer.ended', offer: 'o1', contact: 'c1', agent: 'alice', outcome: 'accepted' }),
  live(
    { type: 'contact.connected', contact: 'c1', agent: 'alice', offer: 'o1', gapMs: 12 },
    { at: NOW + 5000 },
  ),
)
export const wrapping = play(
  talking,
  live({ type: 'talk.ended', contact: 'c1', agent: 'alice', by: 'caller' }, { at: NOW + 30_000 }),
  live(
    {
      type: 'wrap-up.started',
      wrapUp: { contact: 'c1', agent: 'alice', queue: 'billing', until: NOW + 60_000 },
    },
    { at: NOW + 30_000 },
  ),
)
