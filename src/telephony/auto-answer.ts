/**
 * Asking a phone to answer by itself. There is a standard (RFC 5373: `Answer-Mode: Auto`), and there is what phones have
 * understood for longer: `answer-after` in Call-Info (Snom, Grandstream, Yealink, Cisco, baresip) and
 * `info=alert-autoanswer` in Alert-Info (Aastra, Yealink, AudioCodes, baresip). A phone that knows none of them, or whose
 * owner does not allow it, rings. Each of them may also be a phone's reason to make a sound before it answers.
 */

/** Headers of an INVITE that asks for an answer at once. */
export const AUTO_ANSWER: Readonly<Record<string, string>> = {
  'Answer-Mode': 'Auto',
  'Call-Info': '<sip:localhost>;answer-after=0',
  'Alert-Info': '<http://localhost>;info=alert-autoanswer;delay=0',
}

/**
 * After how many milliseconds a phone is asked to answer; undefined where it is to ring.
 * @param headers by lower-case name
 */
export function answersAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const after = /;\s*answer-after\s*=\s*(\d{1,4})/i.exec(headers['call-info'] ?? '')?.[1]
  if (after !== undefined) return Number(after) * 1000
  const alert = headers['alert-info'] ?? ''
  if (/\binfo\s*=\s*alert-autoanswer\b/i.test(alert)) {
    return Number(/;\s*delay\s*=\s*(\d{1,4})/i.exec(alert)?.[1] ?? 0) * 1000
  }
  return /^\s*auto\b/i.test(headers['answer-mode'] ?? '') ? 0 : undefined
}
