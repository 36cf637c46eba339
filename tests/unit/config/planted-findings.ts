import type { findingCodes } from '../../../src/config/center-finding.ts'
import type { CenterFileName, CenterTexts } from '../../../src/config/center-texts.ts'

/** A small center without faults; each test puts one file in its place. */
export const SOUND: CenterTexts = {
  'skills.yaml': 'skills:\n  billing: { name: Billing }\n  en: { name: English }\n  es: { name: Spanish }\n',
  'teams.yaml':
    'teams:\n  trainees: { name: Trainees, agents: [tom] }\n  experts: { name: Experts, who: "billing:8" }\n',
  'queues.yaml': 'queues:\n  billing:\n    name: Billing\n    members: { billing: 1 }\n',
  'calendars.yaml': 'calendars:\n  always: { name: Always, open: always }\n',
  'dispositions.yaml': 'dispositions:\n  done: { name: Done }\n',
  'pause-reasons.yaml': 'reasons:\n  break: { name: Break }\n',
  'numbers.yaml': 'numbers:\n  "100": { name: Main, flow: main }\n',
  'mailboxes.yaml': 'mailboxes: {}\n',
  'prompts.yaml': 'voices: { en: slt }\nprompts: {}\n',
}

/** A queue with these lines, the first of which stands in line 4 of the file, at column 5. */
export function queue(...lines: string[]): string {
  return ['queues:', '  help:', '    name: Help', ...lines.map((line) => `    ${line}`), ''].join('\n')
}

const MEMBERS = 'members: { billing: 1 }'

/** Each line unfolds into nine of the one before. */
const bomb = Array.from(
  { length: 9 },
  (_, n) =>
    `a${n}: &a${n} [${Array(9)
      .fill(n === 0 ? 'x' : `*a${n - 1}`)
      .join(', ')}]`,
).join('\n')

/** They are about flows, of which this file has none, or tested below. */
type Others = 'UNKNOWN_FLOW' | 'UNKNOWN_VARIABLE' | 'UNKNOWN_LANGUAGE' | 'MISSING_FILE'

/** Code -> a file with that finding, where it is, and words of message and remedy. */
export const planted: Record<
  Exclude<keyof typeof findingCodes, Others>,
  readonly [CenterFileName, text: string, place: string, severity: string, words: RegExp, remedy: RegExp][]
