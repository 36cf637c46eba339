/**
 * Takes the secrets out of SIP messages: what proves a password (digest responses and the nonces that they belong to,
 * RFC 3261 22; passwords in URIs, 19.1.1), media keys (RFC 4568, 4567, 8866 5.12, ICE passwords), and the digits that
 * people type (INFO, RFC 6086, in the formats of the field; KPML, RFC 4730).
 *
 * Nearly every message has none and must cost next to nothing, so a look decides whether the work is done at all.
 * What is replaced in a body keeps its length, so that Content-Length stays true.
 */

/** Every line that a rule below is about begins like this; names may be of any case (7.3.1). */
const SUSPICIOUS = /\n(?:[aA](?:[uU]|=[cCkKiI])|[pP][rR]|[wW]|[kK]=)/
const INFO_OR_NOTIFY = /^(info|notify) /i
const CREDENTIALS =
  /^((?:proxy-|www-)?auth[a-z]*|(?:proxy-)?authentication-info)([ \t]*:)(.*(?:\r?\n[ \t].*)*)/gim
// Each expression takes time in proportion to the text: whoever may send us a packet chooses it.
const DIGEST_PARAMETER = /(?<![\w-])([\w-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,;"]+)/g
/** Everything else in such a header helps whoever wants to guess the password. */
const PUBLIC_PARAMETERS = new Set([
  'username',
  'realm',
  'algorithm',
  'qop',
  'nc',
  'stale',
  'domain',
  'userhash',
])
/** A quote that was not closed where it should be has taken in what follows. Only a URI has parameters of its own. */
const SWALLOWED = { uri: /[,\s]|response|nonce|opaque/i, others: /=/ }
const URI_PASSWORD = /((?:sips?:|https?:\/\/)[^:]*:)./i
const MEDIA_KEY =
  /^(a=crypto:(?:\d+[ \t]+\w+[ \t]+(?:inline:)?)?|a=key-mgmt:(?:\S+[ \t]+)?|a=ice-pwd:|k=)(.+)$/gim
const KPML_DIGITS = /(\bdigits\s*=\s*["'])([^"']*)/gi
const TYPED = /dtmf|digit|signal|telephone-event/i
const DURATION = /^\s*duration\s*=\s*\d*\s*$/i
const MASK = '***'

/** The message without its secrets, and without empty lines before it; the same string where there are none. */
export function maskSecrets(raw: string): string {
  const text = raw.charCodeAt(0) > 0x20 ? raw : raw.trimStart()
  return maskUris(SUSPICIOUS.test(text) || INFO_OR_NOTIFY.test(text) ? maskLines(text) : text)
}

function maskLines(text: string): string {
  const end = text.search(/\r?\n\r?\n/)
  const head = end < 0 ? text : text.slice(0, end)
  const body = end < 0 ? '' : text.slice(end)
  return maskHead(head) + maskBody(body, INFO_OR_NOTIFY.test(text) && TYPED.test(text))
}

function maskHead(head: string): string {
  return head.replace(
    CREDENTIALS,
    (_, name: string, colon: string, value: string) => `${name}${colon} ${maskCredentials(value)}`,
  )
}

/** What stands between the beginning of a URI and its at sign is user and password. */
function maskUris(text: string): string {
  let masked = ''
  let done = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at
    let colons = 0
    for (; start > done; start--) {
      const char = text.charCodeAt(start - 1)
      if (char === 0x3a) colons++
      else if (endsUri(char)) break
    }
    const found = colons < 2 ? undefined : URI_PASSWORD.exec(text.slice(start, at))
    if (!found) continue
    masked += text.slice(done, start + found.index) + found[1] + MASK
    done = at
  }
  return done === 0 ? text : masked + text.slice(done)
}

/** White space, quotes, angle brackets, another at sign. */
function endsUri(char: number): boolean {
  return char <= 0x20 || char === 0x22 || char === 0x3c || char === 0x3e || char === 0x40
}

/** Rebuilds a header value from what is known to be harmless, so that nothing unforeseen is left over. */
function maskCredentials(value: string): string {
  const scheme = /^\s*([A-Za-z][\w-]*)\s+(?!=)/.exec(value)?.[1]
  if (scheme !== undefined && scheme.toLowerCase() !== 'digest') return `${scheme} ${MASK}`
  const parameters = [...value.matchAll(DIGEST_PARAMETER)].map(([, name = '', given = '']) => {
    const isUri = name.toLowerCase() === 'uri'
    const isPublic = isUri || PUBLIC_PARAMETERS.has(name.toLowerCase())
    const swallowed = SWALLOWED[isUri ? 'uri' : 'others'].test(given)
    return isPublic && !swallowed ? `${name}=${given}` : `${name}="${MASK}"`
  })
  return `${scheme === undefined ? '' : `${scheme} `}${parameters.join(', ')}`
}

function maskBody(body: string, isTyped: boolean): string {
  if (body === '') return ''
  if (isTyped) return body.split('\n').map(maskTyped).join('\n')
  return body
    .replace(CREDENTIALS, (_, name: string, colon: string, value: string) => name + colon + stars(value))
    .replace(MEDIA_KEY, (_, name: string, key: string) => name + stars(key))
    .replace(KPML_DIGITS, (_, name: string, digits: string) => name + stars(digits))
}

/** Of a body that carries digits only the durations are left. */
function maskTyped(line: string): string {
  return DURATION.test(line) ? line : stars(line)
}

function stars(text: string): string {
  return text.replace(/\S+/g, (word) => '*'.repeat(Buffer.byteLength(word)))
}
