/**
 * A request to Asterisk that was not done.
 *
 * - `gone`: what it names is not there (any more).
 * - `refused`: Asterisk would not or could not; the message is its own.
 * - `unreachable`: it may have been done or not, nobody said.
 */
export class AriError extends Error {
  override readonly name = 'AriError'
  readonly kind: 'gone' | 'refused' | 'unreachable'

  constructor(kind: AriError['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

/** What `ari-client` rejected with: an error whose message is the body of Asterisk's answer, without its status. */
export function ariErrorOf(thrown: unknown): AriError {
  if (thrown instanceof AriError) return thrown
  const body = thrown instanceof Error ? thrown.message : String(thrown)
  const answer = answerIn(body)
  const unreachable = textIn(answer, 'unreachable')
  if (unreachable !== undefined) return new AriError('unreachable', unreachable)
  // Asterisk says `error` for a failure of its own.
  const text = textIn(answer, 'message') ?? textIn(answer, 'error') ?? body
  return new AriError(/not found/i.test(text) ? 'gone' : 'refused', text)
}

function answerIn(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function textIn(answer: unknown, key: string): string | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const text: unknown = Reflect.get(answer, key)
  return typeof text === 'string' ? text : undefined
}
