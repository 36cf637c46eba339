import type { TracedMessage } from '../trace.ts'

/** A message as it is kept: masked, with its place in the order of everything that happened. */
export interface KeptMessage extends Omit<TracedMessage, 'sipCallId'> {
  readonly number: number
}

/** A leg that says more than this is repeating itself: its beginning and its latest messages are kept. */
const MOST_MESSAGES = 400
/** What a message takes besides its text: the object, two addresses, their text, places in lists. */
const MESSAGE_BYTES = 400
const DIALOG_BYTES = 500
/** One without a tag in To (RFC 3261 8.1.1.2). */
const INITIAL_INVITE = /^INVITE [^]*?^(?:to|t)[ \t]*:(?![^\r\n]*;[ \t]*tag=)/im

/** The messages that have one Call-ID. */
export class TracedDialog {
  readonly sipCallId: string
  readonly messages: KeptMessage[] = []
  #omitted = 0
  #bytes: number

  constructor(sipCallId: string) {
    this.sipCallId = sipCallId
    this.#bytes = DIALOG_BYTES + sipCallId.length
  }

  /** Messages from the middle that were not kept. */
  get omitted(): number {
    return this.#omitted
  }

  /** About what it takes in memory. */
  get bytes(): number {
    return this.#bytes
  }

  add(message: KeptMessage): void {
    this.messages.push(message)
    this.#bytes += message.text.length + MESSAGE_BYTES
    if (this.messages.length <= MOST_MESSAGES) return
    for (const { text } of this.messages.splice(MOST_MESSAGES / 2, 1))
      this.#bytes -= text.length + MESSAGE_BYTES
    this.#omitted++
  }

  /** Cuts off what belongs to the last call with this Call-ID: from its first INVITE on. */
  split(): TracedDialog {
    const later = new TracedDialog(this.sipCallId)
    const start = this.messages.findLastIndex(({ text }) => INITIAL_INVITE.test(text))
    if (start < 0) return later
    for (const message of this.messages.splice(start)) {
      this.#bytes -= message.text.length + MESSAGE_BYTES
      later.add(message)
    }
    return later
  }
}
