import { type Static, Type } from 'typebox'
import { Customer } from './customers.ts'
import { TimelineEntry } from './interactions.ts'
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
  Skills,
  Time,
} from './schema.ts'

export const Agent = named(
  'Agent',
  Type.Object(
    {
      id: Id,
      name: Type.String(),
      presence: Type.Enum(['logged-out', 'available', 'paused']),
      reason: Type.Optional(
        Type.String({ description: 'Why paused; `no-answer` when calls went unanswered too often.' }),
      ),
      pending: Type.Optional(
        Type.String({
          description: 'What waits for the end of the present work: the reason of a pause, or `sign-out`.',
        }),
      ),
      slot: Type.Enum(['free', 'reserved', 'offered', 'connected', 'wrapping'], {
        description: 'reserved: chosen for a contact, the screen pop is out. offered: the phone rings.',
      }),
      contact: Type.Optional(Id),
      work: Type.Optional(
        list(
          Type.Object(
            {
              contact: Id,
              channel: Type.String(),
              slot: Type.Enum(['reserved', 'offered', 'connected', 'wrapping']),
            },
            closed,
          ),
          { description: 'Everything in hand, where it is more than one contact.' },
        ),
      ),
      device: Type.Enum(['ok', 'unregistered', 'failed']),
      since: Type.Integer({
        description: 'When presence or slot last changed. Milliseconds since 1970-01-01 UTC.',
      }),
      idleSince: Type.Optional(Time),
      leftAloneUntil: Type.Optional(
        Type.Integer({ description: 'No offer before, after a refusal. Milliseconds since 1970-01-01 UTC.' }),
      ),
      skills: Skills,
    },
    closed,
  ),
)
export type Agent = Static<typeof Agent>

export const AgentList = named('AgentList', Type.Object({ agents: list(ref(Agent)) }, closed))
export type AgentList = Static<typeof AgentList>

/** Who is calling, why, and what they already said: what an agent sees before the phone rings. */
export const ScreenPop = named(
  'ScreenPop',
  Type.Object(
    {
      offer: Id,
      contact: Id,
      agent: Id,
      channel: Type.Enum(['voice']),
      queue: Type.Object({ id: Type.String(), name: Type.String() }, closed),
      from: ref(Caller),
      to: ref(Caller),
      language: Type.Optional(Type.String()),
      waitedMs: DurationMs,
      priority: Type.Integer({ description: '1 (first) to 10 (last); 5 is ordinary.' }),
      priorityReason: Type.String(),
      namedAgent: Type.Optional(ref(PersonRef)),
      path: FlowPath,
      data: FlowData,
      customerId: Type.Optional(
        Type.String({ description: 'The settled customer, or the only one who fits.' }),
      ),
      candidateIds: list(Id, { description: 'Everybody who fits the caller. None: unknown caller.' }),
      customers: list(ref(Customer), {
        description:
          'The records of those customers that are in memory; the rest comes with `offer.context`.',
      }),
      history: Type.Optional(
        list(ref(TimelineEntry), {
          description: 'Last interactions of the customer in all channels; absent until they are read.',
        }),
      ),
      offeredAt: Time,
      expiresAt: Time,
      takenBy: Type.Enum(['phone', 'itself', 'key'], {
        description: 'How it is taken: at the phone; by itself; by a key on the standing call, or here.',
      }),
      state: Type.Enum(['offered', 'connected']),
    },
    closed,
  ),
)
export type ScreenPop = Static<typeof ScreenPop>

export const WrapUp = named(
  'WrapUp',
  Type.Object(
    { contact: Id, agent: Id, queue: Type.String(), until: Time, customer: Type.Optional(Id) },
    closed,
  ),
)
export type WrapUp = Static<typeof WrapUp>

/** Everything a desk needs of its agent. */
export const Me = named(
  'Me',
  Type.Object(
    {
      agent: ref(Agent),
      offer: Type.Optional(ref(ScreenPop)),
      wrapUps: list(ref(WrapUp), { description: 'Contacts whose wrap-up is still to be finished.' }),
    },
    closed,
  ),
)
export type Me = Static<typeof Me>

export const Pause = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'One of the pause reasons of /v1/center.',
    }),
  },
  { ...closed, examples: [{ reason: 'break' }] },
)
export type Pause = Static<typeof Pause>

export const AgentSkills = named('AgentSkills', Type.Object({ skills: Skills }, closed))
export type AgentSkills = Static<typeof AgentSkills>
