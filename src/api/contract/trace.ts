import { type Static, Type } from 'typebox'
import { closed, Id, list, named, ref, Time } from './schema.ts'

const Number = Type.Integer({
  description: 'Order in which things happened, counted over messages and notes.',
})

export const TracedAddress = named(
  'TracedAddress',
  Type.Object({ host: Type.String(), port: Type.Integer() }, closed),
)

/** One SIP message. */
export const TraceMessage = named(
  'TraceMessage',
  Type.Object(
    {
      number: Number,
      at: Type.Number({ description: 'Milliseconds since 1970-01-01 UTC.' }),
      sipCallId: Type.String({ description: 'The Call-ID header.' }),
      direction: Type.Enum(['received', 'sent']),
      transport: Type.Enum(['udp', 'tcp', 'tls', 'ws', 'wss']),
      source: ref(TracedAddress),
      destination: ref(TracedAddress),
      summary: Type.String({ description: 'INVITE, or 180 Ringing.' }),
      method: Type.String({ description: 'The method of CSeq: for a response, what it answers.' }),
      hasSdp: Type.Boolean(),
      repeated: Type.Boolean({ description: 'The same bytes went the same way before.' }),
      text: Type.String({ description: 'All of it; secrets are replaced by asterisks.' }),
    },
    closed,
  ),
)

/** What is no SIP message. */
export const TraceNote = named(
  'TraceNote',
  Type.Object(
    {
      number: Number,
      at: Time,
      calls: list(Id, { description: 'One leg, or the two that it is about.' }),
      what: Type.Enum([
        'rtp-started',
        'rtp-lost',
        'rtp-back',
        'rtp-ended',
        'held',
        'unheld',
        'bridged',
        'parted',
        'ended',
      ]),
      detail: Type.Optional(Type.String()),
    },
    closed,
  ),
)

export const TraceLeg = named(
  'TraceLeg',
  Type.Object(
    {
      call: Type.Optional(Id),
      party: Type.Object(
        {
          kind: Type.Enum(['caller', 'agent', 'outside']),
          name: Type.Optional(
            Type.String({
              description: 'The device, the trunk that the caller came over, or whom we called.',
            }),
          ),
        },
        closed,
      ),
      sipCallIds: list(Type.String(), {
        description: 'Several where a phone was rung at several places.',
      }),
      omitted: Type.Integer({ description: 'Messages from the middle of a long leg that were not kept.' }),
    },
    closed,
  ),
)

/** The signalling of one contact over all its legs. */
export const CallTrace = named(
  'CallTrace',
  Type.Object(
    {
      contact: Type.Optional(Id),
      legs: list(ref(TraceLeg)),
      messages: list(ref(TraceMessage)),
      notes: list(ref(TraceNote)),
    },
    { ...closed, description: 'Without `contact`: the call was refused before it became one.' },
  ),
)
export type CallTrace = Static<typeof CallTrace>
