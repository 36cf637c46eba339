import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const SAMPLE_RATE = 8000

/** Pitches, hertz: far enough apart to be told from one another after G.711. */
export const pitch = { prompt: 600, music: 1000, voice: 440 } as const

/** Writes the audio of the suite: WAV, 8 kHz mono, 16 bit. */
export async function writeTones(folder: string): Promise<{ short: string; long: string; music: string }> {
  const files = {
    short: join(folder, 'short.wav'),
    long: join(folder, 'long.wav'),
    music: join(folder, 'music.wav'),
  }
  await writeFile(files.short, tone(pitch.prompt, 300))
  await writeFile(files.long, tone(pitch.prompt, 4000))
  await writeFile(files.music, tone(pitch.music, 400))
  return files
}

export function tone(hertz: number, ms: number): Buffer {
  const samples = (ms * SAMPLE_RATE) / 1000
  const wav = Buffer.alloc(44 + samples * 2)
  wav.write('RIFF', 0, 'latin1')
  wav.writeUInt32LE(wav.length - 8, 4)
  wav.write('WAVEfmt ', 8, 'latin1')
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(SAMPLE_RATE, 24)
  wav.writeUInt32LE(SAMPLE_RATE * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36, 'latin1')
  wav.writeUInt32LE(samples * 2, 40)
  for (let sample = 0; sample < samples; sample++) {
    const level = 10_000 * Math.sin((2 * Math.PI * hertz * sample) / SAMPLE_RATE)
    wav.writeInt16LE(Math.round(level), 44 + sample * 2)
  }
  return wav
}

/** Length and loudness of a recording: WAV, 8 kHz mono, 16 bit. */
export async function measureRecording(file: string): Promise<{ ms: number; peak: number }> {
  const wav = await readFile(file)
  if (wav.toString('latin1', 0, 4) !== 'RIFF') throw new Error(`${file} is not a WAV file`)
  let at = 12
  while (wav.toString('latin1', at, at + 4) !== 'data') at += 8 + wav.readUInt32LE(at + 4)
  const end = at + 8 + wav.readUInt32LE(at + 4)
  let peak = 0
  for (let sample = at + 8; sample + 1 < end; sample += 2) {
    peak = Math.max(peak, Math.abs(wav.readInt16LE(sample)))
  }
  return { ms: (end - at - 8) / 16, peak }
}
