import { clip } from './resample.ts'
import type { Sound } from './wav.ts'

/**
 * Active speech level of our prompts, dBov. ITU-T P.56 measures speech so; G.711 lines are laid out for -20 to -26,
 * and prompts belong at the loud end, since phones have noise around them.
 */
const SPEECH_DBOV = -20
/** No sample goes above this, whatever the level would ask for. */
const PEAK_DBOV = -1
/** What is this far below the loudest frame is not speech. */
const SILENCE_DB = 40
const FRAME_MS = 10
/** Kept before and after the speech, so that soft consonants survive. */
const MARGIN_MS = { before: 20, after: 60 }
const FADE_MS = 5

/** Speech without the silence around it, at the level of all our prompts. Silence comes back as it is. */
export function polish(sound: Sound): Sound {
  const frame = Math.round((sound.rate * FRAME_MS) / 1000)
  const levels = frameLevels(sound.samples, frame)
  const threshold = Math.max(...levels) - SILENCE_DB
  const active = levels.flatMap((level, i) => (level > threshold ? [i] : []))
  const [first, last] = [active[0], active.at(-1)]
  if (first === undefined || last === undefined) return sound
  const before = (MARGIN_MS.before / FRAME_MS) * frame
  const after = (MARGIN_MS.after / FRAME_MS) * frame
  const speech = sound.samples.slice(Math.max(0, first * frame - before), (last + 1) * frame + after)
  const power = active.reduce((sum, i) => sum + 10 ** ((levels[i] ?? 0) / 10), 0) / active.length
  const peak = speech.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1) / 32768
  const gain = Math.min(10 ** (SPEECH_DBOV / 20) / Math.sqrt(power), 10 ** (PEAK_DBOV / 20) / peak)
  return {
    rate: sound.rate,
    samples: faded(
      speech.map((sample) => clip(sample * gain)),
      sound.rate,
    ),
  }
}

/** Ramps the first and last 5 ms, so that the sound begins and ends without a click. */
export function faded(samples: Int16Array, rate: number): Int16Array {
  const ramp = Math.max(1, Math.round((rate * FADE_MS) / 1000))
  return samples.map((sample, i) => clip(sample * Math.min(1, (i + 1) / ramp, (samples.length - i) / ramp)))
}

/** Root mean square of the whole sound in dBov (RFC 6465: 0 is the loudest, -127 is silence). */
export function levelOf(samples: Int16Array): number {
  return frameLevels(samples, Math.max(1, samples.length))[0] ?? -127
}

function frameLevels(samples: Int16Array, frame: number): number[] {
  return Array.from({ length: Math.floor(samples.length / frame) }, (_, i) => {
    const part = samples.subarray(i * frame, (i + 1) * frame)
    const power = part.reduce((sum, sample) => sum + sample * sample, 0) / frame / 32768 ** 2
    return power === 0 ? -127 : Math.max(-127, 10 * Math.log10(power))
  })
}
