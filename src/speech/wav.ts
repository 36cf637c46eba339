/** Mono sound: samples of 16 bits, -32768 to 32767. */
export interface Sound {
  readonly rate: number
  readonly samples: Int16Array
}

/** The rate of every file that we make and play. */
export const TELEPHONE_RATE = 8000

/**
 * Reads a RIFF WAVE file; chunks other than `fmt ` and `data` are skipped.
 * @throws RangeError when it is not mono, linear PCM, 16 bit
 */
export function decodeWav(file: Uint8Array): Sound {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const tag = (at: number): string => String.fromCharCode(...file.subarray(at, at + 4))
  if (file.length < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new RangeError('not a WAV file')
  let rate = 0
  for (let at = 12; at + 8 <= file.length; ) {
    const size = view.getUint32(at + 4, true)
    if (tag(at) === 'fmt ') {
      const [format, channels, bits] = [
        view.getUint16(at + 8, true),
        view.getUint16(at + 10, true),
        view.getUint16(at + 22, true),
      ]
      if (format !== 1 || channels !== 1 || bits !== 16) {
        throw new RangeError(
          `format ${format}, ${channels} channels, ${bits} bit; expected linear PCM, mono, 16 bit`,
        )
      }
      rate = view.getUint32(at + 12, true)
    }
    if (tag(at) === 'data' && rate > 0) {
      const count = Math.min(size, file.length - at - 8) >> 1
      return {
        rate,
        samples: Int16Array.from({ length: count }, (_, i) => view.getInt16(at + 8 + 2 * i, true)),
      }
    }
    at += 8 + size + (size % 2)
  }
  throw new RangeError('a WAV file without sound')
}

/** Writes a RIFF WAVE file: mono, linear PCM, 16 bit. */
export function encodeWav({ rate, samples }: Sound): Uint8Array {
  const file = new Uint8Array(44 + 2 * samples.length)
  const view = new DataView(file.buffer)
  const tag = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i))
  }
  tag(0, 'RIFF')
  view.setUint32(4, file.length - 8, true)
  tag(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, 2 * rate, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  tag(36, 'data')
  view.setUint32(40, 2 * samples.length, true)
  samples.forEach((sample, i) => view.setInt16(44 + 2 * i, sample, true))
  return file
}
