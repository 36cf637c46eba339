/** The scenarios that suites share. Each is named for what the far end does and expects. */
import type { Scenario, Send, Step } from './scenario.ts'

const SDP = [
  'v=0',
  'o=sipp 53655765 2353687637 IN IP4 [local_ip]',
  's=-',
  'c=IN IP4 [media_ip]',
  't=0 0',
  'm=audio [media_port] RTP/AVP 0 101',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=ptime:20',
]

const VIA = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]'
const CALLER = 'From: "SIPp" <sip:[caller]@[local_ip]:[local_port]>;tag=[pid]SIPpTag[call_number]'
const CONTACT = 'Contact: <sip:[caller]@[local_ip]:[local_port];transport=[transport]>'
const OWN_TAG = 'tag=[pid]SIPpTag[call_number]'
/** Copied from the last message received. */
const COPIED = ['[last_Via:]', '[last_Record-Route:]', '[last_From:]']

export interface CallerOptions {
  /** The calling number (default +15550100). */
  readonly caller?: string
  /** Milliseconds between answer and hang-up, or the longest wait for the server's BYE. */
  readonly talkMs?: number
}

/** Calls, is answered, and hangs up after `talkMs` (default 0). */
export function callerHangsUp(options: CallerOptions = {}): Scenario {
  const steps = [...answered(), pause(options.talkMs ?? 0), ...hangUp()]
  return { name: 'caller hangs up', steps: withCaller(steps, options) }
}

/** Calls, is answered, and waits for the server's BYE. */
export function serverHangsUp(options: CallerOptions = {}): Scenario {
  const steps: Step[] = [...answered(), { receive: 'BYE', timeoutMs: options.talkMs ?? 30_000 }, reply()]
  return { name: 'server hangs up', steps: withCaller(steps, options) }
}

/** Calls, is answered, sends `digits` (each at most once) as telephone-event, and hangs up. */
export function callerPressesDigits(
  digits: string,
  options: CallerOptions & { readonly beforeMs?: number } = {},
): Scenario {
  const pressed = digits.split('').map((digit) => ({ digit }))
  const steps = [
    ...answered(),
    pause(options.beforeMs ?? 200),
    ...pressed,
    pause(options.talkMs ?? 0),
    ...hangUp(),
  ]
  return { name: `caller presses ${digits}`, steps: withCaller(steps, options) }
}

/**
 * Calls, is answered, presses a key by SIP INFO `beforeMs` later, and waits for the server's BYE. Unlike with keys in
 * the audio, SIPp sends no RTP of its own: the far end of the audio is whoever listens at `mediaPort`.
 */
export function callerPressesByInfo(
  digit: string,
  options: CallerOptions & { readonly beforeMs?: number } = {},
): Scenario {
  const steps: Step[] = [
    ...answered(),
    pause(options.beforeMs ?? 200),
    {
      send: inDialog('INFO', 2),
      body: [`Signal=${digit}`, 'Duration=100'],
      bodyType: 'application/dtmf-relay',
      retransmitMs: 500,
    },
    { receive: 200 },
    { receive: 'BYE', timeoutMs: options.talkMs ?? 60_000 },
    reply(),
  ]
  return { name: `caller presses ${digit} by INFO`, steps: withCaller(steps, options) }
}

/** Calls something that rings, and hangs up `ringMs` after the first 180. */
export function callerCancels(options: CallerOptions & { readonly ringMs?: number } = {}): Scenario {
  const steps: Step[] = [
    invite(),
    { receive: 100, optional: true },
    { receive: 180, stopTimer: true },
    pause(options.ringMs ?? 200),
    { send: ofInvite('CANCEL'), retransmitMs: 500 },
    { receive: 200 },
    { receive: 487 },
    { send: ofInvite('ACK', '[peer_tag_param]') },
  ]
  return { name: 'caller cancels', steps: withCaller(steps, options) }
}

/** Calls and is refused with `status`. */
export function callerIsRefused(status: number, options: CallerOptions = {}): Scenario {
  const steps: Step[] = [
    invite(),
    { receive: 100, optional: true },
    { receive: 180, optional: true },
    { receive: status, stopTimer: true },
    { send: ofInvite('ACK', '[peer_tag_param]') },
  ]
  return { name: `caller is refused with ${status}`, steps: withCaller(steps, options) }
}

/** Asks with OPTIONS and is answered 200. */
export function options(): Scenario {
  const steps: Step[] = [
    { send: request('OPTIONS', 1), retransmitMs: 500, startTimer: true },
    { receive: 200, stopTimer: true },
  ]
  return { name: 'options', steps: withCaller(steps, {}) }
}

export interface RegistrationOptions {
  /** Seconds (default 60); 0 removes the binding. */
  readonly expires?: number
  /** `host:port` of the phone (default: SIPp's own). */
  readonly contact?: string
  /** Last answer that is expected (default 200). */
  readonly expected?: number
}

