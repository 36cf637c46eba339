/** What a line of a ladder says of a message. */
export interface FirstWords {
  /** `INVITE`, or `180 Ringing`. */
  readonly summary: string
  /** The method of CSeq: for a response, what it answers. */
  readonly method: string
  readonly hasSdp: boolean
}

/** Reads what people look for first; a message that makes no sense is shown by its first line. */
export function firstWords(text: string): FirstWords {
  const end = text.search(/\r?\n/)
  const line = end < 0 ? text : text.slice(0, end)
  const method = /^CSeq[ \t]*:[ \t]*\d+[ \t]+(\S+)/im.exec(text)?.[1] ?? ''
  return {
    summary: /^SIP\/2\.0 (.*)/.exec(line)?.[1] ?? /^\S*/.exec(line)?.[0] ?? '',
    method,
    hasSdp: /^(?:content-type|c)[ \t]*:[ \t]*application\/sdp/im.test(text),
  }
}
