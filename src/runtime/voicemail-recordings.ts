import type { Contact } from './contact.ts'

/** The recordings of one contact: which became voicemails, and that the others are deleted. */
export class VoicemailRecordings {
  readonly #contact: Contact
  readonly #files = new Map<string, { readonly file: string; readonly durationMs: number; kept: boolean }>()
  #running = false

  constructor(contact: Contact) {
    this.#contact = contact
  }

  /** A recording begins. @returns absolute path of its file */
  begin(recording: string, mailbox: string): string {
    const { record, parts, id } = this.#contact
    record.enter('voicemail', parts.clock.now(), 'voicemail', { queue: mailbox })
    this.#running = true
    return parts.voicemails.fileFor(`${id}-${recording}`)
  }

  /** The caller is being recorded now. */
  get running(): boolean {
    return this.#running
  }

  recorded(recording: string, file: string, durationMs: number, reason: string): void {
    this.#files.set(recording, { file, durationMs, kept: false })
    this.#over(reason)
  }

  /** What there is of the file is no message. */
  failed(recording: string, file: string): void {
    this.#files.set(recording, { file, durationMs: 0, kept: false })
    this.#over('failed')
  }

  /** The recording is a message: it is listed, and stays when the contact is over. */
  keep(recording: string, mailbox: string): void {
    const found = this.#files.get(recording)
    if (!found || found.kept) return
    found.kept = true
    this.#contact.record.settle('voicemail')
    const { id: interaction, parts, record, offered } = this.#contact
    const id = `${interaction}-${recording}`
    const { file, durationMs } = found
    parts.voicemails
      .keep({
        id,
        mailbox,
        interaction,
        file,
        durationMs,
        leftAt: parts.clock.now(),
        ...(offered.from.number !== undefined && { from: offered.from.number }),
        ...(record.customer !== undefined && { customer: record.customer }),
      })
      .then(
        () => parts.publish({ type: 'voicemail.left', voicemail: id, mailbox, contact: interaction }),
        (error: unknown) =>
          parts.logger.error(
            { contact: interaction, file, err: error },
            'voicemail not listed; its file is kept',
          ),
      )
  }

  discardRest(): void {
    const { parts, id } = this.#contact
    for (const { file, kept } of this.#files.values()) {
      if (kept) continue
      parts.voicemails.discard(file).catch((error: unknown) => {
        parts.logger.warn({ contact: id, file, err: error }, 'recording not removed')
      })
    }
  }

  #over(result: string): void {
    this.#running = false
    const { record, parts, callerGone } = this.#contact
    if (result !== 'hangup' && !callerGone) record.enter('ivr', parts.clock.now(), result)
  }
}
