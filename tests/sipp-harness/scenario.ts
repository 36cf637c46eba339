/**
 * A SIPp scenario as data, and its XML (https://sipp.readthedocs.io/en/latest/scenarios/ownscenarios.html).
 * In the text of a message SIPp replaces its own keywords: [call_id], [remote_ip], [media_port], ...
 * One is ours: [invite_branch], the branch of the INVITE, for its CANCEL and for the ACK of a refusal (RFC 3261,
 * 9.1 and 17.1.1.3).
 */

export type Method = 'INVITE' | 'ACK' | 'BYE' | 'CANCEL' | 'OPTIONS' | 'REGISTER' | 'INFO' | 'UPDATE'

export interface Scenario {
  readonly name: string
  readonly steps: readonly Step[]
}

export type Step = Send | Receive | Pause | PlayDigit

/** Sends a message: its lines up to the body, without Content-Length, which is added. */
export interface Send {
  readonly send: readonly string[]
  readonly body?: readonly string[]
  /** Type of the body (default `application/sdp`). */
  readonly bodyType?: string
  /** First retransmission interval over UDP in milliseconds; none: sent once. */
  readonly retransmitMs?: number
  /** The response time is measured from here ... */
  readonly startTimer?: boolean
}

/** Waits for a message; any other one fails the call. */
export interface Receive {
  /** A response code, or the method of a request. */
  readonly receive: number | Method
  readonly optional?: boolean
  /** Keeps the route set and the remote target, for [routes] and [next_url]. */
  readonly routeSet?: boolean
  /** Keeps the challenge, for [authentication ...]. */
  readonly challenge?: boolean
  /** ... to here. */
  readonly stopTimer?: boolean
  readonly timeoutMs?: number
  /** The call fails when this POSIX regular expression is not found in the message. */
  readonly containing?: string
  /** Values of headers that later messages use: `{ caller: 'From' }` makes `[$caller]`. */
  readonly keep?: Readonly<Record<string, string>>
}

export interface Pause {
  readonly pauseMs: number
}

/** Sends a digit as telephone-event (RFC 4733, payload type 101), from the captures that come with SIPp. */
export interface PlayDigit {
  readonly digit: string
}

const CAPTURES = '/usr/share/sip-tester'
/** What a capture lasts (eight packets), and a gap after it. */
const DIGIT_MS = 300

/**
 * @throws when a digit has no capture, or comes twice: a capture carries fixed timestamps, so that the same digit
 * again is a retransmission to any receiver.
 */
export function toXml(scenario: Scenario): string {
  const digits = scenario.steps.flatMap((step) => ('digit' in step ? [step.digit] : []))
  if (new Set(digits).size < digits.length) {
    throw new Error(`${scenario.name}: SIPp can send each digit only once in a call, not ${digits.join('')}`)
  }
  const elements: string[] = []
  let invite = 0
  for (const step of scenario.steps) {
    if ('send' in step && step.send[0]?.startsWith('INVITE ')) invite = elements.length
    // SIPp names the branch of an earlier message by how many elements it lies back.
    const branch = `[branch-${elements.length - invite}]`
    elements.push(...xmlOf(step).map((xml) => xml.replaceAll('[invite_branch]', branch)))
  }
  const kept = scenario.steps.flatMap((step) =>
    'receive' in step && step.containing !== undefined ? ['found'] : [],
  )
  return [
    '<?xml version="1.0" encoding="UTF-8" ?>',
    `<scenario name="${escape(scenario.name)}">`,
    ...elements,
    // SIPp refuses a scenario with a variable that nothing reads.
    ...kept.slice(0, 1).map((name) => `<Reference variables="${name}"/>`),
    '</scenario>',
    '',
  ].join('\n')
}

/** The elements of a step. */
function xmlOf(step: Step): string[] {
  if ('send' in step) return [sendXml(step)]
  if ('receive' in step) return [receiveXml(step)]
  if ('pauseMs' in step) return [pauseXml(step.pauseMs)]
  const play = `<nop><action><exec play_pcap_audio="${captureOf(step.digit)}"/></action></nop>`
  return [play, pauseXml(DIGIT_MS)]
}

function pauseXml(ms: number): string {
  return `<pause milliseconds="${ms}"/>`
}

function sendXml(step: Send): string {
  const head = [...step.send, 'Max-Forwards: 70']
  const message = step.body
    ? [
        ...head,
        `Content-Type: ${step.bodyType ?? 'application/sdp'}`,
        'Content-Length: [len]',
        '',
        ...step.body,
      ]
    : [...head, 'Content-Length: 0', '']
  const attributes = { retrans: step.retransmitMs, start_rtd: step.startTimer }
  return `<send${attributesXml(attributes)}><![CDATA[\n${message.join('\n')}\n]]></send>`
}

function receiveXml(step: Receive): string {
  const attributes = attributesXml({
    [typeof step.receive === 'number' ? 'response' : 'request']: step.receive,
    optional: step.optional,
    rrs: step.routeSet,
    auth: step.challenge,
    rtd: step.stopTimer,
    timeout: step.timeoutMs,
  })
  const actions = Object.entries(step.keep ?? {}).map(
    ([name, header]) =>
      `<ereg regexp=".*" search_in="hdr" header="${header}:" check_it="true" assign_to="${name}"/>`,
  )
  if (step.containing !== undefined) {
    actions.push(
      `<ereg regexp="${escape(step.containing)}" search_in="msg" check_it="true" assign_to="found"/>`,
    )
  }
  if (actions.length === 0) return `<recv${attributes}/>`
  return `<recv${attributes}><action>${actions.join('')}</action></recv>`
}

function attributesXml(attributes: Readonly<Record<string, string | number | boolean | undefined>>): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('')
}

function captureOf(digit: string): string {
  const name = { '*': 'star', '#': 'pound' }[digit] ?? digit
  if (!/^(\d|star|pound)$/.test(name)) throw new Error(`SIPp has no capture of the digit ${digit}`)
  return `${CAPTURES}/dtmf_2833_${name}.pcap`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
