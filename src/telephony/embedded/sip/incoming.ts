import type { SipRequest } from './message.ts'
import { newTag } from './random.ts'
import type { ServerTransaction } from './server-transaction.ts'
import { type Content, type HeaderFields, writeResponse } from './write-message.ts'

/** A request that somebody sent us, with the means to answer it. */
export class Incoming {
  readonly request: SipRequest
  readonly transaction: ServerTransaction
  /** The tag that every response adds to To (RFC 3261 8.2.6.2): our tag of the dialog, for an INVITE. */
  readonly tag: string

  constructor(request: SipRequest, transaction: ServerTransaction) {
    this.request = request
    this.transaction = transaction
    this.tag = request.toTag || newTag()
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
