/**
 * A trunk as every backend takes it: a peer that calls come from and go to by number (a provider, a PBX, a session
 * border controller). Made of `config/trunks.yaml`; the password has been read by then.
 */
export interface Trunk {
  /** Its name in the center's files, in events and in `dial`. */
  readonly name: string
  /** `host` or `host:port` (5060), the one to ask first at the front. */
  readonly hosts: readonly string[]
  readonly transport: 'udp' | 'tcp'
  /** Host part of its From and To (default: the host that is asked). */
  readonly domain?: string
  /** Answers to its digest challenges (RFC 3261 22), in every request. */
  readonly credentials?: { readonly username: string; readonly password: string }
  /** The only realm for which it is given them (default: the one that its hosts ask for first). */
  readonly realm?: string
  /** We register there and stay registered (10.2), for so many seconds at a time; needs credentials. */
  readonly registration?: { readonly expires: number }
  /** OPTIONS (RFC 3261 11.1) tell whether a host works; absent: a host counts as working. */
  readonly health?: TrunkHealth
  /** Is it in our trust domain (RFC 3325)? Then what it asserts of a caller counts. */
  readonly trusted: boolean
  /** How it is told who calls beside From: only where it is in the trust domain, for it passes the number on. */
  readonly identity: 'none' | 'p-asserted-identity' | 'remote-party-id'
  /**
   * User part of From in place of the caller's number, for a peer that takes only its own numbers or an account
   * name there. An E.164 number is written in its way.
   */
  readonly callerId?: string
  /**
   * Where its calls come from besides `hosts`: IPv4 addresses and networks (`203.0.113.7`, `203.0.113.0/24`), each
   * with a port (`203.0.113.7:5070`) where that must fit as well.
   */
  readonly sources: readonly string[]
  readonly numbers: NumberFormat
}

export interface TrunkHealth {
  readonly everyMs: number
  /** So many OPTIONS in a row without an answer, or with 408 or 503, and a host is down. */
  readonly failures: number
  /** So many answers in a row, and it is up again. */
  readonly successes: number
}

/** How a trunk writes numbers. Our own form is E.164 with `+`, and whatever the number plan has for short ones. */
export interface NumberFormat {
  /** E.164 country code of the numbers that it writes without one: `1`, `44`, `49`. */
  readonly countryCode?: string
  /** What stands before a national number in that country: `0` in most of Europe, `1` in North America. */
  readonly nationalPrefix: string
  /** What stands before a country code where there is no `+`: `00`, `011`. */
  readonly internationalPrefix: string
  /**
   * What a number without `+` is that comes from it: `national`, `international` (a country code and no `+`), or
   * `as-is` (not to be changed). Numbers of fewer than seven digits are short codes and stay as they are.
   */
  readonly receives: 'national' | 'international' | 'as-is'
  /** How it wants an E.164 number: `+12025550123`, `12025550123`, or `national` with the prefixes above. */
  readonly sends: 'e164' | 'international' | 'national'
  /** Digits cut off and put in front: of what comes before it is read, of what goes after it is written. */
  readonly received: Digits
  readonly sent: Digits
}

export interface Digits {
  /** How many characters to cut off at the front. */
  readonly strip: number
  readonly prepend: string
}

/** Shorter ones are short codes and extensions: `112`, `6200`. */
const SHORTEST = 7
const LONGEST = 15

/** A number as it came from a trunk, in our own form; without the visual separators of RFC 3966 5.1.1. */
export function numberFromTrunk(number: string, format: NumberFormat): string {
  const plain = /^\+?[0-9().-]+$/.test(number) ? number.replace(/[().-]/g, '') : number
  const whole = changed(plain, format.received)
  const digits = whole.replace(/^\+/, '')
  if (!/^\d+$/.test(digits) || digits.length < SHORTEST || whole.startsWith('+')) return whole
  const { receives, countryCode, internationalPrefix, nationalPrefix } = format
  if (receives === 'as-is') return whole
  if (internationalPrefix !== '' && digits.startsWith(internationalPrefix)) {
    return plausible(digits.slice(internationalPrefix.length), whole)
  }
  if (receives === 'international') return plausible(digits, whole)
  if (countryCode === undefined) return whole
  const isPrefixed = nationalPrefix !== '' && digits.startsWith(nationalPrefix)
  return plausible(`${countryCode}${isPrefixed ? digits.slice(nationalPrefix.length) : digits}`, whole)
}

/** A number of ours in the form that a trunk wants. */
export function numberForTrunk(number: string, format: NumberFormat): string {
  return changed(written(number, format), format.sent)
}

function written(number: string, format: NumberFormat): string {
  const { sends, countryCode, internationalPrefix, nationalPrefix } = format
  if (!/^\+\d+$/.test(number) || sends === 'e164') return number
  const digits = number.slice(1)
  if (sends === 'international') return digits
  const isNational = countryCode !== undefined && digits.startsWith(countryCode)
  return isNational
    ? `${nationalPrefix}${digits.slice(countryCode.length)}`
    : `${internationalPrefix}${digits}`
}

/** E.164 has at most 15 digits and no country code begins with 0: anything else stays as it came. */
function plausible(digits: string, otherwise: string): string {
  return digits.length > LONGEST || digits.startsWith('0') ? otherwise : `+${digits}`
}

function changed(number: string, { strip, prepend }: Digits): string {
  return `${prepend}${number.slice(strip)}`
}
