import { TELEPHONE_RATE } from './sound.ts'

/**
 * A sine, 8 kHz.
 * @param amplitude its peak, 0 to 32767
 */
export function tone(hertz: number, ms: number, amplitude: number): Int16Array {
  return Int16Array.from({ length: Math.round((ms * TELEPHONE_RATE) / 1000) }, (_, at) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hertz * at) / TELEPHONE_RATE)),
  )
}

/** Ramps the first and last `ms`, so that the sound begins and ends without a click. */
export function faded(samples: Int16Array, rate: number, ms: number): Int16Array {
  const ramp = Math.max(1, Math.round((rate * ms) / 1000))
  return samples.map((sample, at) =>
    Math.round(sample * Math.min(1, (at + 1) / ramp, (samples.length - at) / ramp)),
  )
}
