/**
 * What raw messages mean: pure functions from what drachtio-server and FreeSWITCH send to the words of the contract.
 * Everything here takes `unknown` where it comes from outside, and never throws.
 */
import type { CallId, EndCause, MediaReport } from '../../call/call.ts'
import type { CallEvent, RecordingEnd } from '../../call/events.ts'
import type { Ending } from '../endings.ts'
import { callerOf, identityOf, partyOf } from '../identity.ts'
import { parseNameAddr } from '../name-addr.ts'
import { causeOfStatus } from '../status-causes.ts'
import { numberFromTrunk, type Trunk } from '../trunk.ts'
import type { SipRequest } from './sip-messages.ts'

/** Reads one header of an event of FreeSWITCH. */
export type EslHeaders = (name: string) => unknown

/** Whose call it is, as admission has found out. */
export interface Admitted {
  /** The device that proved itself. */
  readonly device: string | undefined
  /** The trunk that it came over, and the number that was dialled there, as the plan has it. */
  readonly over: { readonly trunk: Trunk; readonly number: string } | undefined
}

/** Somebody calls. */
export function offered(
  call: CallId,
  request: SipRequest,
  { device, over }: Admitted,
): Extract<CallEvent, { type: 'call.offered' }> {
  const identity = identityOf(request.fields, over?.trunk.trusted ?? false)
  const from = parseNameAddr(request.fields['from']?.[0] ?? '')
  const caller = callerOf(
    partyOf(from ?? { name: undefined, uri: 'sip:anonymous@anonymous.invalid' }),
    identity,
  )
  const isPlain = !over || caller.number === undefined
  return {
    type: 'call.offered',
    call,
    from: isPlain ? caller : { ...caller, number: numberFromTrunk(caller.number, over.trunk.numbers) },
    // The Request-URI, not To, which may name what was dialled before a redirection.
    to: over ? { uri: request.uri, number: over.number } : partyOf({ name: undefined, uri: request.uri }),
    ...(device !== undefined && { device }),
    ...(over && { trunk: over.trunk.name }),
    ...(identity && { identity }),
    headers: Object.fromEntries(
      Object.entries(request.fields).map(([name, values]) => [name, values[0] ?? '']),
    ),
  }
}

/** A provisional response: 180, or 183 with SDP; others say nothing (RFC 3261 21.1). */
export function progress(status: number, body: string): 'ringing' | 'early-media' | undefined {
  if (status === 183 && body !== '') return 'early-media'
  return status === 180 ? 'ringing' : undefined
}

/** The final response that refuses a call of ours. */
export function refused(status: number): Ending {
  return { cause: causeOfStatus(status), by: 'remote', status }
}

/**
 * Who ended a dialog: the far end by its BYE, or drachtio-server itself, whose BYE counts as sent by an application,
 * when no ACK came or the session was not refreshed in time (RFC 3261 13.3.1.4, RFC 4028 10).
 */
export function ended(source: unknown): Ending {
  if (source === 'network') return { cause: 'normal', by: 'remote' }
  return { cause: 'failed' satisfies EndCause, by: 'network', status: 408 }
}

/** A DTMF event; undefined when it names no key. */
export function digit(
  call: CallId,
  header: EslHeaders,
): Extract<CallEvent, { type: 'call.digit' }> | undefined {
  const key = header('DTMF-Digit')
  if (typeof key !== 'string' || !/^[0-9*#A-Da-d]$/.test(key)) return undefined
  const source = header('DTMF-Source')
  const samples = wholeNumber(header('DTMF-Duration')) ?? 0
  return {
    type: 'call.digit',
    call,
    digit: key.toUpperCase(),
    source: typeof source === 'string' && source.toUpperCase().startsWith('INBAND') ? 'inband' : 'rtp',
    // FreeSWITCH counts samples at 8 kHz.
    durationMs: Math.round(samples / 8),
  }
}

/** What came of an application that played something. */
export function played(header: EslHeaders): 'played' | 'missing' | 'failed' {
  const response = header('Application-Response') ?? header('variable_current_application_response')
  if (response === 'FILE NOT FOUND') return 'missing'
  return response === 'PLAYBACK ERROR' ? 'failed' : 'played'
}

/** A RECORD_STOP event. */
export interface Recorded {
  readonly file: string
  readonly durationMs: number
  /** Why FreeSWITCH ended it; undefined where it was told to. */
  readonly reason: RecordingEnd | undefined
  /** There was not one packet to record, and FreeSWITCH threw the file away. */
  readonly discarded: boolean
}

/** By the completion causes of FreeSWITCH (`switch_ivr_async.c`). */
const RECORDING_ENDS: Readonly<Record<string, RecordingEnd>> = {
  'success-silence': 'silence',
  'no-input-timeout': 'silence',
  'success-maxtime': 'max-length',
}

export function recorded(header: EslHeaders): Recorded | undefined {
  const file = header('Record-File-Path')
  if (typeof file !== 'string') return undefined
  const cause = header('Record-Completion-Cause')
  return {
    file,
    durationMs: wholeNumber(header('variable_record_ms')) ?? 0,
    reason: typeof cause === 'string' ? RECORDING_ENDS[cause] : undefined,
    discarded: cause === 'empty-file' || cause === 'input-too-short',
  }
}

/** How much a media server carries, from its HEARTBEAT; undefined when that is not one. */
export interface Load {
  readonly sessions: number
  readonly maxSessions: number
}

export function load(header: EslHeaders): Load | undefined {
  const sessions = wholeNumber(header('Session-Count'))
  const maxSessions = wholeNumber(header('Max-Sessions'))
  if (sessions === undefined || maxSessions === undefined || maxSessions === 0) return undefined
  return { sessions, maxSessions }
}

/** What to ask of a channel for `mediaReport`, by FreeSWITCH's `eval`. */
export const REPORT_QUERY = [
  'rtp_audio_in_media_packet_count',
  'rtp_audio_out_media_packet_count',
  'rtp_audio_in_jitter_loss_rate',
  'rtp_audio_in_jitter_max_variance',
  'rtp_use_codec_name',
]
  .map((name) => `\${variable_${name}}`)
  .join('|')

/** The answer to `REPORT_QUERY`; undefined where the channel has gone or has no audio yet. */
export function mediaReport(answer: unknown): MediaReport | undefined {
  if (typeof answer !== 'string') return undefined
  const [received, sent, lossRate, variance, codec] = answer.trim().split('|')
  const packetsReceived = wholeNumber(received)
  if (packetsReceived === undefined) return undefined
  return {
    packetsReceived,
    packetsSent: wholeNumber(sent) ?? 0,
    // It counts gaps in the sequence numbers, and tells their share every 5 s.
    packetsLost: Math.round(positive(lossRate) * packetsReceived),
    // It keeps no jitter of RFC 3550 6.4.1; this is the standard deviation at its worst.
    jitterMs: Math.round(Math.sqrt(positive(variance)) * 10) / 10,
    codec: codec || 'unknown',
  }
}

function positive(text: string | undefined): number {
  const number = Number.parseFloat(text ?? '')
  return Number.isFinite(number) && number > 0 ? number : 0
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}
