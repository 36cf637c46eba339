import { type Static, Type } from 'typebox'
import { closed, DurationMs, Id, list, named, ref } from './schema.ts'

export const Queue = named(
  'Queue',
  Type.Object(
    {
      id: Id,
      name: Type.String(),
      waiting: Type.Integer(),
      longestWaitMs: DurationMs,
      agents: Type.Object(
        {
          free: Type.Integer(),
          busy: Type.Integer(),
          paused: Type.Integer(),
          unreachable: Type.Integer({ description: 'Signed in, with a phone that cannot be rung.' }),
        },
        { ...closed, description: 'Signed-in members by what they do.' },
      ),
    },
    closed,
  ),
)
export type Queue = Static<typeof Queue>

export const QueueList = named('QueueList', Type.Object({ queues: list(ref(Queue)) }, closed))
export type QueueList = Static<typeof QueueList>
