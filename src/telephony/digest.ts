import { createHash, timingSafeEqual } from 'node:crypto'
import { quote, splitOutside, unquote } from './sip-grammar.ts'

/**
 * Digest authentication (RFC 3261 22 with RFC 7616 and RFC 8760): MD5 and SHA-256, `qop=auth`. Answers without
 * qop (RFC 2069) are not taken: they cannot be told from a replay.
 */

export type DigestAlgorithm = 'MD5' | 'SHA-256'

export interface Challenge {
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | undefined
  readonly algorithm: DigestAlgorithm
  readonly stale: boolean
  readonly qop: boolean
}

/** What a client sends in Authorization or Proxy-Authorization. */
export interface DigestAnswer {
  readonly username: string
  readonly realm: string
  readonly nonce: string
  readonly uri: string
  readonly response: string
  readonly algorithm: DigestAlgorithm
  readonly cnonce: string
  /** Eight hex digits. */
  readonly nc: string
}

export function hash(algorithm: DigestAlgorithm, text: string): string {
  return createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text)
    .digest('hex')
}

/** H(username:realm:password) (RFC 7616 3.4.2). */
export function ha1(algorithm: DigestAlgorithm, username: string, realm: string, password: string): string {
  return hash(algorithm, `${username}:${realm}:${password}`)
}

/** The value of `response` with `qop=auth` (RFC 7616 3.4.1). */
export function digestResponse(
  secret: string,
  method: string,
  { algorithm, nonce, nc, cnonce, uri }: Omit<DigestAnswer, 'response' | 'username' | 'realm'>,
): string {
  return hash(algorithm, `${secret}:${nonce}:${nc}:${cnonce}:auth:${hash(algorithm, `${method}:${uri}`)}`)
}

/** The same without qop (RFC 2069), for servers that still ask so. */
export function digestResponseWithoutQop(
  secret: string,
  method: string,
  { algorithm, nonce, uri }: Pick<DigestAnswer, 'algorithm' | 'nonce' | 'uri'>,
): string {
  return hash(algorithm, `${secret}:${nonce}:${hash(algorithm, `${method}:${uri}`)}`)
}

/** Does the answer prove the secret? Takes the same time whichever digit is wrong. */
export function provesSecret(answer: DigestAnswer, secret: string, method: string): boolean {
  const expected = Buffer.from(digestResponse(secret, method, answer))
  const given = Buffer.from(answer.response.toLowerCase())
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** An Authorization value; undefined when it is of another scheme, another algorithm, or incomplete. */
export function parseDigestAnswer(value: string): DigestAnswer | undefined {
  const fields = digestFields(value)
  const algorithm = fields && algorithmOf(fields.get('algorithm'))
  if (!fields || !algorithm || fields.get('qop')?.toLowerCase() !== 'auth') return undefined
  const nc = fields.get('nc') ?? ''
  const names = ['username', 'realm', 'nonce', 'uri', 'response', 'cnonce']
  const [username, realm, nonce, uri, response, cnonce] = names.map((name) => fields.get(name))
  if (!username || !realm || !nonce || !uri || !response || !cnonce || !/^[0-9a-f]{8}$/i.test(nc))
    return undefined
  return { username, realm, nonce, uri, response, cnonce, nc, algorithm }
}

/** A WWW-Authenticate or Proxy-Authenticate value; undefined when we cannot answer it. */
export function parseChallenge(value: string): Challenge | undefined {
  const fields = digestFields(value)
  const algorithm = fields && algorithmOf(fields.get('algorithm'))
  const realm = fields?.get('realm')
  const nonce = fields?.get('nonce')
  if (!fields || !algorithm || realm === undefined || !nonce) return undefined
  const offered = fields
    .get('qop')
    ?.split(',')
    .map((each) => each.trim().toLowerCase())
  if (offered && !offered.includes('auth')) return undefined
  return {
    realm,
    nonce,
    algorithm,
    opaque: fields.get('opaque'),
    qop: offered !== undefined,
    stale: fields.get('stale')?.toLowerCase() === 'true',
  }
}

export function writeChallenge(
  realm: string,
  nonce: string,
  algorithm: DigestAlgorithm,
  stale: boolean,
): string {
  const fields = `realm=${quote(realm)}, nonce="${nonce}", algorithm=${algorithm}, qop="auth"`
  return `Digest ${fields}${stale ? ', stale=true' : ''}`
}

/** The answer to a challenge (RFC 7616 3.4), `nc` 1: each nonce is used once. */
export function answerChallenge(
  challenge: Challenge,
  credentials: { readonly username: string; readonly password: string },
  method: string,
  uri: string,
  cnonce: string,
): string {
  const { algorithm, nonce, realm, opaque, qop } = challenge
  const { username, password } = credentials
  const nc = '00000001'
  const secret = ha1(algorithm, username, realm, password)
  const parts = { algorithm, nonce, nc, cnonce, uri }
  const response = qop
    ? digestResponse(secret, method, parts)
    : digestResponseWithoutQop(secret, method, parts)
  const names = `username=${quote(username)}, realm=${quote(realm)}, nonce=${quote(nonce)}, uri=${quote(uri)}`
  const counted = qop ? `, qop=auth, nc=${nc}, cnonce="${cnonce}"` : ''
  const echoed = opaque === undefined ? '' : `, opaque=${quote(opaque)}`
  return `Digest ${names}, response="${response}", algorithm=${algorithm}${counted}${echoed}`
}

function digestFields(value: string): Map<string, string> | undefined {
  const space = value.search(/[ \t]/)
  if (space < 0 || value.slice(0, space).toLowerCase() !== 'digest') return undefined
  const fields = new Map<string, string>()
  for (const field of splitOutside(value.slice(space + 1), ',')) {
    const equals = field.indexOf('=')
    if (equals < 1) return undefined
    const name = field.slice(0, equals).trim().toLowerCase()
    // A field that comes twice could mean one thing to us and another to someone else.
    if (fields.has(name)) return undefined
    fields.set(name, unquote(field.slice(equals + 1).trim()))
  }
  return fields
}

function algorithmOf(value: string | undefined): DigestAlgorithm | undefined {
  const name = (value ?? 'MD5').toUpperCase()
  return name === 'MD5' || name === 'SHA-256' ? name : undefined
}
