import { type Static, type TProperties, Type } from 'typebox'
import { Agent, Me, ScreenPop, WrapUp } from './agents.ts'
import { Contact } from './contacts.ts'
import { Customer } from './customers.ts'
import { Interaction, Outcome, TimelineEntry } from './interactions.ts'
import { Queue } from './queues.ts'
import { closed, Id, list, named, ref, Time } from './schema.ts'
import { Voicemail } from './voicemails.ts'

/**
 * The messages of `/v1/events`, the same over WebSocket (one JSON text per message) and server-sent events (in
 * `data:`, with the cursor in `id:` and the type in `event:`).
 *
 * A connection begins with `snapshot` (everything as it is) or, where the given cursor is known, with `resumed`
 * and what was missed; then come the changes. Each event has a higher cursor than the one before. People with
 * the role agent get what concerns themselves, their queues and their contacts; everybody else gets all.
 */

const Cursor = Type.String({
  maxLength: 100,
  description: '`epoch:sequence`. Keep the last one; give it when connecting again.',
})

const event = <Name extends string, Fields extends TProperties>(
  type: Name,
  fields: Fields,
  description: string,
) => Type.Object({ cursor: Cursor, at: Time, type: Type.Literal(type), ...fields }, { description })

export const Snapshot = event(
  'snapshot',
  {
    me: Type.Optional(ref(Me)),
    agents: list(ref(Agent)),
    queues: list(ref(Queue)),
    contacts: list(ref(Contact)),
  },
  'Everything as it is; what was known before is void. `me` is there for an agent.',
)
export type Snapshot = Static<typeof Snapshot>

const Resumed = event('resumed', {}, 'The cursor was known: what was missed follows, then what happens.')

const Heartbeat = event(
  'heartbeat',
  {},
  'Every 15 s. Without one for 40 s the connection is dead: connect again.',
)

const ProblemMessage = event(
  'problem',
  { code: Type.String(), detail: Type.String(), remedy: Type.Optional(Type.String()) },
  'The answer to a client message that could not be done.',
)

const TakenOver = event(
  'session.taken-over',
  { place: Type.String({ description: 'Address of the new place.' }) },
  'The same person has signed in elsewhere; this session is over. Calls go on there.',
)

const OfferEnded = event(
  'offer.ended',
  {
    offer: Id,
    contact: Id,
    agent: Id,
    outcome: Type.Enum([
      'accepted',
      'rejected',
      'busy',
      'no-answer',
      'device-failed',
      'backend-failed',
      'cancelled-by-caller',
      'rescinded',
    ]),
  },
  'Unless accepted, the phone rings no longer.',
)

export const events = [
  Snapshot,
  Resumed,
  Heartbeat,
  ProblemMessage,
  TakenOver,
  event('agent.changed', { agent: ref(Agent) }, 'State, phone or skills of an agent.'),
  event('queue.changed', { queue: ref(Queue) }, 'Figures of a queue.'),
  event('contact.changed', { contact: ref(Contact) }, 'A contact began or went on.'),
  event('contact.ended', { contact: Id, outcome: Outcome }, 'A contact is over.'),
  event(
    'interaction.completed',
    { interaction: ref(Interaction) },
    'The complete record of a contact that is over; for its agents, supervisors and programs.',
  ),
  event('offer.made', { pop: ref(ScreenPop) }, 'The screen pop. Acknowledge it, then the phone rings.'),
  event(
    'offer.context',
    { offer: Id, contact: Id, agent: Id, customers: list(ref(Customer)), history: list(ref(TimelineEntry)) },
    'What the screen pop left out because it was not in memory yet.',
  ),
  OfferEnded,
  event(
    'contact.connected',
    {
      contact: Id,
      agent: Id,
      offer: Id,
      gapMs: Type.Integer({ minimum: 0, description: "Milliseconds since the agent's answer." }),
    },
    'Caller and agent hear each other.',
  ),
  event(
    'talk.ended',
    { contact: Id, agent: Id, by: Type.Enum(['caller', 'agent', 'system']) },
    'The talk is over.',
  ),
  event('wrap-up.started', { wrapUp: ref(WrapUp) }, 'The agent has work left for this contact.'),
  event('wrap-up.ended', { contact: Id, agent: Id }, 'The contact is closed for this agent.'),
  event('voicemail.left', { voicemail: ref(Voicemail) }, 'A message was left.'),
  event('voicemail.handled', { voicemail: ref(Voicemail) }, 'Somebody took care of a message.'),
  event('customer.changed', { customer: ref(Customer) }, 'A record was made or changed.'),
] as const

export const LiveMessage = named('LiveMessage', Type.Union([...events]))
export type LiveMessage = Static<(typeof events)[number]>
export type LiveMessageType = LiveMessage['type']

/** What a client says over WebSocket. `authenticate` comes first, unless the upgrade had an Authorization header. */
export const ClientMessage = named(
  'ClientMessage',
  Type.Union([
    Type.Object(
      {
        type: Type.Literal('authenticate'),
        token: Type.String({ minLength: 1, maxLength: 200 }),
        cursor: Type.Optional(Cursor),
      },
      closed,
    ),
    Type.Object({ type: Type.Literal('acknowledge'), offer: Id }, closed),
  ]),
)
export type ClientMessage = Static<typeof ClientMessage>

/**
 * Why we close a WebSocket: its close code, beside 1001 (the server is stopping: connect again). After 4401 sign
 * in again; after 4408 (you read too slowly) connect again with the last cursor.
 */
export const closeCodes = {
  badMessage: 4400,
  notSignedIn: 4401,
  tooSlow: 4408,
  failed: 1011,
} as const
