/**
 * Records of contacts and explanations of offers. Longer than most files because each field is described here for the API.
 */
import { type Static, Type } from 'typebox'
import {
  Caller,
  closed,
  DurationMs,
  FlowData,
  FlowPath,
  Id,
  list,
  named,
  PersonRef,
  ref,
  Time,
} from './schema.ts'

export const Outcome = Type.Enum([
  'handled',
  'abandoned-in-ivr',
  'abandoned-in-queue',
  'abandoned-in-ring',
  'voicemail',
  'transferred',
  'completed',
  'refused',
  'failed',
  'drained',
  'callback',
  'not-reached',
  'system-failure',
])
export type Outcome = Static<typeof Outcome>

export const MediaReport = named(
  'MediaReport',
  Type.Object(
    {
      packetsReceived: Type.Integer(),
      packetsSent: Type.Integer(),
      packetsLost: Type.Integer({ description: 'Expected by sequence number and never received.' }),
      jitterMs: Type.Number({ description: 'Interarrival jitter at the end of the leg, milliseconds.' }),
      codec: Type.String(),
    },
    { ...closed, description: 'Audio of one leg (RFC 3550 6.4.1).' },
  ),
)

/** An immutable stretch of one contact. */
export const Segment = named(
  'Segment',
  Type.Object(
    {
      kind: Type.Enum(['ivr', 'queue', 'ring', 'talk', 'voicemail', 'transfer', 'wrap-up']),
      startedAt: Time,
      endedAt: Time,
      queue: Type.Optional(Type.String()),
      agent: Type.Optional(Type.String()),
      offer: Type.Optional(Type.String({ description: 'Ask /v1/offers/{id}/why for its explanation.' })),
      gapMs: Type.Optional(
        Type.Integer({
          minimum: 0,
          description: "Of a talk: milliseconds from the agent's answer until the two heard each other.",
        }),
      ),
      result: Type.String({ description: 'How the stretch ended.' }),
      media: Type.Optional(ref(MediaReport)),
    },
    closed,
  ),
)
export type Segment = Static<typeof Segment>

/** The record of one contact, complete when `outcome` is there. */
export const Interaction = named(
  'Interaction',
  Type.Object(
    {
      id: Id,
      channel: Type.Enum(['voice']),
      direction: Type.Enum(['inbound']),
      startedAt: Time,
      endedAt: Type.Optional(Time),
      outcome: Type.Optional(Outcome),
      from: ref(Caller),
      to: ref(Caller),
      language: Type.Optional(Type.String()),
      customer: Type.Optional(Id),
      candidates: Type.Optional(list(Id)),
      flow: Type.Optional(Type.Object({ name: Type.String(), hash: Type.String() }, closed)),
      path: FlowPath,
      data: FlowData,
      segments: list(ref(Segment)),
      disposition: Type.Optional(Type.String()),
      notes: Type.Optional(Type.String()),
      media: Type.Optional(ref(MediaReport)),
    },
    closed,
  ),
)
export type Interaction = Static<typeof Interaction>

/** One line of a customer's history, whatever the channel. */
export const TimelineEntry = named(
  'TimelineEntry',
  Type.Object(
    {
      id: Type.String({ minLength: 1, description: 'The interaction; /v1/interactions/{id} has all of it.' }),
      channel: Type.Enum(['voice']),
      direction: Type.Enum(['inbound']),
      startedAt: Time,
      endedAt: Type.Optional(Time),
      outcome: Type.Optional(Outcome),
      queue: Type.Optional(Type.String({ description: 'The last queue.' })),
      agent: Type.Optional(ref(PersonRef)),
      talkMs: Type.Optional(DurationMs),
      disposition: Type.Optional(Type.String()),
      notes: Type.Optional(Type.String()),
    },
    closed,
  ),
)
export type TimelineEntry = Static<typeof TimelineEntry>

export const TimelineQuery = Type.Object(
  {
    before: Type.Optional(
      Type.String({ maxLength: 200, description: '`next` of the page before; without it the latest come.' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  },
  closed,
)

/** Latest first. */
export const Timeline = named(
  'Timeline',
  Type.Object(
    {
      entries: list(ref(TimelineEntry)),
      next: Type.Optional(Type.String({ description: 'Ask for older entries with `before=<next>`.' })),
    },
    closed,
  ),
)
export type Timeline = Static<typeof Timeline>
