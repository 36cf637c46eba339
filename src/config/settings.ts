/**
 * Every setting of the program: one schema gives type, defaults, checking, the commented sample
 * (`config/settings.sample.yaml`), the `--set` flags and the environment variables. Longer than most files because it is
 * one table.
 */
import { type Static, Type } from 'typebox'

const port = (fallback: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: 65535, default: fallback, description })

const key = (fallback: string, description: string) =>
  Type.String({ pattern: '^[0-9*#]$', default: fallback, description })

export const settingsSchema = Type.Object(
  {
    http: Type.Object(
      {
        host: Type.String({
          default: '127.0.0.1',
          description: 'Address that the API and the desk listen on. 0.0.0.0 means all of this machine.',
        }),
        port: port(8080, 'Port of the API and the desk. 0 takes any free one.'),
      },
      { additionalProperties: false, description: 'API and desk.' },
    ),
    sip: Type.Object(
      {
        host: Type.String({
          default: '127.0.0.1',
          description:
            'Address that SIP and RTP listen on. It is also what phones are told in SDP and Contact.',
        }),
        port: port(5060, 'SIP port, UDP and TCP. 0 takes any free one.'),
        tcp: Type.Boolean({ default: true, description: 'Whether SIP is served over TCP too.' }),
        realm: Type.String({
          default: 'switchroom',
          minLength: 1,
          description:
            'Realm of the digest. Passwords are stored hashed with it: set them again after a change.',
        }),
        digest: Type.Array(Type.Union([Type.Literal('MD5'), Type.Literal('SHA-256')]), {
          default: ['MD5'],
          description:
            'Digest algorithms that phones are challenged with, the best first: SHA-256,MD5 where every phone copes with two challenges.',
        }),
        allowedUris: Type.Array(Type.String(), {
          default: [],
          description:
            'Hosts that flows may transfer calls to by SIP URI, each as host or host:port; * stands for any label.',
        }),
        mediaTimeout: Type.Number({
          default: 60,
          minimum: 0,
          description: 'Seconds without any audio from the far end after which a call is ended. 0: never.',
        }),
      },
      { additionalProperties: false, description: 'SIP signalling.' },
    ),
    telephony: Type.Object(
      {
        backend: Type.Union([Type.Literal('embedded'), Type.Literal('asterisk'), Type.Literal('drachtio')], {
          default: 'embedded',
          description: 'What carries the calls: our own SIP and RTP, or servers of yours (docs/backends.md).',
        }),
      },
      { additionalProperties: false, description: 'Telephony.' },
    ),
    asterisk: Type.Object(
      {
        servers: Type.Array(Type.String({ pattern: '^https?://[^/]+$' }), {
          default: ['http://127.0.0.1:8088'],
          minItems: 1,
          description:
            'Where ARI is served, each http://host:port. sip.host and sip.port say where phones go.',
        }),
        username: Type.String({ default: 'switchroom', minLength: 1, description: 'User of ari.conf.' }),
        password: Type.String({
          default: '',
          description: 'Its password, the same on every server. Better given as an environment variable.',
        }),
        application: Type.String({
          default: 'switchroom',
          pattern: '^[A-Za-z0-9_-]{1,40}$',
          description:
            'Stasis application of extensions.conf; two Switchrooms at one Asterisk need two names.',
        }),
        mediaHost: Type.String({
          default: '127.0.0.1',
          description: 'Address on which Asterisk fetches audio from us.',
        }),
        mediaPort: port(8089, 'Port for that. 0 takes any free one.'),
        mediaUrl: Type.String({
          default: '',
          description:
            'What Asterisk is told instead, http://host:port, where it reaches us by another address.',
        }),
        lostAfter: Type.Number({
          default: 30,
          minimum: 1,
          description: 'Seconds without a connection to an Asterisk after which its calls count as lost.',
        }),
      },
      { additionalProperties: false, description: 'Asterisk, where it is the backend: docs/asterisk.md.' },
    ),
    drachtio: Type.Object(
      {
        host: Type.String({ default: '127.0.0.1', description: 'Where drachtio-server listens for us.' }),
        port: port(9022, 'Its port: that of <admin> in drachtio.conf.xml.'),
        secret: Type.String({
          default: '',
          description: 'Its secret. Better given as an environment variable.',
        }),
        mediaServers: Type.Array(Type.String({ pattern: '^[^/:]+:[0-9]+$' }), {
          default: ['127.0.0.1:8021'],
          minItems: 1,
          description: 'Event sockets of FreeSWITCH, each host:port. Calls go to the least full one.',
        }),
        mediaPassword: Type.String({
          default: '',
          description:
            'Password of the event sockets, the same on every one. Better given as an environment variable.',
        }),
        profile: Type.String({
          default: 'drachtio_mrf',
          minLength: 1,
          description: 'The sofia profile of FreeSWITCH that drachtio-server calls.',
        }),
        listenHost: Type.String({
          default: '127.0.0.1',
          description: 'Our address that FreeSWITCH opens its event sockets to.',
        }),
        advertisedHost: Type.String({
          default: '',
          description: 'What FreeSWITCH is told instead, where it reaches us by another address.',
        }),
        lostAfter: Type.Number({
          default: 30,
          minimum: 1,
          description: 'Seconds that calls outlive the connection to drachtio-server.',
        }),
      },
      {
        additionalProperties: false,
        description: 'drachtio-server and FreeSWITCH, where they are the backend: docs/drachtio.md.',
      },
    ),
    rtp: Type.Object(
      {
        minPort: port(20000, 'Lowest port for audio.'),
        maxPort: port(29999, 'Highest port for audio. Each call takes two.'),
      },
      { additionalProperties: false, description: 'Audio.' },
    ),
    limits: Type.Object(
      {
        calls: Type.Integer({
          default: 1000,
          minimum: 1,
          description:
            'Callers at the same time. Further ones get 503 with Retry-After; agents are always rung.',
        }),
      },
      { additionalProperties: false, description: 'What the machine may be asked to carry.' },
    ),
    data: Type.Object(
      {
        dir: Type.String({
          default: '',
          description:
            'Folder for the database, voicemails, rendered speech and the log; one server at a time. Empty: data in the center folder, for the demo center in the current folder.',
        }),
      },
      { additionalProperties: false, description: 'Where facts are kept.' },
    ),
    database: Type.Object(
      {
        url: Type.String({
          default: '',
          description: 'postgres://user:password@host/name. Empty: the embedded database in data.dir.',
        }),
      },
      { additionalProperties: false, description: 'Customers, people and interactions.' },
    ),
    numbers: Type.Object(
      {
        country: Type.String({
          default: 'US',
          pattern: '^[A-Z]{2}$',
          description: 'ISO 3166 country by which national numbers of callers are read.',
        }),
      },
      { additionalProperties: false, description: 'Telephone numbers.' },
    ),
    desk: Type.Object(
      {
        popLead: Type.Integer({
          default: 250,
          minimum: 0,
          maximum: 5000,
          description: 'Milliseconds that a phone waits for the desk to show the screen pop before it rings.',
        }),
      },
      { additionalProperties: false, description: 'The agent desk.' },
    ),
    agents: Type.Object(
      {
        standingNumber: Type.String({
          default: '',
          pattern: '^([0-9*#+]{1,20})?$',
          description:
            'Number that agents call from their phone to sign in with a standing call. Empty: there is none.',
        }),
        standingMusic: Type.String({
          default: '',
          pattern: '^[a-z0-9-]{0,40}$',
          description: 'Music on standing calls between talks, by its name in media/music. Empty: silence.',
        }),
        acceptKey: key('1', 'Key by which an agent takes an offer on a standing call.'),
        endKey: key('*', 'Key by which an agent ends a talk on a standing call, and the call stays.'),
        secondSignIn: Type.Union([Type.Literal('take-over'), Type.Literal('refuse'), Type.Literal('allow')], {
          default: 'take-over',
          description:
            'An agent signs in whose desk is open elsewhere. take-over: that one is told and signed off, calls go on; refuse: an error says where it is; allow: both stay.',
        }),
      },
      { additionalProperties: false, description: 'How agents are reached.' },
    ),
    shutdown: Type.Object(
      {
        drain: Type.Number({
          default: 30,
          minimum: 0,
          description: 'Seconds that calls may go on after SIGTERM before they are ended.',
        }),
      },
      { additionalProperties: false, description: 'Leaving.' },
    ),
    log: Type.Object(
      {
        level: Type.Union(
          [
            Type.Literal('debug'),
            Type.Literal('info'),
            Type.Literal('warn'),
            Type.Literal('error'),
            Type.Literal('silent'),
          ],
          { default: 'info', description: 'Lowest level that is written.' },
        ),
        file: Type.String({
          default: '',
          description: 'File for the log. Empty: switchroom.log in data.dir. "-": standard output.',
        }),
      },
      { additionalProperties: false, description: 'The log: one JSON object per line.' },
    ),
    trace: Type.Object(
      {
        memory: Type.Integer({
          default: 32,
          minimum: 0,
          description:
            'MiB for the SIP messages of the latest calls, their secrets masked. 0: none are kept.',
        }),
        hours: Type.Number({
          default: 4,
          minimum: 0,
          description: 'Hours after which the messages of a call are forgotten.',
        }),
        hepHost: Type.String({
          default: '',
          description:
            'Address on which other SIP servers (Asterisk, drachtio) tell us their messages by HEP. Empty: none does.',
        }),
        hepPort: port(9060, 'Port for that, UDP. 0 takes any free one.'),
        hepPassword: Type.String({
          default: '',
          description: 'What they must bring along. Empty: let nobody else reach the port.',
        }),
      },
      { additionalProperties: false, description: 'Looking into calls: switchroom trace.' },
    ),
    state: Type.Object(
      {
        redisUrl: Type.String({
          default: '',
          description:
            'Redis or Valkey that keeps the journal of routing, so that another process can take over: redis://[user:password@]host[:port][/db], rediss:// for TLS, redis+sentinel://host:port,host:port/master, redis+cluster://host:port,host:port. Empty: the data folder.',
        }),
        domain: Type.String({
          default: 'main',
          pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
          description: 'Name of the routing domain. Several domains can share one Redis.',
        }),
        lease: Type.Number({
          default: 2,
          minimum: 0.2,
          maximum: 60,
          description:
            'Seconds without a sign of life of the process that routes, after which another takes over.',
        }),
        degradeAfter: Type.Number({
          default: 10,
          minimum: 0,
          description:
            'Seconds without Redis after which routing goes on with a journal on the disk of this process alone. 0: never.',
        }),
        archiveDays: Type.Number({
          default: 30,
          minimum: 0,
          description: 'Days for which the archive of the journal is kept, in archive/ of the data folder.',
        }),
      },
      { additionalProperties: false, description: 'What is kept of routing: docs/operations.md.' },
    ),
    demo: Type.Object(
      {
        enabled: Type.Boolean({
          default: true,
          description:
            "Whether the center's demo.yaml (people with known passwords, customers) is put into an empty database.",
        }),
      },
      { additionalProperties: false, description: 'Trying it out.' },
    ),
    flows: Type.Object(
      {
        watch: Type.Boolean({
          default: true,
          description: 'Whether changed flow files are taken over at once when they are free of faults.',
        }),
      },
      { additionalProperties: false, description: 'Flow files.' },
    ),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof settingsSchema>

/** One setting: `path` is its dotted name (`http.port`), `env` its environment variable. */
export interface SettingInfo {
  readonly path: string
  readonly env: string
  readonly group: keyof Settings
  readonly key: string
  readonly type: 'string' | 'number' | 'boolean' | 'list'
  readonly fallback: unknown
  readonly description: string
  readonly choices: readonly string[]
}

/** All settings, in the order of the schema. */
export const settingInfos: readonly SettingInfo[] = Object.entries(settingsSchema.properties).flatMap(
  ([group, schema]) =>
    Object.entries(schema.properties as Record<string, SettingSchema>).map(([key, setting]) => ({
      path: `${group}.${key}`,
      env: `SWITCHROOM_${group}_${key.replace(/[A-Z]/g, (letter) => `_${letter}`)}`.toUpperCase(),
      group: group as keyof Settings,
      key,
      type: kindOf(setting),
      fallback: setting.default,
      description: setting.description ?? '',
      choices: setting.anyOf?.map((choice) => String(choice.const)) ?? [],
    })),
)

interface SettingSchema {
  readonly type?: string
  readonly default?: unknown
  readonly description?: string
  readonly anyOf?: readonly { readonly const?: unknown }[]
}

function kindOf(schema: SettingSchema): SettingInfo['type'] {
  if (schema.type === 'array') return 'list'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  return schema.type === 'boolean' ? 'boolean' : 'string'
}

/** The settings when nothing is set. */
export function defaultSettings(): Record<string, Record<string, unknown>> {
  const settings: Record<string, Record<string, unknown>> = {}
  for (const { group, key, fallback } of settingInfos) (settings[group] ??= {})[key] = fallback
  return settings
}
