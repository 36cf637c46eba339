/** A message that a caller has just left. */
export interface NewVoicemail {
  readonly id: string
  readonly mailbox: string
  /** The interaction that it was left in. */
  readonly interaction: string
  /** Absolute path of the WAV. */
  readonly file: string
  readonly durationMs: number
  /** The caller's number; absent when it was withheld. */
  readonly from?: string
  /** Customer id. */
  readonly customer?: string
  /** Milliseconds since 1970. */
  readonly leftAt: number
}
