import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js'

/** What a number turned out to be. */
export type NormalNumber =
  /** E.164 with `+`. */
  | { readonly kind: 'e164'; readonly value: string }
  /** Digits that are no public number: an extension, a short code. */
  | { readonly kind: 'local'; readonly value: string }
  /** The caller withheld it (RFC 3323, RFC 3325), or there is none. */
  | { readonly kind: 'anonymous' }
  /** Not a number: the user part of somebody's SIP address, or garbage. */
  | { readonly kind: 'unknown' }

/** What trunks and phones send in place of a number that is withheld or not known. */
const WITHHELD = new Set([
  '',
  'anonymous',
  'private',
  'restricted',
  'unavailable',
  'unknown',
  'withheld',
  'blocked',
])

/** The longest that we look at. */
const MAX_LENGTH = 64

const E164_DIGITS = 15

/** Fewer digits are an extension or a short code, even where a country's plan would allow them. */
const SHORTEST_PUBLIC = 7

/** Digits, then the marks that people and RFC 3966 write between them. */
const NUMBER = /^\+?[\d\s().\-/]+$/

/** So many that were read last are known: the same numbers are dialled, and call, again and again. */
const KNOWN = 1_000
const known = new Map<string, NormalNumber>()

/**
 * Brings a number as it was signalled or typed to one form: E.164 where it can be one. Takes international
 * (`+44...`, `0044...`, `011 44...`), national by `country`, international without a plus, and SIP or tel URIs
 * (RFC 3261 19.1.6, RFC 3966). Never throws.
 * @param country ISO 3166, by which national numbers are read
 */
export function normaliseNumber(raw: string | undefined, country: string): NormalNumber {
  if (raw === undefined || raw.length > MAX_LENGTH) return read(raw, country)
  const key = `${country} ${raw}`
  const found = known.get(key)
  if (found) return found
  const number = read(raw, country)
  const [oldest] = known.keys()
  if (known.size >= KNOWN && oldest !== undefined) known.delete(oldest)
  known.set(key, number)
  return number
}

function read(raw: string | undefined, country: string): NormalNumber {
  const text = userPart((raw ?? '').slice(0, MAX_LENGTH))
  if (WITHHELD.has(text.toLowerCase()) || /@anonymous\.invalid\b/i.test(raw ?? ''))
    return { kind: 'anonymous' }
  if (!NUMBER.test(text)) return { kind: 'unknown' }
  const digits = text.replace(/\D/g, '')
  if (digits === '') return { kind: 'unknown' }
  const parsed = parse(text, digits, isSupportedCountry(country) ? country : undefined)
  if (parsed) return { kind: 'e164', value: parsed.number }
  if (digits.length > E164_DIGITS) return { kind: 'unknown' }
  if (!text.startsWith('+')) return { kind: 'local', value: digits }
  // Numbering plans change, and our copy of them is dated: what says it is E.164 and could be is believed.
  return digits.length >= SHORTEST_PUBLIC ? { kind: 'e164', value: `+${digits}` } : { kind: 'unknown' }
}

/** The form in which numbers are stored and compared; undefined for withheld numbers and for what is none. */
export function numberKey(raw: string | undefined, country: string): string | undefined {
  const number = normaliseNumber(raw, country)
  return number.kind === 'e164' || number.kind === 'local' ? number.value : undefined
}

function parse(text: string, digits: string, country: CountryCode | undefined): PhoneNumber | undefined {
  if (text.startsWith('+')) return possible(text)
  if (digits.length < SHORTEST_PUBLIC) return undefined
  const national = country && possible(text, country)
  if (national) return national
  // Trunks say 00 whatever the country's own prefix for abroad is.
  if (digits.startsWith('00')) return possible(`+${digits.slice(2)}`)
  // Many trunks leave the plus out. Only a number that some country does assign is taken for one of those.
  const international = possible(`+${digits}`)
  return international?.isValid() ? international : undefined
}

function possible(text: string, country?: CountryCode): PhoneNumber | undefined {
  const parsed = parsePhoneNumberFromString(text, country)
  return parsed?.isPossible() ? parsed : undefined
}

/** `sip:+4420...;phone-context=x@host;user=phone` and `tel:+44-20-...` without all but the number. */
function userPart(text: string): string {
  const uri = /^\s*<?(?:sips?|tel):([^@;?>]*)/i.exec(text)
  return (uri?.[1] ?? text).trim()
}
