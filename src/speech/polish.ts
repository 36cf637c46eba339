import { levelOf } from '../audio/loudness.ts'
import type { Sound } from '../audio/sound.ts'
import { faded } from '../audio/tone.ts'
import { clip } from './resample.ts'

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
      FADE_MS,
    ),
  }
}

/** Root mean square of each frame in dBov. */
function frameLevels(samples: Int16Array, frame: number): number[] {
  return Array.from({ length: Math.floor(samples.length / frame) }, (_, i) =>
    levelOf(samples.subarray(i * frame, (i + 1) * frame)),
  )
}
