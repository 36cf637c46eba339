import { type Static, Type } from 'typebox'
import { Caller, closed, DurationMs, Id, list, named, PersonRef, ref, Time } from './schema.ts'

export const VoicemailMark = named(
  'VoicemailMark',
  Type.Object({ at: Time, by: ref(PersonRef) }, { ...closed, description: 'When, and who.' }),
)

export const Voicemail = named(
  'Voicemail',
  Type.Object(
    {
      id: Id,
      mailbox: Type.String(),
      contact: Id,
      from: ref(Caller),
      customer: Type.Optional(ref(PersonRef)),
      leftAt: Time,
      durationMs: DurationMs,
      heard: Type.Optional(ref(VoicemailMark)),
      handled: Type.Optional(ref(VoicemailMark)),
    },
    closed,
  ),
)
export type Voicemail = Static<typeof Voicemail>

export const VoicemailSearch = Type.Object(
  {
    mailbox: Type.Optional(Type.String({ maxLength: 100 })),
    handled: Type.Optional(Type.Boolean({ description: 'Only handled ones, or only unhandled ones.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  closed,
)
export type VoicemailSearch = Static<typeof VoicemailSearch>

/** Latest first. */
export const VoicemailList = named('VoicemailList', Type.Object({ voicemails: list(ref(Voicemail)) }, closed))
export type VoicemailList = Static<typeof VoicemailList>
