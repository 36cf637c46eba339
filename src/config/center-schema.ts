/**
 * The files of a center's `config/` folder, one schema each: type, defaults, checking, and the JSON Schema that
 * editors use (`config/schemas/`). `docs/center.md` describes them for admins. One table, hence its length.
 */
import { type Static, Type } from 'typebox'
import { queuesSchema, teamsSchema } from './queue-schema.ts'
import { id, levels, name, object, table } from './schema-parts.ts'
import { numberKey, trunksSchema } from './trunk-schema.ts'

const tag = { pattern: '^[a-z]{2,3}(-[A-Z]{2})?$' }
const language = (description: string) => Type.String({ ...tag, description })

/** `config/skills.yaml` */
export const skillsSchema = object({
  skills: table(
    id,
    object({ name: name('As people see it.') }),
    'Every skill that queues, flows and people may name. Languages are skills too.',
  ),
})

/** `config/numbers.yaml` */
export const numbersSchema = object({
  numbers: table(
    numberKey,
    object({
      name: name('What the number is for.'),
      flow: Type.String({
        ...id,
        description: 'The flow that answers: its name, which is also the name of its file.',
      }),
      language: Type.Optional(
        language('Language that the flow begins in; else the first one that it lists.'),
      ),
      variables: Type.Optional(
        Type.Record(
          Type.String({ pattern: '^[a-z][A-Za-z0-9_]*$' }),
          Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
          {
            additionalProperties: false,
            description:
              'Values that variables of the flow begin with, so that one flow can serve several numbers.',
          },
        ),
      ),
    }),
    'Dialled number (the user part of the SIP URI), or a pattern such as _1XX -> who answers. Quote the numbers: YAML drops + and leading zeros.',
  ),
})

const hours = Type.String({
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$',
  examples: ['08:00-18:00'],
  description: 'From - to, on the 24 hour clock; "to" is the first minute that is closed.',
})
const day = Type.Union([Type.Literal('closed'), hours, Type.Array(hours, { minItems: 1 })], {
  description: 'closed, one stretch of hours, or a list of several.',
})
const week = object({
  monday: Type.Optional(day),
  tuesday: Type.Optional(day),
  wednesday: Type.Optional(day),
  thursday: Type.Optional(day),
  friday: Type.Optional(day),
  saturday: Type.Optional(day),
  sunday: Type.Optional(day),
})
const calendar = object({
  name: name('As people see it.'),
  timeZone: Type.String({
    default: 'UTC',
    minLength: 1,
    description: 'IANA time zone that the hours are read in, for example America/Chicago.',
  }),
  open: Type.Union([Type.Literal('always'), Type.Literal('never'), week], {
    description: 'always, never, or the hours of each weekday; a weekday left out is closed.',
  }),
  holidays: Type.Record(Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }), day, {
    additionalProperties: false,
    default: {},
    description: 'Date -> its hours, in place of those of the weekday.',
  }),
  emergency: Type.Boolean({
    default: false,
    description: 'While true, the calendar is neither open nor closed: flows take their emergency exit.',
  }),
})
export type Calendar = Static<typeof calendar>

/** `config/calendars.yaml` */
export const calendarsSchema = object({ calendars: table(id, calendar, 'Opening hours, by name.') })

/** `config/dispositions.yaml` */
export const dispositionsSchema = object({
  dispositions: table(
    id,
    object({
      name: name('As agents see it.'),
      queues: Type.Optional(
        Type.Array(Type.String(id), {
          minItems: 1,
          description: 'Offered for these queues only; else for all.',
        }),
      ),
    }),
    'What an agent says a contact came to, in the order that the desk shows.',
  ),
})

/** `config/pause-reasons.yaml` */
export const pauseReasonsSchema = object({
  reasons: table(
    id,
    object({ name: name('As agents and supervisors see it.') }),
    'Why an agent may take no contacts for a while, in the order that the desk shows.',
  ),
})

