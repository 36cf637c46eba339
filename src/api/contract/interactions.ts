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

const LosingReason = Type.Enum([
  'ranked-lower',
  'refused-this-contact',
  'lacks-skills',
  'not-in-step',
  'not-yet',
  'being-offered',
  'talking',
  'wrapping-up',
  'at-capacity',
  'left-alone',
  'paused',
  'device-unregistered',
  'device-failed',
  'backend-failed',
  'logged-out',
])

export const Candidate = named(
  'Candidate',
  Type.Object(
    {
      agent: Id,
      name: Type.String(),
      verdict: Type.Enum(['chosen', 'ranked-lower', 'rejected'], {
        description: 'ranked-lower: could have had it. rejected: could not.',
      }),
      reason: Type.Optional(LosingReason),
      because: Type.String({ description: 'In a sentence.' }),
      score: Type.Optional(
        Type.Record(Type.String(), Type.Number(), {
          description: 'Of those who could have had it: what decided, in the order in which it counts.',
        }),
      ),
    },
    closed,
  ),
)
export type Candidate = Static<typeof Candidate>

const order = {
  strictClass: Type.Integer({ description: 'Contacts of a lower class always go first.' }),
  joinedAt: Time,
  headStartMs: DurationMs,
  adjustmentMs: Type.Integer({ description: 'Head start by a business rule; below 0 a handicap.' }),
  boostMs: Type.Integer({ description: 'Head start that steps of the plan have given.' }),
  acts: Type.Optional(
    list(
      Type.Object(
        {
          at: Time,
          by: Type.String({ description: 'The supervisor.' }),
          did: Type.String({ examples: ['moved from billing to support'] }),
        },
        closed,
      ),
      { description: 'What supervisors have done with the contact, in order.' },
    ),
  ),
}

const StepInForce = Type.Object(
  {
    number: Type.Integer({ description: 'Step of the plan that was in force.' }),
    of: Type.Integer({ description: 'How many steps the plan has.' }),
    who: Type.String({ description: 'Whom the step asks.' }),
    sinceMs: DurationMs,
    leftMs: Type.Optional(DurationMs),
    skipped: list(Type.String(), { description: 'Why other steps were passed over.' }),
  },
  closed,
)

const required = Type.String({
  description: 'What an agent must meet: `billing:3 and (en or es:5) and not team:trainees`.',
})

const others = list(Type.Object({ reason: LosingReason, agents: Type.Integer() }, closed), {
  description: 'Everybody else, counted.',
})

/** Why this agent was offered this contact, and why each of the others was not. */
export const Explanation = named(
  'Explanation',
  Type.Object(
    {
      contact: Id,
      queue: Type.String(),
      channel: Type.String(),
      decidedAt: Time,
      waitedMs: DurationMs,
      ...order,
      step: StepInForce,
      required,
      strategy: Type.String(),
      chosen: Id,
      candidates: list(ref(Candidate), {
        description: 'The chosen agent, then those who came closest.',
      }),
      others,
    },
    closed,
  ),
)
export type Explanation = Static<typeof Explanation>

/** Why a contact still waits, and why each who could serve it does not. */
export const WaitingExplanation = named(
  'WaitingExplanation',
  Type.Object(
    {
      contact: Id,
      queue: Type.String(),
      channel: Type.String(),
      askedAt: Time,
      waitedMs: DurationMs,
      ...order,
      state: Type.Enum(['waiting', 'offered', 'callback'], {
        description: 'offered: somebody is being rung for it. callback: the customer is to be called later.',
      }),
      position: Type.Integer({ description: '1 is next.' }),
      step: StepInForce,
      required,
      summary: Type.String({ description: '`4 agents could have it now: 3 talking, 1 paused`.' }),
      candidates: list(ref(Candidate)),
      others,
    },
    closed,
  ),
)
export type WaitingExplanation = Static<typeof WaitingExplanation>

/** Why a contact waits, and who had it offered. */
export const ContactWhy = named(
  'ContactWhy',
  Type.Object(
    {
      contact: Id,
      waiting: Type.Optional(ref(WaitingExplanation)),
      offers: list(
        Type.Object(
          {
            offer: Id,
            outcome: Type.Optional(
              Type.String({
                description: '`accepted`, `rejected`, `no-answer`, ...; absent while it rings.',
              }),
            ),
            why: ref(Explanation),
          },
          closed,
        ),
        { description: 'Oldest first.' },
      ),
    },
    closed,
  ),
)
export type ContactWhy = Static<typeof ContactWhy>
