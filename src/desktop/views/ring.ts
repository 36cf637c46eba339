const EVERY_MS = 2600
const LOUDNESS = 0.06
const NOTES_HZ = [587.33, 783.99]

/** Plays two soft notes again and again. @returns how to stop */
export function startRing(): () => void {
  const audio = new AudioContext()
  const play = (): void => NOTES_HZ.forEach((hz, index) => note(audio, hz, audio.currentTime + index * 0.28))
  play()
  const timer = setInterval(play, EVERY_MS)
  return () => {
    clearInterval(timer)
    void audio.close()
  }
}

function note(audio: AudioContext, hz: number, at: number): void {
  const tone = new OscillatorNode(audio, { frequency: hz, type: 'sine' })
  const volume = new GainNode(audio, { gain: 0 })
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.03)
  volume.gain.exponentialRampToValueAtTime(0.0005, at + 0.7)
  tone.connect(volume).connect(audio.destination)
  tone.start(at)
  tone.stop(at + 0.75)
}
