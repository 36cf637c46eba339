/**
 * Callers and the phone that they are put through to, in one process, so that one clock tells how long a call took
 * from the caller's INVITE to the INVITE at the phone. A call is found again by the caller's number.
 *
 *   node dial-driver.ts <target port> <phone port> <number dialled> <calls a second> <calls>
 *
 * The phone answers at once; they talk for a moment, and the caller hangs up. Prints `listening`, and at the end one
 * line of JSON: `DialFigures`. SIP is written down to what those two need (RFC 3261): on loopback nothing is lost
 * as a rule, and what is lost counts as failed.
 */
import { createSocket, type Socket } from 'node:dgram'
import { percentile } from '../sipp-harness/statistics.ts'

export interface DialFigures {
  readonly calls: number
  /** Calls that did not reach the phone, were not answered, or were not over in time. */
  readonly failed: number
  /** From INVITE sent to INVITE received, milliseconds. */
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly most: number }
}

interface Call {
  readonly sentAt: number
  reachedAt?: number
  /** Once the caller has been answered. */
  hangUp?: () => void
  over: boolean
}

const HOST = '127.0.0.1'
const TALK_MS = 200
/** After the last call was made. */
const PATIENCE_MS = 15_000
const FIRST_NUMBER = 12_025_000_000
/** Calls of an earlier run are not over for the server yet (RFC 3261 17.2.4). */
const RUN = process.pid

if (import.meta.main) {
  const [target, phonePort, user, rate, calls] = process.argv.slice(2)
  const figures = await drive(Number(target), Number(phonePort), String(user), Number(rate), Number(calls))
  console.log(JSON.stringify(figures))
  process.exit()
}

async function drive(
  target: number,
  phonePort: number,
  user: string,
  rate: number,
  count: number,
): Promise<DialFigures> {
  const [phone, caller, audio] = await Promise.all([open(phonePort), open(0), open(0)])
  const media = sdp(audio.address().port)
  const calls = new Map<string, Call>()
  let over = 0
  const allOver = Promise.withResolvers<void>()
  const done = (number: string): void => {
    const call = calls.get(number)
    if (!call || call.over) return
    call.over = true
    if (++over === count) allOver.resolve()
  }

  phone.on('message', (data, from) => {
    const at = performance.now()
    const text = data.toString('latin1')
    if (text.startsWith('OPTIONS ') || text.startsWith('BYE ')) return reply(phone, from.port, text, '200 OK')
    const call = calls.get(callerOf(text))
    if (text.startsWith('ACK ')) setTimeout(() => call?.hangUp?.(), TALK_MS)
    if (!text.startsWith('INVITE ')) return
    if (call) call.reachedAt ??= at
    reply(phone, from.port, text, '200 OK', `Contact: <sip:phone@${HOST}:${phonePort}>\r\n`, media)
  })

  const callerPort = caller.address().port
  const request = (method: string, call: string, uri: string, to: string, cseq: number, body = ''): void => {
    const branch = `z9hG4bK${call}${method}${cseq}-${RUN}`
    const head = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${HOST}:${callerPort};branch=${branch};rport`,
      'Max-Forwards: 70',
      `From: <sip:+${call}@${HOST}>;tag=${call}`,
      `To: ${to}`,
      `Call-ID: ${call}@${RUN}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:+${call}@${HOST}:${callerPort}>`,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
    ]
    caller.send(`${head.join('\r\n')}\r\n\r\n${body}`, target, HOST)
  }
  caller.on('message', (data, from) => {
    const text = data.toString('latin1')
    const number = header(text, 'Call-ID').split('@')[0] ?? ''
    if (!text.startsWith('SIP/2.0 ')) {
      if (!text.startsWith('ACK ')) reply(caller, from.port, text, '200 OK')
      return
    }
    const status = Number(text.slice(8, 11))
    if (status < 200) return
    if (status !== 200 || !header(text, 'CSeq').endsWith('INVITE')) return done(number)
    const to = header(text, 'To')
    const contact = /<([^>]+)>/.exec(header(text, 'Contact'))?.[1] ?? `sip:${user}@${HOST}:${target}`
    request('ACK', number, contact, to, 1)
    const call = calls.get(number)
    if (call) call.hangUp ??= () => request('BYE', number, contact, to, 2)
  })

  console.log('listening')
  const began = performance.now()
  for (let at = 0; at < count; at++) {
    const due = began + (at * 1_000) / rate
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    const number = String(FIRST_NUMBER + at)
    calls.set(number, { sentAt: performance.now(), over: false })
    const uri = `sip:${user}@${HOST}:${target}`
    request('INVITE', number, uri, `<${uri}>`, 1, media)
  }
  await Promise.race([allOver.promise, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])
  for (const socket of [phone, caller, audio]) socket.close()
  const delays = [...calls.values()]
    .flatMap(({ sentAt, reachedAt, over: isOver }) =>
      isOver && reachedAt !== undefined ? [reachedAt - sentAt] : [],
    )
    .sort((one, other) => one - other)
  return {
    calls: count,
    failed: count - delays.length,
    delayMs: {
      p50: percentile(delays, 0.5),
      p99: percentile(delays, 0.99),
      most: delays.at(-1) ?? Number.NaN,
    },
  }
}

async function open(port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, HOST, resolve)
  })
  return socket
}

/** A response with the headers that must be repeated (RFC 3261 8.2.6.2). */
function reply(socket: Socket, port: number, request: string, status: string, more = '', body = ''): void {
  const repeated = request
    .split('\r\n')
    .filter((line) => /^(via|record-route|from|call-id|cseq):/i.test(line))
    .join('\r\n')
  const to = header(request, 'To')
  const tagged = to.includes(';tag=') ? to : `${to};tag=phone`
  const type = body === '' ? '' : 'Content-Type: application/sdp\r\n'
  const rest = `To: ${tagged}\r\n${more}${type}Content-Length: ${body.length}\r\n\r\n${body}`
  socket.send(`SIP/2.0 ${status}\r\n${repeated}\r\n${rest}`, port, HOST)
}

function header(message: string, name: string): string {
  return new RegExp(`^${name}:[ \\t]*(.*)\\r$`, 'im').exec(message)?.[1] ?? ''
}

/** Number in From, without the plus sign that a system may have put there or taken away. */
function callerOf(message: string): string {
  return /sip:\+?([^@>]+)@/.exec(header(message, 'From'))?.[1] ?? ''
}

function sdp(port: number): string {
  const lines = [
    'v=0',
    `o=- 1 1 IN IP4 ${HOST}`,
    's=-',
    `c=IN IP4 ${HOST}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0`,
  ]
  return `${lines.join('\r\n')}\r\n`
}
