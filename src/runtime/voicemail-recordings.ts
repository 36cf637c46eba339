import type { Contact } from './contact.ts'

/** The recordings of one contact: which became voicemails, and that the others are deleted. */
export class VoicemailRecordings {
  readonly #contact: Contact
  readonly #files = new Map<string, { readonly file: string; readonly durationMs: number; kept: boolean }>()

  constructor(contact: Contact) {
    this.#contact = contact
  }

  /** A recording begins. @returns absolute path of its file */
  begin(recording: string, mailbox: string): string {
    const { record, parts, id } = this.#contact
    record.close('ivr', parts.clock.now(), 'voicemail')
    record.open('voicemail', parts.clock.now(), { queue: mailbox })
    return parts.voicemails.fileFor(`${id}-${recording}`)
  }

  recorded(recording: string, file: string, durationMs: number, reason: string): void {
    this.#files.set(recording, { file, durationMs, kept: false })
    this.#over(reason)
  }

  failed(): void {
    this.#over('failed')
  }

  /** The recording is a message: it is listed, and stays when the contact is over. */
  keep(recording: string, mailbox: string): void {
    const found = this.#files.get(recording)
    if (!found || found.kept) return
    found.kept = true
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
    const { record, parts } = this.#contact
    record.close('voicemail', parts.clock.now(), result)
    record.open('ivr', parts.clock.now())
  }
}
