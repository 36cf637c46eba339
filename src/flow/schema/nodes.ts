import { type Static, type TProperties, Type } from 'typebox'
import { queueKeys } from './queue.ts'
import {
  anyValue,
  closed,
  defaults,
  duration,
  exit,
  flag,
  keys,
  name,
  optionalExit,
  prompt,
  text,
  whole,
} from './values.ts'

/** One schema per node type: its keys, what each means, and what it is when left out. One table, hence its length. */

const node = <Name extends string, Properties extends TProperties>(
  type: Name,
  description: string,
  properties: Properties,
) =>
  Type.Object(
    {
      type: Type.Literal(type, { description }),
      description: Type.Optional(Type.String({ description: 'A note for people; the flow ignores it.' })),
      ...properties,
    },
    { ...closed, description },
  )

const failed = optionalExit("Where it goes on after a fault; else the flow's own `failed`, else hang up.")
const interruptible = flag('Whether the first key cuts the prompt (barge-in).', true)
const flush = flag('Forgets the keys that were pressed before, so that the prompt is heard.', false)

const asking = {
  prompt: prompt('What is asked.'),
  interruptible,
  flush,
  timeout: duration('How long the first key may take once the prompt is over.', defaults.timeout),
  attempts: whole(1, 10, 'How often it is asked in all.', defaults.attempts),
  noInputPrompt: Type.Optional(prompt('Comes before the prompt when nothing was pressed.')),
  noMatchPrompt: Type.Optional(prompt('Comes before the prompt when the wrong key was pressed.')),
  noInput: optionalExit('After the last attempt, when nothing was pressed; else `otherwise`.'),
  noMatch: optionalExit('After the last attempt, when the wrong key was pressed; else `otherwise`.'),
  otherwise: optionalExit('After the last attempt. Needed unless both `noInput` and `noMatch` are there.'),
  failed,
}

