import { createSocket, type Socket } from 'node:dgram'
import type { MediaEvent, MediaRequest, RemoteMedia } from '../../../src/telephony/embedded/media/protocol.ts'
import type { MediaLink } from '../../../src/telephony/embedded/media-link.ts'
import type { Sound } from './rig.ts'
import { pitch } from './tones.ts'

const FRAME_MS = 20
const FRAME_SAMPLES = 160
const PCMU = 0
const KEYS = '0123456789*#ABCD'
/** How much of the latest audio is listened to: 60 ms tell the pitches apart by far. */
const EAR_SAMPLES = 480

/**
 * The far ends' audio: plain RTP sockets with a mouth that says a tone or nothing, and an ear that tells pitches
 * apart (Goertzel). Has nothing in common with the media under test but the protocol on the wire.
 */
export class FarAudio implements MediaLink {
  readonly #sessions = new Map<number, FarSession>()
  #receive: (event: MediaEvent) => void = () => undefined

  async start(receive: (event: MediaEvent) => void): Promise<void> {
    this.#receive = receive
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions.values()) session.close()
    this.#sessions.clear()
  }

  session(number: number): FarSession | undefined {
    return this.#sessions.get(number)
  }

  send(request: MediaRequest): void {
    const { session } = request
    if (request.type === 'open') {
      const opened = (port: number): void => this.#receive({ type: 'opened', session, port })
      this.#sessions.set(session, new FarSession(request.host, opened))
    } else if (request.type === 'remote') this.#sessions.get(session)?.connect(request.remote)
    else if (request.type === 'close') {
      this.#sessions.get(session)?.close()
      this.#receive({ type: 'closed', session, report: undefined })
    } else throw new Error(`a far end is not asked for ${request.type}`)
  }
}

/** One packet of audio that a far end was sent. */
export interface HeardFrame {
  /** Of `performance.now()`. */
  readonly at: number
  /** RTP timestamp, in samples. */
  readonly timestamp: number
  readonly sound: Sound
}

/** One far end's RTP: RFC 3550, G.711 mu-law, telephone-event by RFC 4733. */
export class FarSession {
  readonly #socket: Socket = createSocket('udp4')
  readonly #ear = new Float64Array(EAR_SAMPLES)
  #remote: RemoteMedia | undefined
  #timer: NodeJS.Timeout | undefined
  #sequence = 1
  #timestamp = 160
  #speakUntil = 0
  #mute = false
  #heardAt = 0
  /** Packets of the keys that are still to be sent, one list per frame; an empty one is silence. */
  readonly #keys: KeyPacket[] = []
  #lastKey = -1
  #closed = false
  keysReceived = ''
  /** Every packet of audio, in the order of arrival, where somebody has asked for them by `keepFrames`. */
  frames: HeardFrame[] | undefined

  constructor(host: string, opened: (port: number) => void) {
    this.#socket.on('message', (packet) => this.#hear(packet))
    this.#socket.bind(0, host, () => opened(this.#socket.address().port))
  }