/** Registers `user` of the run with digest authentication (RFC 3261, 22): refused with 401, then answered. */
export function registers(options: RegistrationOptions = {}): Scenario {
  const contact = options.contact ?? '[local_ip]:[local_port]'
  const attempt = (sequence: number, ...authorization: string[]): Send => ({
    send: [
      'REGISTER sip:[remote_ip]:[remote_port] SIP/2.0',
      VIA,
      'From: <sip:[service]@[remote_ip]:[remote_port]>;tag=[pid]SIPpTag[call_number]',
      'To: <sip:[service]@[remote_ip]:[remote_port]>',
      'Call-ID: reg///[call_id]',
      `CSeq: ${sequence} REGISTER`,
      `Contact: <sip:[service]@${contact};transport=[transport]>`,
      `Expires: ${options.expires ?? 60}`,
      ...authorization,
    ],
    retransmitMs: 500,
  })
  return {
    name: 'registers',
    steps: [
      attempt(1),
      { receive: 401, challenge: true },
      attempt(2, '[authentication]'),
      { receive: options.expected ?? 200 },
    ],
  }
}

/** A phone that rings for `ringMs`, answers and waits for the other side's BYE. */
export function phoneAnswers(options: { readonly ringMs?: number } = {}): Scenario {
  return {
    name: 'phone answers',
    steps: [...ringing(options.ringMs ?? 0), answer(), { receive: 'ACK' }, { receive: 'BYE' }, reply()],
  }
}

/** A phone that answers and hangs up after `talkMs`. */
export function phoneAnswersAndHangsUp(
  options: { readonly ringMs?: number; readonly talkMs?: number } = {},
): Scenario {
  const bye: Send = {
    send: [
      'BYE [next_url] SIP/2.0',
      VIA,
      '[routes]',
      `From:[$called];${OWN_TAG}`,
      'To:[$caller]',
      'Call-ID: [call_id]',
      'CSeq: 1 BYE',
    ],
    retransmitMs: 500,
  }
  return {
    name: 'phone answers and hangs up',
    steps: [
      ...ringing(options.ringMs ?? 0, { caller: 'From', called: 'To' }),
      answer(),
      { receive: 'ACK' },
      pause(options.talkMs ?? 0),
      bye,
      { receive: 200 },
    ],
  }
}

/** A phone that rings and then refuses: 486 busy, 603 declined, 480 not available, ... */
export function phoneRefuses(status: number, reason: string, ringMs = 0): Scenario {
  return {
    name: `phone refuses with ${status}`,
    steps: [...ringing(ringMs), { send: response(status, reason), retransmitMs: 500 }, { receive: 'ACK' }],
  }
}

/** A phone that rings until the caller's side cancels. */
export function phoneRingsUntilCancelled(): Scenario {
  return {
    name: 'phone rings until cancelled',
    steps: [
      ...ringing(0, { sequence: 'CSeq' }),
      { receive: 'CANCEL' },
      reply(),
      {
        send: [
          'SIP/2.0 487 Request Terminated',
          '[last_Via:]',
          '[last_From:]',
          `[last_To:];${OWN_TAG}`,
          '[last_Call-ID:]',
          'CSeq:[$sequence]',
        ],
        retransmitMs: 500,
      },
      { receive: 'ACK' },
    ],
  }
}

function pause(pauseMs: number): Step {
  return { pauseMs }
}

function request(method: string, sequence: number): string[] {
  return [
    `${method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0`,
    VIA,
    CALLER,
    'To: <sip:[service]@[remote_ip]:[remote_port]>',
    'Call-ID: [call_id]',
    `CSeq: ${sequence} ${method}`,
    CONTACT,
  ]
}

function invite(): Send {
  return { send: request('INVITE', 1), body: SDP, retransmitMs: 500, startTimer: true }
}

function answered(): Step[] {
  return [
    invite(),
    { receive: 100, optional: true },
    { receive: 180, optional: true },
    { receive: 183, optional: true },
    { receive: 200, routeSet: true, stopTimer: true },
    { send: inDialog('ACK', 1) },
  ]
}

function inDialog(method: string, sequence: number): string[] {
  return [
    `${method} [next_url] SIP/2.0`,
    VIA,
    '[routes]',
    CALLER,
    'To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]',
    'Call-ID: [call_id]',
    `CSeq: ${sequence} ${method}`,
  ]
}

function hangUp(): Step[] {
  return [{ send: inDialog('BYE', 2), retransmitMs: 500 }, { receive: 200 }]
}

/** A CANCEL, and the ACK of a refusal, belong to the INVITE's transaction. */
function ofInvite(method: 'CANCEL' | 'ACK', tag = ''): string[] {
  return [
    `${method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0`,
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[invite_branch]',
    CALLER,
    `To: <sip:[service]@[remote_ip]:[remote_port]>${tag}`,
    'Call-ID: [call_id]',
    `CSeq: 1 ${method}`,
  ]
}

function ringing(ringMs: number, keep: Readonly<Record<string, string>> = {}): Step[] {
  return [{ receive: 'INVITE', routeSet: true, keep }, { send: response(180, 'Ringing') }, pause(ringMs)]
}

function answer(): Send {
  return { send: response(200, 'OK'), body: SDP, retransmitMs: 500 }
}

function response(status: number, reason: string): string[] {
  return [
    `SIP/2.0 ${status} ${reason}`,
    ...COPIED,
    `[last_To:];${OWN_TAG}`,
    '[last_Call-ID:]',
    '[last_CSeq:]',
    'Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>',
  ]
}

function reply(): Send {
  return { send: ['SIP/2.0 200 OK', ...COPIED, '[last_To:]', '[last_Call-ID:]', '[last_CSeq:]'] }
}

function withCaller(steps: readonly Step[], options: CallerOptions): Step[] {
  const caller = options.caller ?? '+15550100'
  return steps.map((step) =>
    'send' in step ? { ...step, send: step.send.map((line) => line.replaceAll('[caller]', caller)) } : step,
  )
}
