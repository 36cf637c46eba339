/**
 * Audio made and measured: tones, energy, how long it sounds, which tone it is. Samples are 16-bit linear at 8 kHz.
 */
import { readFile } from 'node:fs/promises'
import { levelOf } from '../../src/audio/loudness.ts'
import { tone as sine } from '../../src/audio/tone.ts'
import { readTelephoneWav, soundOf } from '../../src/audio/wav.ts'
import { WavWriter } from '../../src/audio/wav-writer.ts'

/** Root mean square in dBov; -127 for silence. */
export { levelOf as loudness }

const RATE = 8000
const FRAME = 160
/** To find a sound every so many samples are enough. */
const COARSE = 8

/** A sine; `level` in dBov, as RFC 6465 has it (a sine at full scale is -3). */
export function tone(hz: number, ms: number, level = -15): Int16Array {
  return sine(hz, ms, Math.SQRT2 * 32768 * 10 ** (level / 20))
}

export function silence(ms: number): Int16Array {
  return new Int16Array((ms * RATE) / 1000)
}

/** Writes a WAV file (8 kHz, mono, 16 bit) of the given pieces, one after the other. @returns `path` */
export async function writeWav(path: string, ...pieces: readonly Int16Array[]): Promise<string> {
  const writer = await WavWriter.create(path)
  for (const piece of pieces) writer.append(piece)
  await writer.close()
  return path
}

/** The samples of a WAV file. @throws when it is not one that we play */
export async function readSamples(path: string): Promise<Int16Array> {
  return soundOf(readTelephoneWav(await readFile(path), path)).samples
}

export function milliseconds(samples: Int16Array): number {
  return (samples.length * 1000) / RATE
}

/** From the first to the last moment given, milliseconds. */
export function between(samples: Int16Array, startMs: number, endMs: number): Int16Array {
  return samples.subarray((startMs * RATE) / 1000, (endMs * RATE) / 1000)
}

/** How much of the energy lies at `hz`, from 0 to 1 (Goertzel). */
export function toneShare(samples: Int16Array, hz: number): number {
  const total = power(samples) * samples.length
  if (total === 0) return 0
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / RATE)
  let before = 0
  let last = 0
  for (const sample of samples) {
    const next = sample + coefficient * last - before
    before = last
    last = next
  }
  const found = before ** 2 + last ** 2 - coefficient * before * last
  return Math.min(1, (2 * found) / samples.length / total)
}

/** A stretch of sound, in milliseconds from the beginning. */
export interface Stretch {
  readonly startMs: number
  readonly endMs: number
}

/**
 * Where it sounds: stretches of 20 ms frames louder than `threshold` (dBov); pauses up to `joinMs` do not part them.
 */
export function stretches(samples: Int16Array, threshold = -45, joinMs = 100): Stretch[] {
  const found: Stretch[] = []
  for (let at = 0; at + FRAME <= samples.length; at += FRAME) {
    if (levelOf(samples.subarray(at, at + FRAME)) <= threshold) continue
    const startMs = (at * 1000) / RATE
    const endMs = startMs + 20
    const last = found.at(-1)
    if (last && startMs - last.endMs <= joinMs) found[found.length - 1] = { ...last, endMs }
    else found.push({ startMs, endMs })
  }
  return found
}

/** The longest stretch of sound; empty where there is none. */
export function longestSound(samples: Int16Array): Int16Array {
  const length = ({ startMs, endMs }: Stretch): number => endMs - startMs
  const [longest] = stretches(samples).sort((one, other) => length(other) - length(one))
  return longest ? between(samples, longest.startMs, longest.endMs) : new Int16Array()
}

/** How long it sounds in all, milliseconds. */
export function soundingMs(samples: Int16Array, threshold = -45): number {
  return stretches(samples, threshold, 0).reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
}

/** Where a sound is found in what was heard. */
export interface Found {
  readonly startMs: number
  /** How much alike the two are over the whole length of the sound: 1 is the same, loudness aside; 0 is nothing. */
  readonly likeness: number
}

/** Finds speech or music in what was heard (not a mere tone): where half a second from its first loud moment on fits best. */
export function find(heard: Int16Array, sound: Int16Array): Found {
  const [first] = stretches(sound)
  if (!first) return { startMs: 0, likeness: 0 }
  const lead = (first.startMs * RATE) / 1000
  const key = sound.subarray(lead, lead + RATE / 2)
  let best = 0
  let bestProduct = 0
  for (let at = lead; at + key.length <= heard.length; at++) {
    const found = product(heard, key, at, COARSE)
    if (found > bestProduct) [best, bestProduct] = [at, found]
  }
  const start = Math.max(0, best - lead)
  const part = heard.subarray(start, start + sound.length)
  const scale = Math.sqrt(power(part) * power(sound) * part.length * sound.length)
  return { startMs: (start * 1000) / RATE, likeness: scale === 0 ? 0 : product(part, sound, 0) / scale }
}

/** Inner product of every `step`th sample of `key` with the samples from `at` on, as far as they reach. */
function product(samples: Int16Array, key: Int16Array, at: number, step = 1): number {
  let sum = 0
  const length = Math.min(key.length, samples.length - at)
  for (let i = 0; i < length; i += step) sum += (samples[at + i] ?? 0) * (key[i] ?? 0)
  return sum
}

function power(samples: Int16Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return sum / samples.length
}
