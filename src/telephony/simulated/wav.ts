import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'

const SAMPLE_RATE = 8000
const HEADER_BYTES = 44
/** Far enough into a file to pass the chunks that editors put before the audio. */
const LOOK_AHEAD_BYTES = 64 * 1024

/**
 * How long the audio of a WAV file lasts, from its header (RIFF chunks `fmt ` and `data`).
 * @throws Error when the file cannot be read or is not a WAV file
 */
export function wavDurationMs(file: string): number {
  const head = Buffer.alloc(LOOK_AHEAD_BYTES)
  const descriptor = openSync(file, 'r')
  let length: number
  try {
    length = readSync(descriptor, head, 0, head.length, 0)
  } finally {
    closeSync(descriptor)
  }
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error(`${file} is not a WAV file`)
  }
  let bytesPerSecond = 0
  for (let at = 12; at + 8 <= length; ) {
    const chunk = head.toString('latin1', at, at + 4)
    const size = head.readUInt32LE(at + 4)
    if (chunk === 'fmt ' && at + 20 <= length) bytesPerSecond = head.readUInt32LE(at + 16)
    if (chunk === 'data' && bytesPerSecond > 0) return (size / bytesPerSecond) * 1000
    at += 8 + size + (size % 2)
  }
  throw new Error(`${file} has no audio that we can find`)
}

/** A stretch of a recording in which the far end spoke, in milliseconds from its start. */
export interface Speech {
  readonly fromMs: number
  readonly toMs: number
}

/** Writes a WAV file (8 kHz mono, 16 bit): a 440 Hz tone where the far end spoke, silence elsewhere. */
export function writeRecording(file: string, durationMs: number, spoken: readonly Speech[]): void {
  const samples = Math.round((durationMs * SAMPLE_RATE) / 1000)
  const wav = Buffer.alloc(HEADER_BYTES + samples * 2)
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
  for (const { fromMs, toMs } of spoken) {
    const end = Math.min(samples, Math.round((toMs * SAMPLE_RATE) / 1000))
    for (let sample = Math.round((fromMs * SAMPLE_RATE) / 1000); sample < end; sample++) {
      const level = 8000 * Math.sin((2 * Math.PI * 440 * sample) / SAMPLE_RATE)
      wav.writeInt16LE(Math.round(level), HEADER_BYTES + sample * 2)
    }
  }
  writeFileSync(file, wav)
}
