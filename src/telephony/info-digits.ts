/** A key that came by SIP INFO. */
export interface InfoDigit {
  readonly digit: string
  /** Milliseconds; 0 when it was not said. */
  readonly durationMs: number
}

/** Events 10 and 11 of RFC 4733 are * and #; 12 to 15 are A to D. */
const BY_NUMBER = '0123456789*#ABCD'

/**
 * The two bodies that phones send (neither was ever standardised): `application/dtmf-relay` with lines
 * `Signal=5` and `Duration=160`, and `application/dtmf` with the key alone.
 * @param contentType value of the Content-Type header
 * @returns undefined when the body holds no key, 'unsupported' when it is of another kind (RFC 3261 8.2.3)
 */
export function digitOfInfo(
  contentType: string | undefined,
  body: string,
): InfoDigit | 'unsupported' | undefined {
  if (body === '') return undefined
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/dtmf') return withDuration(body.trim(), undefined)
  if (type !== 'application/dtmf-relay') return 'unsupported'
  const signal = /^[ \t]*signal[ \t]*=[ \t]*(\S{1,2})[ \t]*$/im.exec(body)?.[1]
  const duration = /^[ \t]*duration[ \t]*=[ \t]*(\d{1,5})[ \t]*$/im.exec(body)?.[1]
  return signal === undefined ? undefined : withDuration(signal, duration)
}

function withDuration(signal: string, duration: string | undefined): InfoDigit | undefined {
  const key = /^1[0-5]$/.test(signal) ? BY_NUMBER.charAt(Number(signal)) : signal.toUpperCase()
  if (key.length !== 1 || !BY_NUMBER.includes(key)) return undefined
  return { digit: key, durationMs: Number(duration ?? 0) }
}
