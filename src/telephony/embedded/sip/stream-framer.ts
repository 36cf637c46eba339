import { MAX_STREAM_MESSAGE } from './transport.ts'

const CRLF2 = Buffer.from('\r\n\r\n')
const NOTHING = Buffer.alloc(0)
const LENGTH = /(?:^|\r\n)(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*(?=\r\n|$)/gi

/** What came out of a stream: whole messages, keep-alives to answer, or the reason to close it. */
export type Frame =
  | { readonly type: 'message'; readonly data: Buffer }
  | { readonly type: 'ping' }
  | { readonly type: 'fault' }

/**
 * Cuts a TCP stream into messages by Content-Length (RFC 3261 18.3), which is compulsory there: after a message
 * without one, or a larger one than we take, nobody knows where the next begins, so the stream is at fault.
 * A double CRLF between messages is a keep-alive (RFC 5626 3.5.1), answered by a single one.
 */
export class StreamFramer {
  #pending: Buffer = NOTHING;

  *push(chunk: Buffer): IterableIterator<Frame> {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    for (;;) {
      if (this.#skipLines()) yield { type: 'ping' }
      const frame = this.#next()
      if (!frame) return
      yield frame
      if (frame.type === 'fault') return
    }
  }

  /** Leaves out empty lines; true when two came together. */
  #skipLines(): boolean {
    let lines = 0
    while (this.#pending[2 * lines] === 0x0d && this.#pending[2 * lines + 1] === 0x0a) lines++
    if (lines > 0) this.#pending = this.#pending.subarray(2 * lines)
    return lines >= 2
  }

  #next(): Frame | undefined {
    const pending = this.#pending
    const end = pending.indexOf(CRLF2)
    if (end < 0) return pending.length > MAX_STREAM_MESSAGE ? this.#fault() : undefined
    const lengths = [...pending.toString('latin1', 0, end).matchAll(LENGTH)]
    if (lengths.length !== 1) return this.#fault()
    const total = end + CRLF2.length + Number(lengths[0]?.[1])
    if (total > MAX_STREAM_MESSAGE) return this.#fault()
    if (pending.length < total) return undefined
    this.#pending = total === pending.length ? NOTHING : pending.subarray(total)
    return { type: 'message', data: pending.subarray(0, total) }
  }

  #fault(): Frame {
    this.#pending = NOTHING
    return { type: 'fault' }
  }
}