  connect(remote: RemoteMedia): void {
    if (remote.codec !== 'PCMU') throw new Error(`expected PCMU, found ${remote.codec}`)
    this.#remote = remote
    if (!this.#closed) this.#timer ??= setInterval(() => this.#speakFrame(), FRAME_MS)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#timer)
    this.#socket.close()
  }

  speak(ms: number): void {
    this.#speakUntil = this.#timestamp + ms * 8
  }

  mute(mute: boolean): void {
    this.#mute = mute
  }

  press(digits: string): void {
    for (const digit of digits) this.#keys.push(...keyPackets(KEYS.indexOf(digit)))
  }

  hears(): Sound {
    return loudest(this.#ear, this.#energy())
  }

  keepFrames(): void {
    this.frames = []
  }

  /** A tenth of the energy: 10 dB below everything together. */
  hearsToo(sound: Sound): boolean {
    const energy = this.#energy()
    return sound === 'silence' ? energy === 0 : energy > 0 && share(this.#ear, pitch[sound], energy) > 0.1
  }

  /** Mean square of the latest audio; 0 for silence. */
  #energy(): number {
    if (performance.now() - this.#heardAt > 3 * FRAME_MS) return 0
    const energy = this.#ear.reduce((sum, sample) => sum + sample * sample, 0) / EAR_SAMPLES
    return energy < 100 ** 2 ? 0 : energy
  }

  #speakFrame(): void {
    this.#timestamp += FRAME_SAMPLES
    const remote = this.#remote
    if (!remote || this.#mute) return
    const key = this.#keys.shift()
    if (key && 'event' in key) {
      for (let copy = 0; copy < key.copies; copy++) this.#sendKey(remote, key)
      return
    }
    const payload = Buffer.alloc(FRAME_SAMPLES, 0xff)
    if (this.#timestamp < this.#speakUntil) {
      for (let at = 0; at < FRAME_SAMPLES; at++) {
        const angle = (2 * Math.PI * pitch.voice * (this.#timestamp + at)) / 8000
        payload[at] = encode(Math.round(8000 * Math.sin(angle)))
      }
    }
    this.#send(remote, PCMU, this.#timestamp, false, payload)
  }

  #sendKey(remote: RemoteMedia, key: Extract<KeyPacket, { event: number }>): void {
    const payload = Buffer.of(key.event, key.end ? 0x8a : 0x0a, key.duration >> 8, key.duration & 0xff)
    const began = this.#timestamp - key.frame * FRAME_SAMPLES
    this.#send(remote, remote.telephoneEvent ?? 101, began, key.frame === 0, payload)
  }

  #send(remote: RemoteMedia, type: number, timestamp: number, marker: boolean, payload: Buffer): void {
    const header = Buffer.alloc(12)
    header[0] = 0x80
    header[1] = (marker ? 0x80 : 0) | type
    header.writeUInt16BE(this.#sequence++ & 0xffff, 2)
    header.writeUInt32BE(timestamp >>> 0, 4)
    header.writeUInt32BE(0xfa7, 8)
    this.#socket.send(Buffer.concat([header, payload]), remote.port, remote.host)
  }

  #hear(packet: Buffer): void {
    const type = (packet[1] ?? 0) & 0x7f
    const payload = packet.subarray(12 + 4 * ((packet[0] ?? 0) & 0x0f))
    if (type === PCMU) {
      this.#heardAt = performance.now()
      this.#ear.copyWithin(0, payload.length)
      for (const [at, code] of payload.entries()) {
        this.#ear[EAR_SAMPLES - payload.length + at] = decode(code)
      }
      this.frames?.push({
        at: this.#heardAt,
        timestamp: packet.readUInt32BE(4),
        sound: soundOf(this.#ear.subarray(EAR_SAMPLES - payload.length)),
      })
    } else if (type === (this.#remote?.telephoneEvent ?? 101)) {
      const began = packet.readUInt32BE(4)
      if (began === this.#lastKey) return
      this.#lastKey = began
      this.keysReceived += KEYS[payload[0] ?? 0] ?? '?'
    }
  }
}

type KeyPacket =
  | { event: number; frame: number; duration: number; end: boolean; copies: number }
  | { pause: true }

/** 100 ms on, the last packet three times (RFC 4733 2.5.1.4), 80 ms off. */
function keyPackets(event: number): KeyPacket[] {
  const on = [0, 1, 2, 3, 4].map((frame) => ({
    event,
    frame,
    duration: (frame + 1) * FRAME_SAMPLES,
    end: frame === 4,
    copies: frame === 4 ? 3 : 1,
  }))
  return [...on, ...Array.from({ length: 4 }, () => ({ pause: true as const }))]
}

function soundOf(samples: Float64Array): Sound {
  return loudest(samples, samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
}

/** What makes most of the energy. */
function loudest(samples: Float64Array, energy: number): Sound {
  if (energy < 100 ** 2) return 'silence'
  for (const sound of ['prompt', 'music', 'voice'] as const) {
    if (share(samples, pitch[sound], energy) > 0.5) return sound
  }
  return 'silence'
}

/** The part of the energy that is of this pitch: Goertzel's algorithm. */
function share(samples: Float64Array, hertz: number, energy: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / 8000)
  let [last, before] = [0, 0]
  for (const sample of samples) [last, before] = [sample + coefficient * last - before, last]
  const power = last * last + before * before - coefficient * last * before
  return (2 * power) / (samples.length * samples.length * energy)
}

/** ITU-T G.711 mu-law. */
function encode(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const biased = Math.min(32_635, Math.abs(sample)) + 132
  const exponent = 31 - Math.clz32(biased) - 7
  return ~(sign | (exponent << 4) | ((biased >> (exponent + 3)) & 0x0f)) & 0xff
}

function decode(code: number): number {
  const bits = ~code & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + 132) << ((bits >> 4) & 0x07)) - 132
  return bits & 0x80 ? -magnitude : magnitude
}
