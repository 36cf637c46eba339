/**
 * G.711 (ITU-T, 1988) by table: the two companding laws, 8 bits a sample at 8 kHz, against 16-bit linear PCM.
 */

/** The two laws by their names in RTP (RFC 3551): mu-law and A-law. */
export type Law = 'PCMU' | 'PCMA'

/** The code of silence: +0 in mu-law; A-law has no zero, its smallest step up is the custom. */
export const silenceCode: Readonly<Record<Law, number>> = { PCMU: 0xff, PCMA: 0xd5 }

/** Linear value (16 bit, signed) of each code. */
export const decodeTable: Readonly<Record<Law, Int16Array>> = {
  PCMU: Int16Array.from({ length: 256 }, (_, code) => decodeMuLaw(code)),
  PCMA: Int16Array.from({ length: 256 }, (_, code) => decodeALaw(code)),
}

/** Code of each linear value; index it with the sample's low 16 bits (`sample & 0xffff`). */
export const encodeTable: Readonly<Record<Law, Uint8Array>> = {
  PCMU: nearestCodes(decodeTable.PCMU),
  PCMA: nearestCodes(decodeTable.PCMA),
}

/** Code of the other law for each code of this one: `transcodeTable.PCMU` takes mu-law to A-law. */
export const transcodeTable: Readonly<Record<Law, Uint8Array>> = {
  PCMU: decodeTable.PCMU.reduce(through(encodeTable.PCMA), new Uint8Array(256)),
  PCMA: decodeTable.PCMA.reduce(through(encodeTable.PCMU), new Uint8Array(256)),
}

/** Table 2a/G.711: complemented bits, 3 bits of segment, 4 of step, with a bias of 33 at 14 bits. */
function decodeMuLaw(code: number): number {
  const bits = ~code & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 0x07)) - 0x84
  return bits & 0x80 ? -magnitude : magnitude
}

/** Table 1a/G.711: even bits inverted, the first two segments linear, at 13 bits. */
function decodeALaw(code: number): number {
  const bits = code ^ 0x55
  const segment = (bits >> 4) & 0x07
  const step = ((bits & 0x0f) << 4) + 8
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1)
  return bits & 0x80 ? magnitude : -magnitude
}

/**
 * The code of the same sign whose value lies nearest: the decision values of G.711 lie half-way between its
 * output values, and a sample on a decision value belongs to the louder step.
 */
function nearestCodes(values: Int16Array): Uint8Array {
  const table = new Uint8Array(65536)
  const codes = Array.from(values, (value, code) => ({ value, code, positive: value > 0 }))
  const zero = codes.filter((entry) => entry.value === 0).map((entry) => entry.code)
  const louder = codes.filter((entry) => entry.value !== 0)
  for (const positive of [true, false]) {
    const side = louder
      .filter((entry) => entry.positive === positive)
      .concat(zero.length > 0 ? [{ value: 0, code: Math.max(...zero), positive }] : [])
      .sort((a, b) => Math.abs(a.value) - Math.abs(b.value))
    let at = 0
    const last = positive ? 32767 : 32768
    for (let magnitude = positive ? 0 : 1; magnitude <= last; magnitude++) {
      while (at + 1 < side.length && isNearer(magnitude, side[at + 1]?.value, side[at]?.value)) at++
      table[(positive ? magnitude : -magnitude) & 0xffff] = side[at]?.code ?? 0
    }
  }
  return table
}

function isNearer(magnitude: number, louder = 0, softer = 0): boolean {
  return magnitude * 2 >= Math.abs(louder) + Math.abs(softer)
}

function through(codes: Uint8Array): (table: Uint8Array, sample: number, code: number) => Uint8Array {
  return (table, sample, code) => {
    table[code] = codes[sample & 0xffff] ?? 0
    return table
  }
}
