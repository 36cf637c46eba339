import { SwitchroomError } from '../../../errors.ts'
import { decodeTable, encodeTable, transcodeTable } from './g711.ts'
import type { Codec } from './protocol.ts'

/**
 * Reads what we play: RIFF WAVE, 8 kHz, mono, as 16-bit PCM, mu-law or A-law. Anything else is refused by name,
 * never converted in silence: resampling belongs to whoever makes the prompt.
 */
export interface WavAudio {
  readonly encoding: 'pcm16' | Codec
  /** The samples as they lie in the file; 16-bit PCM is little-endian. */
  readonly data: Buffer
}

const FORMATS: Readonly<Record<number, WavAudio['encoding']>> = { 1: 'pcm16', 6: 'PCMA', 7: 'PCMU' }
const FORMAT_EXTENSIBLE = 0xfffe

/**
 * A data chunk longer than the file is cut to what is there: that is how a recording looks whose writer died.
 * @param name the file, for the error
 * @throws SwitchroomError PROMPT_MISSING when it is not a WAV file that we play
 */
export function readWav(file: Buffer, name: string): WavAudio {
  if (
    file.length < 12 ||
    file.toString('latin1', 0, 4) !== 'RIFF' ||
    file.toString('latin1', 8, 12) !== 'WAVE'
  ) {
    throw refused(name, 'it is not a RIFF WAVE file')
  }
  let encoding: WavAudio['encoding'] | undefined
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString('latin1', at, at + 4)
    const length = file.readUInt32LE(at + 4)
    const body = file.subarray(at + 8, at + 8 + length)
    if (id === 'fmt ') encoding = readFormat(body, name)
    if (id === 'data') {
      if (!encoding) throw refused(name, 'its data comes before its format')
      return { encoding, data: encoding === 'pcm16' ? body.subarray(0, body.length & ~1) : body }
    }
    at += 8 + length + (length & 1)
  }
  throw refused(name, encoding ? 'it has no data chunk' : 'it has no format chunk')
}

function readFormat(chunk: Buffer, name: string): WavAudio['encoding'] {
  if (chunk.length < 16) throw refused(name, 'its format chunk is too short')
  const tag = chunk.readUInt16LE(0)
  const encoding = FORMATS[tag === FORMAT_EXTENSIBLE && chunk.length >= 26 ? chunk.readUInt16LE(24) : tag]
  const channels = chunk.readUInt16LE(2)
  const rate = chunk.readUInt32LE(4)
  const bits = chunk.readUInt16LE(14)
  if (!encoding) throw refused(name, `its format is number ${tag}`)
  if (channels !== 1 || rate !== 8000 || bits !== (encoding === 'pcm16' ? 16 : 8)) {
    throw refused(name, `it has ${channels} channel(s) of ${bits} bits at ${rate} Hz`)
  }
  return encoding
}

function refused(name: string, found: string): SwitchroomError {
  return new SwitchroomError('PROMPT_MISSING', `${name} cannot be played: ${found}`, {
    remedy:
      'Use WAV at 8000 Hz, one channel, 16-bit PCM, mu-law or A-law: sox in.wav -r 8000 -c 1 -b 16 out.wav',
  })
}

/** The audio in the code of `codec`, one byte a sample. */
export function encodeWav(audio: WavAudio, codec: Codec): Buffer {
  const { encoding, data } = audio
  if (encoding === codec) return data
  if (encoding !== 'pcm16') return translate(data, transcodeTable[encoding])
  const codes = encodeTable[codec]
  const coded = Buffer.allocUnsafe(data.length / 2)
  for (let at = 0; at < coded.length; at++) coded[at] = codes[data.readUInt16LE(at * 2)] ?? 0
  return coded
}

/** The audio as 16-bit linear samples. */
export function decodeWav(audio: WavAudio): Int16Array {
  const { encoding, data } = audio
  if (encoding !== 'pcm16') return Int16Array.from(data, (code) => decodeTable[encoding][code] ?? 0)
  return Int16Array.from({ length: data.length / 2 }, (_, at) => data.readInt16LE(at * 2))
}

function translate(data: Buffer, table: Uint8Array): Buffer {
  const coded = Buffer.allocUnsafe(data.length)
  for (let at = 0; at < coded.length; at++) coded[at] = table[data[at] ?? 0] ?? 0
  return coded
}
