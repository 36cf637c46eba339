import type { Agent } from '../../api/contract/index.ts'

export type Tone = 'available' | 'paused' | 'off' | 'ringing' | 'talking' | 'wrapping'

/** In which of six tones somebody is; each has a colour, a sign and a word. */
export function toneOf({ slot, presence }: Agent): Tone {
  if (slot === 'connected') return 'talking'
  if (slot === 'wrapping') return 'wrapping'
  if (slot !== 'free') return 'ringing'
  return presence === 'logged-out' ? 'off' : presence
}
