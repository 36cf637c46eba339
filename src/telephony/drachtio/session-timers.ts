/**
 * Session timers (RFC 4028): drachtio-server runs them and ends a session that is not refreshed in time; here is only
 * what the two ends agree on. The far end refreshes, because its description is the one that may change.
 */
import type { RawHeaders } from '../identity.ts'
import { decimal, param, splitOutside } from '../sip-grammar.ts'

/** Less is refused: 422 (RFC 4028 5). Seconds. */
const MIN_SE = 90
const MAX_SE = 86_400

export type SessionTimer =
  | { readonly headers: Readonly<Record<string, string>> }
  /** The caller asks for too short a session. */
  | { readonly refused: Readonly<Record<string, string>> }

/** What a 200 to this INVITE says of the session's timer. */
export function timerOfAnswer(fields: RawHeaders, ourSeconds: number): SessionTimer {
  const supported = (fields['supported'] ?? []).flatMap((field) => splitOutside(field, ','))
  const [asked = '', ...params] = (fields['session-expires']?.[0] ?? '').split(';')
  const seconds = decimal(asked.trim(), MAX_SE)
  if (seconds !== undefined && seconds < MIN_SE) return { refused: { 'Min-SE': String(MIN_SE) } }
  // A far end that knows no timers would refresh nothing.
  if (!supported.some((each) => each.toLowerCase() === 'timer')) return { headers: {} }
  const refresher = param(params.join(';'), 'refresher')?.toLowerCase() === 'uas' ? 'uas' : 'uac'
  return {
    headers: {
      Supported: 'timer',
      ...(refresher === 'uac' && { Require: 'timer' }),
      'Session-Expires': `${Math.min(seconds ?? ourSeconds, ourSeconds)};refresher=${refresher}`,
    },
  }
}

/** What an INVITE of ours asks for. */
export function timerOfOffer(seconds: number): Readonly<Record<string, string>> {
  return { Supported: 'timer', 'Session-Expires': `${seconds};refresher=uas`, 'Min-SE': String(MIN_SE) }
}