export const nodeSchemas = {
  play: node('play', 'Plays a prompt and goes on.', {
    prompt: prompt('What is played.'),
    interruptible,
    flush,
    next: exit('Where it goes on.'),
    failed,
  }),

  menu: node('menu', 'Asks for one key and goes where it leads.', {
    choices: keys(
      '^[0-9*#A-D]$',
      'keys of the telephone ("0" to "9", "*", "#"), each with a node',
      'Key -> node. Quote * and #.',
    ),
    ...asking,
  }),

  gather: node('gather', 'Asks for several digits and puts them into a variable.', {
    variable: Type.String({
      pattern: '^[a-z][A-Za-z0-9_]*$',
      title: 'the name of a variable',
      description: 'The variable that gets the digits: a string, or a number (leading zeros are lost then).',
    }),
    secret: flag('Makes the variable a secret one: its value is never logged, shown or spoken.', false),
    minDigits: whole(0, 40, 'Fewer are no match. 0 allows the terminator alone.', defaults.minDigits),
    maxDigits: whole(1, 40, 'So many end the entry at once.', defaults.maxDigits),
    terminator: Type.Optional(
      Type.Union([Type.Literal('#'), Type.Literal('*'), Type.Literal('none')], {
        default: defaults.terminator,
        title: '"#", "*" or none',
        description: 'The key that ends the entry.',
      }),
    ),
    digitTimeout: duration('How long the next digit may take.', defaults.digitTimeout),
    pattern: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        title: 'a regular expression',
        description: 'A regular expression that the whole entry must fit, for example [1-9][0-9]{5}.',
      }),
    ),
    next: exit('Where it goes on with a valid entry.'),
    ...asking,
  }),

  set: node('set', "Gives values to variables, and may change the caller's language.", {
    values: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[a-z][A-Za-z0-9_]*$' }),
        anyValue('The new value; may hold ${expressions}. null becomes the default of the variable.'),
        {
          ...closed,
          minProperties: 1,
          title: 'names of variables, each with its value',
          description: 'Variable -> value, all worked out before the first is changed.',
        },
      ),
    ),
    language: Type.Optional(
      text(
        'The language that prompts are in from now on. A value that the flow does not speak changes nothing.',
      ),
    ),
    next: exit('Where it goes on.'),
    failed,
  }),

  switch: node('switch', 'Goes to the first case that is true.', {
    cases: Type.Array(
      Type.Object(
        {
          when: Type.String({
            minLength: 1,
            title: 'an expression that is true or false, without ${ }',
            description: 'A CEL expression that is true or false, for example customer.tier == "key".',
          }),
          next: exit('Where it goes on when the expression is true.'),
        },
        { ...closed, title: 'a case such as { when: ..., next: ... }' },
      ),
      { minItems: 1, title: 'a list of cases', description: 'Tried from first to last.' },
    ),
    otherwise: exit('When no case is true.'),
    failed,
  }),

  schedule: node('schedule', 'Asks a calendar whether it is open now.', {
    calendar: text('Name of the calendar; may be an ${expression}.'),
    timeout: duration('How long the answer may take before it counts as a fault.', defaults.lookUpTimeout),
    open: exit('During opening hours.'),
    closed: exit('Outside opening hours.'),
    emergency: optionalExit('While the calendar is set to emergency; else `closed`.'),
    failed,
  }),

  customer: node(
    'customer',
    'Looks the customer up. Afterwards expressions know `customer.name`, `customer.owner` and so on.',
    {
      find: Type.Union(
        [
          Type.Literal('caller'),
          Type.Literal('number'),
          Type.Literal('account'),
          Type.Literal('email'),
          Type.Literal('id'),
        ],
        {
          title: 'caller, number, account, email or id',
          description: 'By the number that calls, or by `value`.',
        },
      ),
      value: Type.Optional(text('What is looked up; not with `find: caller`.')),
      timeout: duration('How long the answer may take before it counts as a fault.', defaults.lookUpTimeout),
      found: exit('Exactly one customer fits.'),
      none: exit('Nobody fits, or there is nothing to look up (an anonymous caller).'),
      several: optionalExit(
        'More than one fits: the agent sees all of them, the flow knows none. Else `none`.',
      ),
      failed: optionalExit('The look-up failed or took too long. Else `none`.'),
    },
  ),

  queue: node('queue', 'Waits for an agent.', { ...queueKeys, failed }),

  voicemail: node(
    'voicemail',
    'Records a message. It is kept also when the caller just hangs up after speaking.',
    {
      mailbox: name('The mailbox that gets the message.'),
      prompt: Type.Optional(prompt('The greeting.')),
      beep: flag('Plays the audio `beep` before the recording.', true),
      maxLength: duration('The longest message.', defaults.maxLength),
      minLength: duration('Shorter ones are not kept.', defaults.minLength),
      silence: duration('So much silence ends the recording, and so does the key #.', defaults.silence),
      next: optionalExit('After the message; else hang up.'),
      empty: optionalExit('When there was no message; else `next`, else hang up.'),
      failed,
    },
  ),

  transfer: node('transfer', 'Connects the caller to somebody outside.', {
    to: text(
      'Number, for example "+12025550123", or SIP URI, sip:duty@example.com; may hold ${expressions}.',
    ),
    prompt: Type.Optional(prompt('Played before the far end is rung.')),
    music: Type.Optional(name('Music while it rings, by its name in media/music/.')),
    ringTime: duration('How long it rings.', defaults.ringTime),
    next: optionalExit('When the talk is over and the caller is still there; else hang up.'),
    busy: optionalExit('The far end is busy; else `failed`.'),
    noAnswer: optionalExit('Nobody answered; else `failed`.'),
    failed,
  }),

  hangup: node('hangup', 'Ends the call. A call that nothing has answered yet is refused.', {
    prompt: Type.Optional(prompt('Played before; it cannot be cut.')),
    answer: flag('Answers a call that nothing has answered yet, also without a prompt.', false),
  }),
} as const

export type RawNodes = { readonly [Name in keyof typeof nodeSchemas]: Static<(typeof nodeSchemas)[Name]> }
export type RawNode = RawNodes[keyof RawNodes]
