/** What `queues.yaml` says of who is let in, called back, remembered, and of the time after a talk. */
import { type Static, Type } from 'typebox'
import { id, object, optionalDuration } from './schema-parts.ts'

const calendar = (description: string) => Type.Optional(Type.String({ ...id, description }))

export const lifeProperties = {
  calendar: calendar(
    'Open while this calendar is open; callers are not let in otherwise. Without it: always.',
  ),
  join: Type.Optional(
    object(
      {
        nobodyLoggedIn: Type.Optional(
          Type.Boolean({ description: 'Not while nobody is signed in who could serve the caller.' }),
        ),
        nobodyAvailable: Type.Optional(
          Type.Boolean({ description: 'Nor while all of them are paused or cannot be reached.' }),
        ),
        waiting: Type.Optional(
          Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Not when so many wait already.' }),
        ),
        estimate: optionalDuration('20m', 'Not when the wait would be longer, as far as can be said.'),
        otherwise: Type.Optional(
          Type.String({ ...id, description: 'The queue that takes who is not let in.' }),
        ),
      },
      'Whom the queue does not let in. The flow goes on at the exit of the reason.',
    ),
  ),
  leave: Type.Optional(
    object(
      {
        nobodyLoggedIn: optionalDuration('1m', 'Nobody who serves the queue has been signed in for so long.'),
        waited: optionalDuration('30m', 'The caller has waited so long.'),
      },
      'When callers have to leave without having been served. The flow goes on at the exit of the reason.',
    ),
  ),
  callback: Type.Optional(
    object(
      {
        attempts: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 20,
            default: 3,
            description: 'How often they are called at most.',
          }),
        ),
        retry: optionalDuration('10m', 'From a call that was not answered to the next.'),
        keep: optionalDuration('4h', 'How long they are called at all.'),
        ring: optionalDuration('30s', 'How long their phone rings.'),
        atOnce: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 100,
            default: 1,
            description: 'With customer-first: how many are called at the same time.',
          }),
        ),
        calendar: calendar('They are called while this calendar is open. Without it: that of the queue.'),
      },
      'Callers may be called back and keep their place. Without it the queue calls nobody back; {} will do.',
    ),
  ),
  resume: optionalDuration('5m', 'Who hangs up and calls again within this time has the old place.'),
  lastAgent: Type.Optional(
    object(
      {
        within: Type.String({
          pattern: '^[0-9]{1,6}(ms|s|m|h)$',
          examples: ['24h'],
          description: 'The last talk is no longer ago.',
        }),
        for: optionalDuration('20s', 'How long that agent comes first.'),
        waitFor: Type.Optional(
          Type.Enum(['free', 'signed-in'], {
            default: 'free',
            description: 'free: only while free. signed-in: is waited for while busy.',
          }),
        ),
      },
      'The agent with whom the caller talked last is asked first.',
    ),
  ),
  pauseAfterCall: Type.Optional(
    Type.String({ ...id, description: 'Reason of the pause that every talk of this queue is followed by.' }),
  ),
  wrapUpLimit: optionalDuration('3m', 'How long a wrap-up can become when the agent asks for more time.'),
}

const life = object(lifeProperties)
export type Life = Static<typeof life>
