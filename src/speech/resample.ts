import type { Sound } from '../audio/sound.ts'

/** Zero crossings of the sinc on either side: longer is steeper. 32 keep 3.4 kHz and are 60 dB down at 4.2 kHz. */
const REACH = 32

/** Cut-off as a share of the lower Nyquist frequency, so that the transition ends about where folding begins. */
const CUT_OFF = 0.94

/**
 * Changes the sampling rate by a windowed-sinc FIR filter (Smith, "Digital Audio Resampling"; Blackman window):
 * one set of taps for each of the `rate / gcd` positions that an output sample can have between two input samples.
 */
export function resample(sound: Sound, rate: number): Sound {
  if (sound.rate === rate) return sound
  const divisor = gcd(sound.rate, rate)
  const [up, down] = [rate / divisor, sound.rate / divisor]
  const cutOff = CUT_OFF * Math.min(1, up / down)
  const reach = Math.ceil(REACH / cutOff)
  const phases = Array.from({ length: up }, (_, phase) => tapsFor(phase / up, cutOff, reach))
  const input = sound.samples
  const samples = Int16Array.from({ length: Math.floor((input.length * up) / down) }, (_, i) => {
    const whole = Math.floor((i * down) / up)
    const taps = phases[(i * down) % up] ?? new Float64Array()
    const first = whole - reach + 1
    let sum = 0
    for (let t = Math.max(0, -first); t < taps.length && first + t < input.length; t++) {
      sum += (taps[t] ?? 0) * (input[first + t] ?? 0)
    }
    return clip(sum)
  })
  return { rate, samples }
}

/** Rounds to a sample of 16 bits. */
export function clip(value: number): number {
  return Math.max(-32768, Math.min(32767, Math.round(value)))
}

function tapsFor(fraction: number, cutOff: number, reach: number): Float64Array {
  const taps = Float64Array.from({ length: 2 * reach }, (_, t) => {
    const x = t - reach + 1 - fraction
    const sinc = x === 0 ? cutOff : Math.sin(Math.PI * cutOff * x) / (Math.PI * x)
    const u = (Math.PI * x) / reach
    return sinc * (0.42 + 0.5 * Math.cos(u) + 0.08 * Math.cos(2 * u))
  })
  const gain = taps.reduce((sum, tap) => sum + tap, 0)
  return taps.map((tap) => tap / gain)
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