> = {
  YAML_SYNTAX: [
    ['queues.yaml', 'queues: {', '1:10', 'error', /./, /indentation/],
    ['queues.yaml', bomb, '1:1', 'error', /alias/, /Write out/],
  ],
  UNKNOWN_KEY: [
    ['queues.yaml', queue(MEMBERS, 'wrapup: 30s'), '5:5', 'error', /wrapup: no such key/, /wrapUp\?/],
    [
      'queues.yaml',
      queue(MEMBERS, 'steps: [{ who: anyone, four: 1m }]'),
      '5:28',
      'error',
      /no such key/,
      /for\?/,
    ],
  ],
  MISSING_KEY: [
    ['queues.yaml', 'queues:\n  help: { members: {} }\n', '2:3', 'error', /lacks the key name/, /Add name/],
    [
      'queues.yaml',
      queue(MEMBERS, 'afterwards: { leave: exit }'),
      '5:5',
      'error',
      /there are no steps/,
      /Add steps/,
    ],
    [
      'queues.yaml',
      queue(MEMBERS, 'steps:', '  - who: named', '  - who: anyone'),
      '6:9',
      'error',
      /lacks for/,
      /for:/,
    ],
    [
      'queues.yaml',
      queue(MEMBERS, 'steps: [{ who: anyone }]', 'afterwards: { leave: exit }'),
      '5:13',
      'error',
      /the last step lacks for/,
      /for: 30s/,
    ],
  ],
  WRONG_TYPE: [['queues.yaml', queue(MEMBERS, 'wrapUp: 30'), '5:5', 'error', /must be string/, /0s: none/]],
  WRONG_VALUE: [
    [
      'queues.yaml',
      queue(MEMBERS, 'whisper: { en: [{ say: "{queue} {minute}" }] }'),
      '5:37',
      'error',
      /found {minute}/,
      /Write one/,
    ],
    ['queues.yaml', queue('members: { en: 11 }'), '4:16', 'error', /must be <= 10/, /./],
    [
      'queues.yaml',
      queue('members: 7'),
      '4:5',
      'error',
      /found 7, expected a map or a text or a list/,
      /Who serves/,
    ],
    [
      'queues.yaml',
      queue(MEMBERS, 'strategy: random'),
      '5:5',
      'error',
      /found "random", expected longest-idle or/,
      /Which of the free agents/,
    ],
  ],
  BAD_REQUIREMENT: [
    ['queues.yaml', queue('members: "billing & en"'), '4:23', 'error', /found "&"/, /Write and/],
    [
      'queues.yaml',
      queue('members:', '  - who: >-', '      billing and', '      en or or'),
      '7:17',
      'error',
      /"or"/,
      /./,
    ],
    ['queues.yaml', queue(MEMBERS, 'steps: [{ who: "en:0" }]'), '5:24', 'error', /level from 1 to 10/, /./],
    ['teams.yaml', 'teams:\n  a: { name: A, who: "(en" }', '2:23', 'error', /never closed/, /Put a \)/],
  ],
  NOBODY_FITS: [
    ['queues.yaml', queue('members: "en and not en"'), '4:5', 'error', /exclude each other/, /Write or/],
    [
      'queues.yaml',
      queue('members: "not en"', 'steps: [{ who: "en:5" }]'),
      '5:15',
      'error',
      /no member of the queue/,
      /relax: members/,
    ],
    ['teams.yaml', 'teams:\n  a: { name: A, who: "en:9 and not en:3" }', '2:17', 'error', /exclude/, /./],
  ],
  NO_MEMBERS: [
    ['queues.yaml', queue('members: "es:3"'), '4:5', 'warning', /nobody who works here/, /agent skills/],
  ],
  SHADOWED_MEMBER: [
    [
      'queues.yaml',
      queue('members:', '  - who: billing', '  - { who: "billing:5 and en", preference: 2 }'),
      '6:9',
      'warning',
      /fits an earlier one/,
      /narrower/,
    ],
  ],
  SHADOWED_STEP: [
    [
      'queues.yaml',
      queue(MEMBERS, 'steps:', '  - { who: anyone, for: 1m }', '  - who: "en:5"'),
      '7:9',
      'warning',
      /step 2 asks nobody/,
      /boost/,
    ],
    [
      'queues.yaml',
      queue(MEMBERS, 'steps:', '  - { who: [ana, tom], for: 1m }', '  - who: [tom]'),
      '7:9',
      'warning',
      /step 2/,
      /./,
    ],
    [
      'queues.yaml',
      queue(MEMBERS, 'steps:', '  - { who: peers, for: 1m }', '  - who: peers'),
      '7:9',
      'warning',
      /step 2/,
      /./,
    ],
  ],
  ENDLESS_OVERFLOW: [
    [
      'queues.yaml',
      queue(MEMBERS, 'steps: [{ who: anyone, for: 1m }]', 'afterwards: { queue: help }'),
      '6:19',
      'error',
      /help overflows into itself/,
      /stay/,
    ],
    [
      'queues.yaml',
      `${queue(MEMBERS, 'steps: [{ who: anyone, for: 1m }]', 'afterwards: { queue: more }')}  more:
    name: More
    members: en
    steps: [{ who: anyone, for: 1m }]
    afterwards: { queue: help }
`,
      '6:19',
      'warning',
      /help -> more -> help: a caller enters no queue twice/,
      /Remove one/,
    ],
  ],
  MEANINGLESS_STRATEGY: [
    [
      'queues.yaml',
      queue('members: team:trainees', 'strategy: most-skilled'),
      '5:5',
      'warning',
      /members need none/,
      /another strategy/,
    ],
  ],
  HEAD_START_ORDER: [
    [
      'queues.yaml',
      queue(MEMBERS, 'headStart: { 1: 1m, 2: 3m }'),
      '5:25',
      'warning',
      /priority 2 is worth 3m, and 1, which is better, 1m/,
      /better priority/,
    ],
  ],
  NEEDLESS_KEY: [
    ['queues.yaml', queue(MEMBERS, 'ringAtOnce: 2'), '5:5', 'error', /only with ring-all/, /Remove/],
    [
      'queues.yaml',
      queue(MEMBERS, 'namedAgentTime: 20s', 'steps: [{ who: anyone }]'),
      '5:5',
      'error',
      /only where there are no steps/,
      /who: named, for: 20s/,
    ],
    [
      'queues.yaml',
      queue(MEMBERS, 'steps: [{ who: anyone, for: 1m }]'),
      '5:28',
      'warning',
      /after it callers stay/,
      /Remove for/,
    ],
  ],
  TEAM_IN_TEAM: [
    [
      'teams.yaml',
      'teams:\n  trainees: { name: T, who: "en and team:experts" }',
      '2:42',
      'error',
      /experts/,
      /Name the/,
    ],
  ],
  EMPTY_TEAM: [
    ['teams.yaml', 'teams:\n  ghosts: { name: Ghosts }', '2:3', 'warning', /nobody is in/, /Add agents/],
  ],
  RESERVED_NAME: [
    [
      'skills.yaml',
      `${SOUND['skills.yaml'] ?? ''}  team: { name: Team }\n`,
      '5:3',
      'error',
      /called team/,
      /otherwise/,
    ],
  ],
  UNKNOWN_SKILL: [
    [
      'queues.yaml',
      queue('members: { bilinl: 1 }'),
      '4:16',
      'error',
      /no skill bilinl in skills.yaml/,
      /billing\?/,
    ],
    ['queues.yaml', queue('members: "en and biling:3"'), '4:22', 'error', /no skill biling /, /billing\?/],
  ],
  UNKNOWN_TEAM: [
    [
      'queues.yaml',
      queue(MEMBERS, 'steps: [{ who: "en and not team:trainee" }]'),
      '5:37',
      'error',
      /trainee/,
      /trainees\?/,
    ],
  ],
  UNKNOWN_QUEUE: [
    [
      'queues.yaml',
      queue(MEMBERS, 'steps: [{ who: anyone, for: 1m }]', 'afterwards: { queue: hepl }'),
      '6:19',
      'error',
      /no queue hepl/,
      /help\?/,
    ],
    [
      'dispositions.yaml',
      'dispositions:\n  a: { name: A, queues: [bill] }',
      '2:26',
      'error',
      /no queue bill /,
      /billing/,
    ],
  ],
  UNKNOWN_DISPOSITION: [
    [
      'demo.yaml',
      `password: secret\npeople: {}\ncustomers:\n  x:\n    name: X\n    history:\n      - { daysAgo: 1, outcome: handled, disposition: don }\n`,
      '7:41',
      'error',
      /no disposition don /,
      /done\?/,
    ],
  ],
  UNKNOWN_AGENT: [
    [
      'queues.yaml',
      queue(MEMBERS, 'steps: [{ who: [ana, anna], for: 1m }, { who: anyone }]'),
      '5:26',
      'warning',
      /anna/,
      /ana\?/,
    ],
    [
      'teams.yaml',
      'teams:\n  trainees: { name: T, agents: [tim] }',
      '2:33',
      'warning',
      /no agent tim/,
      /tom\?/,
    ],
  ],
  UNKNOWN_CALENDAR: [
    ['queues.yaml', queue(MEMBERS, 'calendar: alway'), '5:5', 'error', /no calendar alway/, /always\?/],
    [
      'queues.yaml',
      queue(MEMBERS, 'callback: { calendar: office }'),
      '5:17',
      'error',
      /no calendar office/,
      /always/,
    ],
  ],
  UNKNOWN_PAUSE_REASON: [
    [
      'queues.yaml',
      queue(MEMBERS, 'pauseAfterCall: brake'),
      '5:5',
      'error',
      /no pause reason brake/,
      /break/,
    ],
  ],
  UNKNOWN_PROMPT: [
    [
      'queues.yaml',
      queue(MEMBERS, 'whisper: { en: [{ say: "{queue}" }, { audio: nowhere }] }'),
      '5:43',
      'warning',
      /no media\/prompts\/en\/nowhere\.wav/,
      /Record it/,
    ],
  ],
  UNKNOWN_TRUNK: [
    [
      'trunks.yaml',
      'trunks: {}\nroutes:\n  "_+1.": { name: All, trunks: [main] }\n',
      '3:33',
      'error',
      /no trunk main/,
      /./,
    ],
  ],
  BAD_CALENDAR: [
    [
      'calendars.yaml',
      'calendars:\n  a: { name: A, open: always, timeZone: Mars/Base }',
      '2:31',
      'error',
      /found "Mars\/Base"/,
      /iana/,
    ],
  ],
  BAD_NUMBER: [
    ['numbers.yaml', 'numbers:\n  "_1Q": { name: A, flow: main }', '2:3', 'error', /found Q/, /signs/],
  ],
  BAD_TRUNK: [
    [
      'trunks.yaml',
      'trunks:\n  a: { name: A, hosts: [b], register: true }',
      '2:3',
      'error',
      /lacks username/,
      /Add/,
    ],
  ],
}
