import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TELEPHONE_RATE } from '../../../src/audio/sound.ts'
import { tone } from '../../../src/audio/tone.ts'
import { durationMsOf, encodeWav, readTelephoneWav, soundOf } from '../../../src/audio/wav.ts'

/** Pitches, hertz: far enough apart to be told from one another after G.711. */
export const pitch = { prompt: 600, music: 1000, voice: 440 } as const

/** Writes the audio of the suite: WAV, 8 kHz mono, 16 bit. */
export async function writeTones(folder: string): Promise<{ short: string; long: string; music: string }> {
  const write = async (name: string, hertz: number, ms: number): Promise<string> => {
    const file = join(folder, `${name}.wav`)
    await writeFile(file, encodeWav({ rate: TELEPHONE_RATE, samples: tone(hertz, ms, 10_000) }))
    return file
  }
  return {
    short: await write('short', pitch.prompt, 300),
    long: await write('long', pitch.prompt, 4000),
    music: await write('music', pitch.music, 400),
  }
}

/** Length and loudness of a recording. @throws when it is not a WAV file that we play, or was not closed */
export async function measureRecording(file: string): Promise<{ ms: number; peak: number }> {
  const bytes = await readFile(file)
  const wav = readTelephoneWav(bytes, file)
  if (bytes.readUInt32LE(4) !== bytes.length - 8) throw new Error(`${file} does not say how long it is`)
  const peak = soundOf(wav).samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  return { ms: durationMsOf(wav), peak }
}
