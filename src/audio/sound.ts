/** Mono sound: samples of 16 bits, -32768 to 32767. */
export interface Sound {
  /** Samples a second. */
  readonly rate: number
  readonly samples: Int16Array
}

/** Samples a second on a telephone line (G.711), and of every file that we make and play. */
export const TELEPHONE_RATE = 8000

/** Samples per millisecond at that rate. */
export const SAMPLES_PER_MS = 8
