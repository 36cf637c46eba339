import type { SipRequest } from './message.ts'
import type { ServerTransaction } from './server-transaction.ts'
import { type Content, type HeaderFields, writeResponse } from './write-message.ts'

/** A request that somebody sent us, with the means to answer it. */
export class Incoming {
  readonly request: SipRequest
  readonly transaction: ServerTransaction
  readonly tag: string

  constructor(request: SipRequest, transaction: ServerTransaction, tag = transaction.tag) {
    this.request = request
    this.transaction = transaction
    this.tag = tag
  }

  /**
   * Answers; after a final response nothing more is sent.
   * @returns the text, for whoever must repeat a 2xx
   */
  reply(status: number, fields: HeaderFields = [], content?: Content, reason?: string): string {
    const text = writeResponse(this.request, status, this.tag, fields, content, reason)
    this.transaction.send(status, text)
    return text
  }
}
