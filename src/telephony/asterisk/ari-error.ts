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
  const text = messageIn(body) ?? body
  return new AriError(/not found/i.test(text) ? 'gone' : 'refused', text)
}

/** Asterisk says `{"message": ...}`, and `{"error": ...}` for a failure of its own. */
function messageIn(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body)
    if (typeof answer !== 'object' || answer === null) return undefined
    if ('message' in answer && typeof answer.message === 'string') return answer.message
    if ('error' in answer && typeof answer.error === 'string') return answer.error
    return undefined
  } catch {
    return undefined
  }
}
