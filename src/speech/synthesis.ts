/** What the main thread and the speech worker say to each other: one job at a time, one answer for each. */

export interface SynthesisJob {
  readonly id: number
  readonly source:
    | { readonly engine: 'flite'; readonly voice: string; readonly text: string }
    /** Sound that another program has made: only brought to our format. */
    | { readonly engine: 'file'; readonly file: string }
  /** Absolute path of the WAV file to make. It appears whole or not at all. */
  readonly target: string
}

export interface SynthesisDone {
  readonly id: number
  /** Why it could not be made. */
  readonly failed?: string
}
