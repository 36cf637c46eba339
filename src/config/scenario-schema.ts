/** `*.scenario.yaml`: who calls and who works in a simulated center. `docs/simulation.md` describes it. */
import { type Static, Type } from 'typebox'
import { duration, id, levels, name, object, requirement, table } from './schema-parts.ts'

const time = { pattern: '^[0-9]{1,6}(ms|s|m|h)$' }
const someTime = (example: string, description: string) =>
  Type.String({ ...time, examples: [example], description })

const distributions = [
  object({ exponential: someTime('4m', 'The mean.') }, 'Without memory, as the formulas of Erlang have it.'),
  object(
    { lognormal: someTime('4m', 'The mean.'), deviation: someTime('3m', 'The standard deviation.') },
    'Skewed, as most talk times are.',
  ),
  object({ constant: someTime('30s', 'The time.') }, 'Always the same.'),
  object(
    { values: Type.Array(someTime('95s', 'One time.'), { minItems: 1, maxItems: 100_000 }) },
    'Times that were measured; each is as likely as the others.',
  ),
] as const
const distribution = (description: string) => Type.Union([...distributions], { description })
export type WrittenDistribution = Static<(typeof distributions)[number]>

const hours = (description: string) =>
  Type.String({
    pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$',
    examples: ['08:00-18:00'],
    description,
  })

const contacts = Type.Number({ minimum: 0, maximum: 1_000_000 })

const traffic = object({
  queue: Type.Optional(
    Type.String({ ...id, description: 'Where they wait; without it the queue of this name.' }),
  ),
  contacts: Type.Union([contacts, Type.Array(contacts, { minItems: 1, maxItems: 1_440 })], {
    description: 'Expected in each interval of the hours: one number for all of them, or one for each.',
  }),
  talk: distribution('From the answer to the end of the talk.'),
  wrapUp: Type.Optional(
    distribution("Work after the talk, as far as the queue's wrapUp allows; without it, all that it allows."),
  ),
  patience: Type.Union([Type.Literal('endless'), ...distributions], {
    description: 'How long callers wait for an answer before they give up. endless: they never do.',
  }),
  needs: Type.Optional(requirement('What these contacts need beyond membership of the queue.')),
  tiers: Type.Optional(
    table(
      id,
      object({
        share: Type.Number({ minimum: 0, maximum: 1, description: 'Of these contacts; all shares make 1.' }),
        priority: Type.Integer({ minimum: 1, maximum: 10, default: 5, description: '1 is first.' }),
      }),
      'Tiers of customers, counted one by one.',
    ),
  ),
})

const profile = object({
  count: Type.Integer({ minimum: 1, maximum: 100_000, description: 'How many agents are like this.' }),
  skills: levels('What they can do.'),
  hours: Type.Optional(
    hours('When they are signed in; without it they are there until the last caller is served.'),
  ),
  breaks: Type.Array(
    object({
      between: hours('The first of them goes at the beginning, the last is back at the end.'),
      for: someTime('30m', 'How long each of them is away.'),
    }),
    { default: [], description: 'Once a day each, one after another.' },
  ),
})

export const scenarioSchema = object({
  name: name('What it is a picture of.'),
  seed: Type.Integer({
    minimum: 0,
    maximum: 2_147_483_647,
    default: 1,
    description: 'The same seed gives the same run.',
  }),
  days: Type.Integer({ minimum: 2, maximum: 100_000, default: 30, description: 'How many days are played.' }),
  warmUpDays: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 10_000,
      description: 'Days at the beginning that are not counted; without it 1 around the clock, else 0.',
    }),
  ),
  hours: Type.String({
    ...hours('When contacts come.'),
    default: '00:00-24:00',
  }),
  every: duration('30m', 'Length of an interval of `contacts`; the hours are whole intervals.'),
  answeredWithin: duration('20s', 'The service level is the share answered within this time.'),
  shortAbandons: duration('0s', 'Who gives up sooner is left out of the service level.'),
  answering: Type.Object(
    {
      after: duration('0s', "How long an agent's phone rings before it is answered."),
      missed: Type.Number({
        minimum: 0,
        maximum: 0.5,
        default: 0,
        description: 'Share of the offers that nobody answers.',
      }),
    },
    { additionalProperties: false, default: {}, description: 'How agents answer.' },
  ),
  traffic: table(id, traffic, 'Contacts that come, by name.'),
  agents: Type.Optional(
    table(id, profile, 'Who works: profile -> agents. Without it the people of demo.yaml, all day.'),
  ),
})
export type Scenario = Static<typeof scenarioSchema>
