import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SAMPLES_PER_MS, TELEPHONE_RATE } from '../../audio/sound.ts'
import { faded, tone } from '../../audio/tone.ts'
import { WavWriter } from '../../audio/wav-writer.ts'

const HERTZ = 440
/** About -26 dBov: clear, and nobody is startled. */
const AMPLITUDE = 2300
const SOUND_MS = 1200
const PAUSE_MS = 1300
const FADE_MS = 150

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
  writer.append(faded(tone(HERTZ, SOUND_MS, AMPLITUDE), TELEPHONE_RATE, FADE_MS))
  writer.append(new Int16Array(PAUSE_MS * SAMPLES_PER_MS))
  await writer.close()
  return { file, remove: () => rm(folder, { recursive: true, force: true }) }
}
