/** `config/trunks.yaml`: the trunks and the routes over them. */
import { type Static, Type } from 'typebox'

const name = { pattern: '^[a-z][a-z0-9-]{0,39}$' }
const object = <Properties extends Parameters<typeof Type.Object>[0]>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })
const duration = (fallback: string, description: string) =>
  Type.String({ pattern: '^[0-9]{1,6}(ms|s|m|h)$', default: fallback, description })
const prefix = (description: string) => Type.Optional(Type.String({ pattern: '^[0-9]{0,6}$', description }))

const digits = (description: string) =>
  Type.Object(
    {
      strip: Type.Integer({
        minimum: 0,
        maximum: 20,
        default: 0,
        description: 'So many characters are cut off at the front.',
      }),
      prepend: Type.String({
        pattern: '^[+0-9*#]{0,20}$',
        default: '',
        description: 'And these are put there.',
      }),
    },
    { additionalProperties: false, default: {}, description },
  )

const numbers = Type.Object(
  {
    countryCode: Type.Optional(
      Type.String({
        pattern: '^[1-9][0-9]{0,2}$',
        examples: ['1'],
        description: 'Country of the national numbers that it writes: 1, 44, 49.',
      }),
    ),
    nationalPrefix: prefix('What stands before a national number there: "0" in most of Europe.'),
    internationalPrefix: prefix(
      'What stands before a country code where there is no +: "00" (the default), "011".',
    ),
    receives: Type.Union([Type.Literal('national'), Type.Literal('international'), Type.Literal('as-is')], {
      default: 'as-is',
      description:
        'What a number without + is that comes from it: national, international (a country code and no +), or as-is, which changes nothing.',
    }),
    sends: Type.Union([Type.Literal('e164'), Type.Literal('international'), Type.Literal('national')], {
      default: 'e164',
      description:
        'How it wants an E.164 number: e164 (+12025550123), international (without the +), or national with the prefixes.',
    }),
    received: digits('Changes a number that comes before it is read.'),
    sent: digits('Changes a number that goes after it is written.'),
  },
  { additionalProperties: false, default: {}, description: 'How numbers are written to and from it.' },
)

const password = Type.Union(
  [
    object({
      env: Type.String({
        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
        description: 'The environment variable that holds it.',
      }),
    }),
    object({
      file: Type.String({
        minLength: 1,
        description: 'The file that holds it and nothing else; relative to the center folder.',
      }),
    }),
  ],
  { description: 'Where the password is: never in this file.' },
)

const trunk = object({
  name: Type.String({ minLength: 1, maxLength: 80, description: 'As people see it.' }),
  hosts: Type.Array(
    Type.String({
      pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,252})(:[0-9]{1,5})?$',
      examples: ['sip.example.com:5060'],
    }),
    { minItems: 1, description: 'host or host:port, the one to ask first at the front.' },
  ),
  transport: Type.Union([Type.Literal('udp'), Type.Literal('tcp')], { default: 'udp' }),
  domain: Type.Optional(
    Type.String({ minLength: 1, description: 'Host part of From and To; else the host that is asked.' }),
  ),
  username: Type.Optional(
    Type.String({ minLength: 1, description: 'For digest authentication and registration.' }),
  ),
  password: Type.Optional(password),
  realm: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'The only realm that the password is for, as its challenges spell it; else the one that its hosts ask for first.',
    }),
  ),
  register: Type.Boolean({
    default: false,
    description: 'Whether we register there, so that its calls find us. Needs username and password.',
  }),
  registerEvery: duration('5m', 'For how long we register at a time.'),
  health: Type.Object(
    {
      every: duration('30s', 'How often each host is asked by OPTIONS. 0s: never; then it counts as up.'),
      failures: Type.Integer({ minimum: 1, maximum: 20, default: 3, description: 'In a row: it is down.' }),
      successes: Type.Integer({
        minimum: 1,
        maximum: 20,
        default: 1,
        description: 'In a row: it is up again.',
      }),
    },
    { additionalProperties: false, default: {}, description: 'How its state is found out.' },
  ),
  trusted: Type.Boolean({
    default: false,
    description:
      'Whether what it asserts of callers is believed: P-Asserted-Identity, Remote-Party-ID, verification (RFC 3325).',
  }),
  identity: Type.Union(
    [Type.Literal('none'), Type.Literal('p-asserted-identity'), Type.Literal('remote-party-id')],
    { default: 'none', description: 'How it is told who calls beside From.' },
  ),
  callerId: Type.Optional(
    Type.String({
      pattern: '^[+0-9A-Za-z._-]{1,64}$',
      description: 'Number or account name for From, in place of the number of the caller.',
    }),
  ),
  sources: Type.Array(Type.String({ pattern: '^[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,2}|:[0-9]{1,5})?$' }), {
    default: [],
    description: 'Where its calls come from besides hosts: 203.0.113.7, 203.0.113.7:5070, 203.0.113.0/24.',
  }),
  numbers,
})
export type TrunkEntry = Static<typeof trunk>

const route = object({
  name: Type.String({ minLength: 1, maxLength: 80, description: 'What goes here.' }),
  trunks: Type.Array(Type.String(name), {
    minItems: 1,
    description: 'The trunks that carry it, the one to try first at the front.',
  }),
})

/** Exact numbers, or patterns as Asterisk has them: see `number-pattern.ts`. */
export const numberKey = { pattern: '^(_.{0,63}|[+0-9A-Za-z*#.-][+0-9A-Za-z*#._-]{0,63})$' }

/** `config/trunks.yaml` */
export const trunksSchema = object({
  trunks: Type.Record(Type.String(name), trunk, {
    additionalProperties: false,
    default: {},
    description: 'Peers that calls come from and go to by number, by name.',
  }),
  routes: Type.Record(Type.String(numberKey), route, {
    additionalProperties: false,
    default: {},
    description:
      'Number or pattern -> the trunks that carry it. A number that fits none is not called. Quote the keys.',
  }),
})
