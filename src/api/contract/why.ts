import { type Static, Type } from 'typebox'
import { closed, DurationMs, Id, list, named, ref, Time } from './schema.ts'

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
