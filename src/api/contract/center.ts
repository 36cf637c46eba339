import { type Static, Type } from 'typebox'
import { Disposition } from './contacts.ts'
import { closed, Id, list, named, ref } from './schema.ts'

export const PauseReason = named('PauseReason', Type.Object({ id: Id, name: Type.String() }, closed))
export type PauseReason = Static<typeof PauseReason>

/** What a desk or a phone has to know of the server. */
export const Center = named(
  'Center',
  Type.Object(
    {
      version: Type.String(),
      sip: Type.Object(
        { host: Type.String(), port: Type.Integer(), realm: Type.String() },
        { ...closed, description: "Where agents' phones register, with the agent's user name and password." },
      ),
      pauseReasons: list(ref(PauseReason), {
        description: 'What an agent may give as the reason of a pause.',
      }),
      dispositions: list(ref(Disposition)),
    },
    closed,
  ),
)
export type Center = Static<typeof Center>
