import { messageOf, SwitchroomError } from '../errors.ts'
import { decodeTable, encodeTable, type Law, transcodeTable } from './g711.ts'
import { type Sound, TELEPHONE_RATE } from './sound.ts'

/** What a WAV file holds, not decoded: one channel of 16-bit PCM, mu-law or A-law. */
export interface Wav {
  readonly encoding: 'pcm16' | Law
  /** Samples a second. */
  readonly rate: number
  /** The samples as they lie in the file, of which it is a view; 16-bit PCM is little-endian. */
  readonly data: Buffer
}

type Format = Omit<Wav, 'data'>

const ENCODINGS: Readonly<Record<number, Wav['encoding']>> = { 1: 'pcm16', 6: 'PCMA', 7: 'PCMU' }
const FORMAT_EXTENSIBLE = 0xfffe

/**
 * Reads a RIFF WAVE file. A data chunk longer than the file is cut to what is there: that is how a recording looks
 * whose writer died.
 * @throws RangeError when it is something else, or not one channel of 16-bit PCM, mu-law or A-law
 */
export function readWav(file: Buffer): Wav {
  if (
    file.length < 12 ||
    file.toString('latin1', 0, 4) !== 'RIFF' ||
    file.toString('latin1', 8, 12) !== 'WAVE'
  ) {
    throw new RangeError('it is not a RIFF WAVE file')
  }
  let format: Format | undefined
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString('latin1', at, at + 4)
    const length = file.readUInt32LE(at + 4)
    const body = file.subarray(at + 8, at + 8 + length)
    if (id === 'fmt ') format = readFormat(body)
    if (id === 'data') {
      if (!format) throw new RangeError('its data comes before its format')
      return { ...format, data: format.encoding === 'pcm16' ? body.subarray(0, body.length & ~1) : body }
    }
    at += 8 + length + (length & 1)
  }
  throw new RangeError(format ? 'it has no data chunk' : 'it has no format chunk')
}

function readFormat(chunk: Buffer): Format {
  if (chunk.length < 16) throw new RangeError('its format chunk is too short')
  const tag = chunk.readUInt16LE(0)
  const encoding = ENCODINGS[tag === FORMAT_EXTENSIBLE && chunk.length >= 26 ? chunk.readUInt16LE(24) : tag]
  const channels = chunk.readUInt16LE(2)
  const rate = chunk.readUInt32LE(4)
  const bits = chunk.readUInt16LE(14)
  if (!encoding) throw new RangeError(`its format is number ${tag}`)
  if (channels !== 1 || rate === 0 || bits !== (encoding === 'pcm16' ? 16 : 8)) {
    throw new RangeError(`it has ${channels} channel(s) of ${bits} bits at ${rate} Hz`)
  }
  return { encoding, rate }
}

/**
 * Reads a WAV file that is played on the telephone: 8 kHz. Another rate is refused, never converted in silence:
 * resampling belongs to whoever makes the file.
 * @param name the file, for the error
 * @throws SwitchroomError PROMPT_MISSING when it is not a WAV file that we play
 */
export function readTelephoneWav(file: Buffer, name: string): Wav {
  try {
    const wav = readWav(file)
    if (wav.rate !== TELEPHONE_RATE) throw new RangeError(`its rate is ${wav.rate} Hz`)
    return wav
  } catch (error) {
    throw new SwitchroomError('PROMPT_MISSING', `${name} cannot be played: ${messageOf(error)}`, {
      cause: error,
      remedy:
        'Use WAV at 8000 Hz, one channel, 16-bit PCM, mu-law or A-law: sox in.wav -r 8000 -c 1 -b 16 out.wav',
    })
  }
}

/** How long it sounds, milliseconds. */
export function durationMsOf({ encoding, rate, data }: Wav): number {
  return (data.length / (encoding === 'pcm16' ? 2 : 1) / rate) * 1000
}

/** Its audio in the code of `law`, one byte a sample. */
export function codesOf({ encoding, data }: Wav, law: Law): Buffer {
  if (encoding === law) return data
  if (encoding !== 'pcm16') return translate(data, transcodeTable[encoding])
  const codes = encodeTable[law]
  const coded = Buffer.allocUnsafe(data.length / 2)
  for (let at = 0; at < coded.length; at++) coded[at] = codes[data.readUInt16LE(at * 2)] ?? 0
  return coded
}

function translate(data: Buffer, table: Uint8Array): Buffer {
  const coded = Buffer.allocUnsafe(data.length)
  for (let at = 0; at < coded.length; at++) coded[at] = table[data[at] ?? 0] ?? 0
  return coded
}

/** Its audio as linear samples. */
export function soundOf({ encoding, rate, data }: Wav): Sound {
  const samples =
    encoding === 'pcm16'
      ? Int16Array.from({ length: data.length / 2 }, (_, at) => data.readInt16LE(at * 2))
      : Int16Array.from(data, (code) => decodeTable[encoding][code] ?? 0)
  return { rate, samples }
}

/** A RIFF WAVE file of 16-bit PCM. */
export function encodeWav({ rate, samples }: Sound): Buffer {
  return Buffer.concat([wavHeader(rate, samples.length * 2), pcm16Of(samples)])
}

/** Samples as they lie in a file: 16 bits, little-endian. */
export function pcm16Of(samples: Int16Array): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length * 2)
  for (let at = 0; at < samples.length; at++) bytes.writeInt16LE(samples[at] ?? 0, at * 2)
  return bytes
}

export const WAV_HEADER_BYTES = 44
/** The customary length of a stream whose end is not known yet; readers take what is there. */
export const UNKNOWN_LENGTH = 0xffffffff

/**
 * The canonical header of one channel of 16-bit PCM.
 * @param dataBytes length of what follows, or `UNKNOWN_LENGTH`
 */
export function wavHeader(rate: number, dataBytes: number): Buffer {
  const bytes = Buffer.alloc(WAV_HEADER_BYTES)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(Math.min(dataBytes + WAV_HEADER_BYTES - 8, UNKNOWN_LENGTH), 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(rate, 24)
  bytes.writeUInt32LE(rate * 2, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(dataBytes, 40)
  return bytes
}