/** `config/mailboxes.yaml` */
export const mailboxesSchema = object({
  mailboxes: table(id, object({ name: name('As people see it.') }), 'Where flows leave voicemails.'),
})

const spokenText = Type.String({ minLength: 1, maxLength: 2000 })

/** `config/prompts.yaml` */
export const promptsSchema = object({
  voices: table(
    tag,
    Type.String({ minLength: 1 }),
    'Language -> voice: a Flite voice (slt, kal, rms, awb) for English, an espeak-ng voice for any other.',
  ),
  prompts: table(
    { pattern: '^[a-z0-9][a-z0-9/-]{0,79}$' },
    table(
      tag,
      Type.Union([spokenText, object({ text: spokenText, voice: Type.String({ minLength: 1 }) })]),
      'Language -> what is said, or { text, voice } when another voice says it.',
    ),
    'Audio name -> text, rendered to media/prompts/<language>/<name>.wav by `switchroom prompts render`.',
  ),
})
export type PromptTexts = Static<typeof promptsSchema>

const person = object({
  name: name('First and last name.'),
  role: Type.Union([Type.Literal('agent'), Type.Literal('supervisor'), Type.Literal('admin')]),
  skills: Type.Optional(levels('What the person can do.')),
})

const pastCall = object(
  {
    daysAgo: Type.Integer({
      minimum: 0,
      maximum: 3650,
      description: 'Days before the demo data were put in.',
    }),
    queue: Type.Optional(Type.String(id)),
    agent: Type.Optional(Type.String(id)),
    outcome: Type.Union([
      Type.Literal('handled'),
      Type.Literal('abandoned-in-ivr'),
      Type.Literal('abandoned-in-queue'),
      Type.Literal('voicemail'),
      Type.Literal('transferred'),
      Type.Literal('completed'),
    ]),
    waitSeconds: Type.Integer({ minimum: 0, default: 0 }),
    talkSeconds: Type.Integer({ minimum: 0, default: 0 }),
    disposition: Type.Optional(Type.String(id)),
    notes: Type.Optional(Type.String()),
  },
  'A call from the past, for the timeline.',
)

const customer = object({
  name: name('Person or company.'),
  tier: Type.Union([Type.Literal('standard'), Type.Literal('key')], { default: 'standard' }),
  language: Type.Optional(language('Preferred language.')),
  owner: Type.Optional(Type.String({ ...id, description: 'Named agent: gets this customer first.' })),
  numbers: Type.Array(Type.String({ pattern: '^\\+[1-9][0-9]{4,14}$' }), {
    default: [],
    description: 'E.164. Several customers may share one.',
  }),
  emails: Type.Array(Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$' }), { default: [] }),
  accounts: Type.Array(
    object({
      number: Type.String({ pattern: '^[0-9]{4,12}$', description: 'As callers type it on the keypad.' }),
      name: name('What the account is for.'),
    }),
    { default: [] },
  ),
  notes: Type.Optional(Type.String()),
  history: Type.Array(pastCall, { default: [] }),
})
export type DemoCustomer = Static<typeof customer>

/** `config/demo.yaml` */
export const demoSchema = object({
  password: Type.String({
    minLength: 6,
    description:
      'Everybody below signs in with it, and so do their phones. While it is in use, nothing listens beyond this machine.',
  }),
  people: table(id, person, 'User name -> person. An agent has a phone of the same name.'),
  customers: table(id, customer, 'Customer id -> customer.'),
})

/** Every file of a center's `config/` folder that has a schema here, by the name of the file. */
export const centerSchemas = {
  'skills.yaml': skillsSchema,
  'teams.yaml': teamsSchema,
  'queues.yaml': queuesSchema,
  'numbers.yaml': numbersSchema,
  'trunks.yaml': trunksSchema,
  'calendars.yaml': calendarsSchema,
  'dispositions.yaml': dispositionsSchema,
  'pause-reasons.yaml': pauseReasonsSchema,
  'mailboxes.yaml': mailboxesSchema,
  'prompts.yaml': promptsSchema,
  'demo.yaml': demoSchema,
} as const
