import { type Sound, TELEPHONE_RATE } from '../audio/sound.ts'
import { faded, tone } from '../audio/tone.ts'
import { clip } from './resample.ts'

/**
 * The music on hold that comes with the program, written for it: twelve bars of melody over broken chords, made of
 * decaying sines. What still sounds at the end is laid over the beginning, so that the loop has no seam. The same
 * samples come out every time.
 */

const BEATS_PER_MINUTE = 78
const BEATS_PER_BAR = 4
/** A little below speech, so that it is no strain to wait with the phone at the ear. */
const LEVEL_DBOV = -22
/** Telephone lines carry nothing above; it would fold or be lost. */
const HIGHEST_HERTZ = 3300
/** A partial is left out once it has decayed for so many time constants: it is 60 dB down then. */
const AUDIBLE_DECAYS = 7

type Beats = number
type Note = readonly [name: string, length: Beats]

const bars: readonly {
  readonly chord: readonly [string, string, string, string]
  readonly melody: readonly Note[]
}[] = [
  {
    chord: ['D3', 'A3', 'D4', 'F#4'],
    melody: [
      ['F#5', 2],
      ['E5', 1],
      ['D5', 1],
    ],
  },
  {
    chord: ['C#3', 'A3', 'C#4', 'E4'],
    melody: [
      ['E5', 3],
      ['', 1],
    ],
  },
  {
    chord: ['B2', 'F#3', 'B3', 'D4'],
    melody: [
      ['D5', 1.5],
      ['C#5', 0.5],
      ['B4', 2],
    ],
  },
  {
    chord: ['G2', 'G3', 'B3', 'D4'],
    melody: [
      ['B4', 1],
      ['D5', 1],
      ['B4', 2],
    ],
  },
  {
    chord: ['D3', 'A3', 'D4', 'F#4'],
    melody: [
      ['A4', 1],
      ['D5', 1],
      ['F#5', 2],
    ],
  },
  {
    chord: ['F#2', 'F#3', 'A3', 'C#4'],
    melody: [
      ['E5', 1.5],
      ['C#5', 0.5],
      ['A4', 2],
    ],
  },
  {
    chord: ['G2', 'G3', 'B3', 'D4'],
    melody: [
      ['B4', 1],
      ['D5', 1],
      ['G5', 1.5],
      ['F#5', 0.5],
    ],
  },
  {
    chord: ['A2', 'A3', 'C#4', 'E4'],
    melody: [
      ['E5', 3],
      ['', 1],
    ],
  },
  {
    chord: ['B2', 'F#3', 'B3', 'D4'],
    melody: [
      ['F#5', 1],
      ['D5', 1],
      ['B4', 1],
      ['D5', 1],
    ],
  },
  {
    chord: ['G2', 'G3', 'B3', 'D4'],
    melody: [
      ['G5', 1.5],
      ['F#5', 0.5],
      ['D5', 2],
    ],
  },
  {
    chord: ['A2', 'G3', 'C#4', 'E4'],
    melody: [
      ['E5', 2],
      ['C#5', 1],
      ['E5', 1],
    ],
  },
  {
    chord: ['D3', 'A3', 'D4', 'F#4'],
    melody: [
      ['D5', 3],
      ['', 1],
    ],
  },
]

/** Up and down through the chord, in half beats. */
const pattern = [0, 1, 2, 3, 2, 3, 2, 1] as const

interface Voice {
  readonly loudness: number
  readonly attackSeconds: number
  /** Time in which the fundamental falls to 1/e; higher partials fall faster. */
  readonly decaySeconds: number
  /** Strength of the first, second, ... partial. */
  readonly partials: readonly number[]
}
const lead: Voice = { loudness: 1, attackSeconds: 0.03, decaySeconds: 1.1, partials: [1, 0.3, 0.12, 0.04] }
const harp: Voice = { loudness: 0.42, attackSeconds: 0.008, decaySeconds: 0.6, partials: [1, 0.5, 0.25, 0.1] }

/** A loop of about 37 s, 8 kHz. */
export function holdMusic(): Sound {
  const beat = (TELEPHONE_RATE * 60) / BEATS_PER_MINUTE
  const sum = new Float64Array(Math.round(bars.length * BEATS_PER_BAR * beat))
  for (const [i, { chord, melody }] of bars.entries()) {
    let at = i * BEATS_PER_BAR
    for (const [step, tone] of pattern.entries()) strike(sum, harp, chord[tone], (at + step / 2) * beat)
    for (const [name, length] of melody) {
      if (name !== '') strike(sum, lead, name, at * beat)
      at += length
    }
  }
  const level = Math.sqrt(sum.reduce((power, value) => power + value * value, 0) / sum.length)
  const gain = (32768 * 10 ** (LEVEL_DBOV / 20)) / level
  return { rate: TELEPHONE_RATE, samples: Int16Array.from(sum, (value) => clip(value * gain)) }
}

/** The tone after which a caller speaks: 1 kHz, 0.4 s, as loud as our speech. */
export function beep(): Sound {
  const samples = tone(1000, 400, 32768 * 10 ** (-17 / 20))
  return { rate: TELEPHONE_RATE, samples: faded(samples, TELEPHONE_RATE, 5) }
}

/** Adds one note, beginning at a sample; what goes beyond the end sounds at the beginning. */
function strike(sum: Float64Array, voice: Voice, name: string, begin: number): void {
  const first = Math.round(begin)
  const hertz = hertzOf(name)
  for (const [i, strength] of voice.partials.entries()) {
    const partial = hertz * (i + 1)
    if (partial > HIGHEST_HERTZ) break
    const decay = voice.decaySeconds / (1 + i / 2)
    for (let n = 0; n < AUDIBLE_DECAYS * decay * TELEPHONE_RATE; n++) {
      const seconds = n / TELEPHONE_RATE
      const envelope = Math.min(1, seconds / voice.attackSeconds) * Math.exp(-seconds / decay)
      const at = (first + n) % sum.length
      const value = voice.loudness * strength * envelope * Math.sin(2 * Math.PI * partial * seconds)
      sum[at] = (sum[at] ?? 0) + value
    }
  }
}

/** Frequency of a note such as `F#5`, in equal temperament; A4 is 440 Hz. */
function hertzOf(name: string): number {
  const semitone = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'].indexOf(
    name.slice(0, -1),
  )
  return 440 * 2 ** ((semitone - 9) / 12 + Number(name.slice(-1)) - 4)
}
