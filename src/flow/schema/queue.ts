import { type Static, Type } from 'typebox'
import {
  closed,
  defaults,
  duration,
  keys,
  name,
  numeric,
  optionalExit,
  prompt,
  text,
  whole,
} from './values.ts'

/** The keys of a queue node: who is to serve the caller, what the caller hears meanwhile, and every way out. */

const position = Type.Object(
  {
    prompt: prompt('Says the place: `number: "${queue.position}"`.'),
    front: Type.Optional(prompt('In its place, to the caller who is next; else `prompt`.')),
    limit: whole(1, 1000, 'Places further back are not said.', defaults.positionLimit),
    beyond: Type.Optional(prompt('Said in place of such a place; else nothing.')),
  },
  { ...closed, title: 'how the place in line is said, such as { prompt: ... }' },
)

const wait = Type.Object(
  {
    prompt: prompt(
      'Says the wait that nine of ten callers are served within: `duration: "${queue.wait}"`, in whole minutes.',
    ),
    between: Type.Optional(
      prompt('In its place, where half of the callers wait at least a minute: `queue.waitFrom`.'),
    ),
    longer: Type.Optional(
      prompt('When it takes longer than what was said: a wait that rises is never said. Else nothing.'),
    ),
    limit: duration('Longer waits are not said.', defaults.waitLimit),
    beyond: Type.Optional(prompt('Said in place of such a wait; else nothing.')),
  },
  { ...closed, title: 'how the wait is said, such as { prompt: ... }' },
)

const every = duration('How often it is said again, from beginning to beginning; 0s: never.', defaults.every)

const announce = Type.Object(
  {
    first: duration(
      'When it is said first, counted from joining. 0s: right after the prompt.',
      defaults.announceFirst,
    ),
    every,
    position: Type.Optional(
      Type.Unsafe<Static<typeof position>>({
        ...position,
        description: 'The place in line. A place worse than one that was said is not said.',
      }),
    ),
    wait: Type.Optional(
      Type.Unsafe<Static<typeof wait>>({
        ...wait,
        description: 'How long it will take, from what goes on now.',
      }),
    ),
  },
  {
    ...closed,
    title: 'announcements such as { every: 1m, position: ... }',
    description: 'Tells the caller the place in line and the wait, again and again.',
  },
)

const comfort = Type.Object(
  {
    first: duration('When the first is said, counted from joining.', defaults.comfortFirst),
    every,
    prompts: Type.Array(prompt('One message.'), {
      minItems: 1,
      maxItems: 20,
      title: 'a list of prompts',
      description: 'Said one at a time, in turn.',
    }),
  },
  {
    ...closed,
    title: 'messages such as { every: 1m, prompts: [...] }',
    description: 'Messages that are said in turn, with music between them.',
  },
)

const callback = Type.Object(
  {
    key: Type.String({
      pattern: '^[0-9#A-D]$',
      title: 'a key of the telephone ("0" to "9", "#")',
      description: 'The key that asks for a call back, at any time in the queue.',
    }),
    offer: Type.Optional(prompt('Offers it, after an announcement.')),
    above: duration('Not offered where the wait is known to be shorter than this.', defaults.callbackAbove),
    confirm: prompt(
      'Reads the number back, `digits: "${queue.callback}"`: 1 confirms it, 2 types another, * goes on waiting.',
    ),
    ask: prompt('Asks for a number, which ends with #; * goes on waiting.'),
    refused: Type.Optional(prompt('Said when it cannot be done; the caller waits on.')),
    mode: Type.Optional(
      Type.Union([Type.Literal('agent-first'), Type.Literal('customer-first')], {
        default: defaults.callbackMode,
        title: 'agent-first or customer-first',
        description: "Who is rung first when it is the caller's turn.",
      }),
    ),
    minDigits: whole(1, 15, 'Fewer are no number.', defaults.callbackMinDigits),
    maxDigits: whole(1, 15, 'So many end the number at once.', defaults.callbackMaxDigits),
  },
  {
    ...closed,
    title: 'an offer such as { key: "2", confirm: ..., ask: ... }',
    description: 'Lets the caller ask for a call back in place of waiting on the line, and keep the place.',
  },
)

const turnedAway = (when: string) => optionalExit(`${when}; else \`unserved\`.`)

export const queueKeys = {
  queue: text('Name of the queue; may be an ${expression}.'),
  prompt: Type.Optional(
    prompt('Played while the caller waits already; an agent who answers cuts it. Then the music begins.'),
  ),
  music: Type.Optional(name('Music on hold, by its name in media/music/.')),
  skills: Type.Optional(
    Type.Record(Type.String({ minLength: 1 }), numeric(0, 10, 'Lowest level that serves; 0: not needed.'), {
      ...closed,
      title: 'skills, each with a level',
      description: 'Skill -> lowest level that serves, 1 to 10. Skill and level may be ${expressions}.',
    }),
  ),
  agent: Type.Optional(text('The named agent, tried first; nobody when the ${expression} is null or empty.')),
  priority: Type.Optional(
    numeric(1, 10, '1 is first, 10 is last, 5 is ordinary. May be an ${expression}.', defaults.priority),
  ),
  announce: Type.Optional(announce),
  comfort: Type.Optional(comfort),
  callback: Type.Optional(callback),
  timeout: duration('How long the caller waits at most; without it, for as long as it takes.'),
  timedOut: optionalExit('When `timeout` is over.'),
  keys: Type.Optional(
    keys(
      '^([0-9*#A-D]|any)$',
      'keys of the telephone ("0" to "9", "*", "#") or any, each with a node',
      'Key that leaves the queue -> node. `any` stands for every other key.',
    ),
  ),
  calledBack: optionalExit('When a call back is arranged; else hang up.'),
  unserved: optionalExit(
    "When nobody can ever serve the caller; else the flow's own `failed`, else hang up.",
  ),
  closed: turnedAway('The queue is closed'),
  nobodyLoggedIn: turnedAway('Nobody who serves the queue is logged in'),
  tooMany: turnedAway('Too many callers wait already'),
  tooLong: turnedAway('The wait would be too long'),
  overflowed: turnedAway("The last step of the queue's plan lets the caller go"),
  next: optionalExit('When the talk is over and the caller is still there; else hang up.'),
}
