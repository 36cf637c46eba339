import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WavWriter } from '../../telephony/embedded/media/wav-writer.ts'

const RATE = 8000
const HERTZ = 440
/** About -26 dBov: clear, and nobody is startled. */
const AMPLITUDE = 2300
const SOUND_SECONDS = 1.2
const PAUSE_SECONDS = 1.3
const FADE_SECONDS = 0.15

/** A soft tone with pauses, for a phone that has nobody to speak into it. */
export interface GentleTone {
  readonly file: string
  readonly remove: () => Promise<void>
}

/** Makes the tone as a WAV file in a temporary folder. */
export async function makeGentleTone(): Promise<GentleTone> {
  const folder = await mkdtemp(join(tmpdir(), 'switchroom-phone-'))
  const file = join(folder, 'tone.wav')
  const writer = await WavWriter.create(file)
  writer.append(
    Int16Array.from({ length: RATE * (SOUND_SECONDS + PAUSE_SECONDS) }, (_, at) => sampleAt(at / RATE)),
  )
  await writer.close()
  return { file, remove: () => rm(folder, { recursive: true, force: true }) }
}

function sampleAt(second: number): number {
  const edge = Math.min(second, SOUND_SECONDS - second) / FADE_SECONDS
  return Math.round(AMPLITUDE * Math.max(0, Math.min(1, edge)) * Math.sin(2 * Math.PI * HERTZ * second))
}
