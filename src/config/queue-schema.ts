/** `config/queues.yaml` and `config/teams.yaml`. */
import { type Static, Type } from 'typebox'
import { strategyNames } from '../acd/rules.ts'
import { lifeProperties } from './life-schema.ts'
import { agentId, duration, id, name, object, optionalDuration, requirement, table } from './schema-parts.ts'

const member = object(
  {
    who: requirement('Who.'),
    // Optional and not filled in: ajv fills in no defaults inside of alternatives.
    preference: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10,
        default: 1,
        description:
          'Agents of 1 are asked before those of 2, whatever the strategy says; and they take from this queue before they take from queues where they have 2.',
      }),
    ),
    delay: Type.Optional(duration('0s', 'These agents are asked only for callers who have waited so long.')),
  },
  'Agents who serve the queue. An agent belongs by the first entry that fits.',
)

const step = object(
  {
    who: Type.Union(
      [
        ...requirement('').anyOf,
        Type.Array(Type.String(agentId), {
          minItems: 1,
          uniqueItems: true,
          description: 'Agents by user name.',
        }),
      ],
      {
        description:
          "named (the caller's own agent), peers (everybody like that agent), a requirement, or a list of agents.",
      },
    ),
    for: optionalDuration('30s', 'How long; the last step before `afterwards: stay` may go without.'),
    skipWhen: Type.Enum(['never', 'none-logged-in', 'none-free'], {
      default: 'never',
      description:
        'none-logged-in: over as soon as nobody of it is signed in. none-free: while nobody of it is free, the next step is asked as well.',
    }),
    boost: optionalDuration('1m', 'Head start that the caller gains when the step begins.'),
    relax: Type.Enum(['nothing', 'contact', 'members'], {
      default: 'nothing',
      description:
        "contact: what the flow asked for no longer counts. members: nor does the queue's own membership.",
    }),
    only: Type.Boolean({ default: false, description: 'Those of earlier steps are not asked any more.' }),
  },
  'A stage of the search for an agent. Who was asked in an earlier step is asked on, unless `only`.',
)

const afterwards = Type.Union(
  [
    Type.Literal('stay'),
    object({
      queue: Type.String({ ...id, description: 'Waits on in this queue, its time of joining kept.' }),
    }),
    object({
      leave: Type.Enum(['callback', 'voicemail', 'exit'], {
        description: 'Out of the queue: the flow goes on, with this reason.',
      }),
    }),
  ],
  {
    description:
      'After the time of the last step: stay, { queue: name }, or { leave: voicemail }. Without it: stay.',
  },
)

const whisper = Type.Record(
  Type.String({ pattern: '^[a-z]{2,3}(-[A-Z]{2})?$' }),
  Type.Array(
    Type.Union([
      object({
        audio: Type.String({ minLength: 1, description: 'A recording in media/prompts/<language>.' }),
      }),
      object({
        say: Type.String({
          minLength: 1,
          maxLength: 500,
          examples: ['{queue}, waited {minutes} minutes'],
          description:
            'Spoken. {queue}, {minutes} and {seconds} stand for the name of the queue and the wait.',
        }),
      }),
      object({ number: Type.Enum(['minutes', 'seconds'], { description: 'The wait, as a number.' }) }),
    ]),
    { minItems: 1, maxItems: 10 },
  ),
  {
    additionalProperties: false,
    minProperties: 1,
    description:
      'What an agent is told quietly as they get a caller, by language: the one that the agent holds best as a skill, else the first. The caller talks meanwhile and hears nothing of it.',
  },
)

const queue = object({
  name: name('As agents and supervisors see it.'),
  members: Type.Union(
    [
      ...requirement('').anyOf,
      Type.Array(member, { minItems: 1, description: 'Several kinds of agents, the first that fits.' }),
    ],
    { description: 'Who serves this queue: skills as a map, a requirement, or a list of entries.' },
  ),
  strategy: Type.Enum([...strategyNames], {
    default: 'longest-idle',
    description: 'Which of the free agents of the same preference gets the caller.',
  }),
  ringAtOnce: Type.Optional(
    Type.Integer({
      minimum: 2,
      maximum: 50,
      description: 'With ring-all: how many agents are rung at once; else all who are free.',
    }),
  ),
  strictClass: Type.Integer({
    minimum: 0,
    maximum: 9,
    default: 5,
    description:
      'Callers of queues of a lower class always go first, however long the others wait. 5 is ordinary.',
  }),
  steps: Type.Optional(
    Type.Array(step, {
      minItems: 1,
      maxItems: 20,
      description: 'Whom a caller is offered to, stage by stage. Without it: every member from the start.',
    }),
  ),
  afterwards: Type.Optional(afterwards),
  whisper: Type.Optional(whisper),
  ...lifeProperties,
  offerTime: duration('20s', "How long an agent's phone rings before the offer counts as no answer."),
  wrapUp: duration('30s', 'How long an agent has for the work after the talk. 0s: none.'),
  namedAgentTime: optionalDuration(
    '30s',
    'Short for steps of which the first is the named agent, when free, and the second the peers. 30s where there are no steps.',
  ),
  noAnswerLimit: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 2,
    description: 'No-answers in a row after which the agent is paused. 0: never.',
  }),
  backOff: Type.Object(
    {
      rejected: duration('30s', 'After the agent rejected.'),
      noAnswer: duration('60s', "After the agent's phone rang out."),
      busy: duration('15s', "After the agent's phone was busy."),
    },
    {
      additionalProperties: false,
      default: {},
      description: 'How long an agent is left alone after an offer that failed.',
    },
  ),
  headStart: Type.Record(
    Type.String({ pattern: '^([1-9]|10)$' }),
    Type.String({ pattern: '^[0-9]{1,6}(ms|s|m|h)$' }),
    {
      additionalProperties: false,
      default: {},
      description:
        'Priority (1 first, 10 last) -> how much waiting it is worth in the order. Priorities left out are worth none.',
    },
  ),
})
export type Queue = Static<typeof queue>

/** `config/queues.yaml` */
export const queuesSchema = object({ queues: table(id, queue, 'Where callers wait for an agent.') })

const team = object({
  name: name('As people see it.'),
  agents: Type.Array(Type.String(agentId), {
    default: [],
    uniqueItems: true,
    description: 'User names of those who belong to it, whatever their skills.',
  }),
  who: Type.Optional(requirement('Whoever meets this belongs to it too. It names skills, no teams.')),
})
export type Team = Static<typeof team>

/** `config/teams.yaml` */
export const teamsSchema = object({
  teams: Type.Record(Type.String(id), team, {
    additionalProperties: false,
    default: {},
    description: 'Named sets of agents, over departments and sites. Requirements name them: team:vip-desk.',
  }),
})
