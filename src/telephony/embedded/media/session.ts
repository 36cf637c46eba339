import type { MediaReport } from '../../../call/call.ts'
import { messageOf } from '../../../errors.ts'
import { LevelMeter } from './loudness.ts'
import type { Paced, Pacing } from './pacing.ts'
import { type Piece, Playback, silence } from './playback.ts'
import type { PortPair } from './port-pairs.ts'
import type { Prompts } from './prompts.ts'
import type { Codec, MediaEvent, MediaOptions, MediaRequest, RemoteMedia } from './protocol.ts'
import { Recording, type RecordingEnd } from './recording.ts'
import { RtcpReporter } from './rtcp-reporter.ts'
import type { RtpHeader } from './rtp.ts'
import { type ReceiverListener, RtpReceiver } from './rtp-receiver.ts'
import { RtpSender } from './rtp-sender.ts'
import { isDialable, TelephoneEventSender } from './telephone-event-sender.ts'
import { WavWriter } from './wav-writer.ts'

/**
 * The audio of one leg: what is played to it, what is heard from it, whom it is bridged with. This file joins
 * the parts (sender, receiver, playback, recording, reports) and is therefore longer than most; how each of
 * them works is in its own file.
 */

type Request<Type extends MediaRequest['type']> = Extract<MediaRequest, { type: Type }>
type Unaddressed<Event> = Event extends unknown ? Omit<Event, 'session'> : never

/** What all sessions share. */
export interface SessionSurroundings {
  readonly options: MediaOptions
  readonly pacing: Pacing
  readonly prompts: Prompts
  /** Milliseconds since 1970. */
  readonly wallClock: () => number
  readonly report: (event: MediaEvent) => void
}

interface RunningRecording {
  readonly recording: Promise<Recording>
  /** Absent while its file is being made. */
  running: Recording | undefined
  readonly request: Request<'record'>
}

/** Without anything sent for this long, a packet of silence keeps the NAT's binding (RFC 6263). */
const KEEP_ALIVE_MS = 2000

export class MediaSession implements Paced, ReceiverListener {
  readonly phase: number
  readonly pair: PortPair
  readonly #id: number
  readonly #around: SessionSurroundings
  readonly #sender: RtpSender
  readonly #receiver: RtpReceiver
  readonly #rtcp: RtcpReporter
  readonly #meter: LevelMeter
  #remote: RemoteMedia | undefined
  #playing: { playback: Playback; command?: string; interruptible: boolean } | undefined
  /** A play or music whose files are being read; another one, or `stop`, takes its place. */
  #preparing: { command: string; isMusic: boolean } | undefined
  readonly #digits: { sender: TelephoneEventSender; command: string }[] = []
  #recording: RunningRecording | undefined
  #ending: Promise<void> = Promise.resolve()
  #peer: MediaSession | undefined
  /** Since when packets have been expected; undefined while they are not. */
  #listeningSince: number | undefined
  #lost = false

  constructor(id: number, pair: PortPair, around: SessionSurroundings) {
    this.#id = id
    this.pair = pair
    this.#around = around
    this.phase = around.pacing.choosePhase()
    const now = (): number => around.pacing.now()
    this.#receiver = new RtpReceiver(this, now)
    const { peer } = this.#receiver
    this.#sender = new RtpSender({
      now,
      send: (packet) => {
        if (peer.port > 0) pair.rtp.send(packet, peer.port, peer.host)
      },
    })
    this.#rtcp = new RtcpReporter(pair, this.#sender, this.#receiver, around)
    this.#meter = new LevelMeter((dbov) => this.#report({ type: 'level', dbov }))
    pair.onRtp = (packet, source) => this.#receiver.receive(packet, source)
  }

  get bridged(): boolean {
    return this.#peer !== undefined
  }

  remote({ remote }: Request<'remote'>): void {
    this.#remote = remote
    this.#receiver.setRemote(remote)
    this.#sender.setRemote(remote)
    this.#lost = false
    this.#listeningSince = remote.receive ? this.#around.pacing.now() : undefined
    if (!this.#playing && !this.#peer) this.#sender.silence()
    this.#around.pacing.join(this)
  }

  play(request: Request<'play'>): void {
    this.#start(request.command, request.items, false, request.interruptible)
  }

  music(request: Request<'music'>): void {
    this.#start(request.command, [{ file: request.file }], true, false)
  }

  stop({ command }: Request<'stop'>): void {
    this.#endPlaying('stopped')
    this.#report({ type: 'done', command })
  }

  digits({ command, digits }: Request<'digits'>): void {
    if (this.#remote?.telephoneEvent === undefined) {
      return this.#fail(command, 'unsupported', 'the far end did not agree to telephone-event')
    }
    if (!isDialable(digits)) return this.#fail(command, 'failed', 'expected keys 0-9, *, #, A-D')
    this.#digits.push({ sender: new TelephoneEventSender(digits), command })
    this.#around.pacing.join(this)
  }

  record(request: Request<'record'>): void {
    if (this.#recording) return this.#fail(request.command, 'wrong-state', 'a recording is running already')
    const recording = WavWriter.create(request.file).then(
      (writer) => new Recording(writer, request, this.#around.pacing.now()),
    )
    const entry: RunningRecording = { recording, running: undefined, request }
    this.#recording = entry
    recording.then(
      (running) => (entry.running = running),
      (error: unknown) => {
        if (this.#recording === entry) this.#recording = undefined
        this.#fail(request.command, 'failed', `${request.file} cannot be written: ${messageOf(error)}`)
      },
    )
  }

  recordStop({ command }: Request<'record-stop'>): void {
    const ended = this.#endRecording('stopped')
    void ended.then(() => this.#report({ type: 'done', command }))
  }

  monitor({ everyMs }: Request<'monitor'>): void {
    this.#meter.set(everyMs, this.#around.pacing.now())
  }

  /** Lets two sessions hear each other; neither may be bridged already. */
  bridge(other: MediaSession): void {
    for (const [one, another] of [
      [this, other],
      [other, this],
    ] as const) {
      one.#endPlaying('stopped')
      one.#peer = another
    }
  }

  unbridge(): void {
    const peer = this.#peer
    if (!peer) return
    this.#peer = undefined
    peer.#peer = undefined
    this.#around.pacing.join(this)
    this.#around.pacing.join(peer)
  }

  /** Ends everything; resolves when the recording, if any, is on disk. */
  async close(): Promise<void> {
    this.unbridge()
    this.#around.pacing.leave(this)
    this.pair.onRtp = undefined
    this.pair.onRtcp = undefined
    this.#endPlaying('stopped')
    this.#digits.length = 0
    await this.#endRecording('hangup')
    this.#report({ type: 'closed', report: this.#measured() })
  }

  tick(frame: number): void {
    if (this.#sendDigit(frame) || this.#playNext(frame)) return
    if (this.#around.options.idle === 'silence' && this.#remote && !this.#peer) this.#sender.silence(frame)
    else this.#around.pacing.leave(this)
  }

  /** Whatever is not urgent; every 100 ms. */
  slowTick(now: number): void {
    this.#receiver.expireDigit(now)
    this.#meter.tick(now)
    this.#rtcp.tick(now)
    const over = this.#recording?.running?.isOver(now)
    if (over) void this.#endRecording(over)
    this.#watchMedia(now)
    if (this.#remote && now - this.#sender.sentAt > KEEP_ALIVE_MS) this.#sender.silence()
  }

  audio(packet: Buffer, header: RtpHeader, law: Codec): void {
    this.#heard()
    this.#meter.add(packet, header.start, header.end, law)
    this.#recording?.running?.add(packet, header, law, this.#around.pacing.now())
    if (this.#peer?.isFree) this.#peer.#sender.relayAudio(packet, header, law)
  }

  eventPacket(packet: Buffer, header: RtpHeader): void {
    this.#heard()
    if (this.#peer?.isFree) this.#peer.#sender.relayEvent(packet, header)
  }

  digitBegun(digit: string): void {
    this.#report({ type: 'digit', digit, source: 'rtp' })
    if (this.#playing?.interruptible) this.#endPlaying('interrupted')
    if (this.#recording?.request.stopDigits?.includes(digit)) void this.#endRecording('digit')
  }

  digitEnded(digit: string, durationMs: number): void {
    this.#report({ type: 'digit-end', digit, durationMs })
  }

  /** False while we send something of our own, which goes before what is relayed. */
  get isFree(): boolean {
    return !this.#playing && this.#digits.length === 0
  }

  #start(command: string, items: Request<'play'>['items'], isMusic: boolean, interruptible: boolean): void {
    if (!this.#remote) return this.#fail(command, 'wrong-state', 'the far end has not been named yet')
    this.#endPlaying('stopped')
    const { codec } = this.#remote
    const ready = items.map((item) => this.#readyPiece(item, codec))
    if (ready.every((piece) => piece !== undefined)) {
      return this.#begin(command, new Playback(codec, ready, isMusic), isMusic, interruptible)
    }
    const preparing = { command, isMusic }
    this.#preparing = preparing
    Promise.all(items.map((item) => this.#loadPiece(item, codec))).then(
      (pieces) => {
        if (this.#preparing !== preparing) return
        this.#preparing = undefined
        this.#begin(command, new Playback(codec, pieces, isMusic), isMusic, interruptible)
      },
      (error: unknown) => {
        if (this.#preparing !== preparing) return
        this.#preparing = undefined
        this.#fail(command, 'missing-file', messageOf(error))
      },
    )
  }

  #begin(command: string, playback: Playback, isMusic: boolean, interruptible: boolean): void {
    this.#playing = isMusic ? { playback, interruptible } : { playback, command, interruptible }
    if (isMusic) this.#report({ type: 'done', command })
    this.#around.pacing.join(this)
  }

  #readyPiece(item: Request<'play'>['items'][number], codec: Codec): Piece | undefined {
    return 'file' in item ? this.#around.prompts.ready(item.file, codec) : silence(item)
  }

  async #loadPiece(item: Request<'play'>['items'][number], codec: Codec): Promise<Piece> {
    return 'file' in item ? this.#around.prompts.load(item.file, codec) : silence(item)
  }

  #playNext(frame: number): boolean {
    if (!this.#playing) return false
    if (this.#sender.play(this.#playing.playback, frame)) return true
    this.#endPlaying('finished')
    return false
  }

  /** Ends what plays, or what is about to; music ends without a word. */
  #endPlaying(reason: 'finished' | 'interrupted' | 'stopped'): void {
    const preparing = this.#preparing
    const command = preparing && !preparing.isMusic ? preparing.command : this.#playing?.command
    this.#preparing = undefined
    this.#playing = undefined
    if (command !== undefined) this.#report({ type: 'played', command, reason })
    if (preparing?.isMusic) this.#report({ type: 'done', command: preparing.command })
  }

  #sendDigit(frame: number): boolean {
    const [first] = this.#digits
    if (!first) return false
    const event = first.sender.next()
    if (event) this.#sender.event(event, frame)
    if (first.sender.done) {
      this.#digits.shift()
      this.#report({ type: 'done', command: first.command })
    }
    return true
  }

  /** Resolves when no recording is left to be written. */
  #endRecording(reason: RecordingEnd): Promise<void> {
    const entry = this.#recording
    this.#recording = undefined
    if (entry) this.#ending = this.#finishRecording(entry.recording, entry.request, reason)
    return this.#ending
  }

  async #finishRecording(
    starting: Promise<Recording>,
    request: Request<'record'>,
    reason: RecordingEnd,
  ): Promise<void> {
    const now = this.#around.pacing.now()
    const { command, file } = request
    const recording = await starting.catch(() => undefined)
    if (!recording) return
    try {
      const durationMs = await recording.finish(now)
      this.#report({ type: 'recorded', command, file, durationMs, reason })
    } catch (error) {
      this.#fail(command, 'failed', `${file} cannot be written: ${messageOf(error)}`)
    }
  }

  #heard(): void {
    if (!this.#lost) return
    this.#lost = false
    this.#report({ type: 'back' })
  }

  #watchMedia(now: number): void {
    if (this.#listeningSince === undefined || this.#lost) return
    const since = Math.max(this.#listeningSince, this.#receiver.heardAt ?? 0, this.#rtcp.heardAt ?? 0)
    const silentMs = Math.round(now - since)
    if (silentMs < this.#around.options.lostAfterMs) return
    this.#lost = true
    this.#report({ type: 'lost', silentMs })
  }

  #measured(): MediaReport | undefined {
    const { statistics } = this.#receiver
    const packetsSent = this.#sender.packetsSent
    if (!this.#remote || (statistics.packetsReceived === 0 && packetsSent === 0)) return undefined
    return {
      packetsReceived: statistics.packetsReceived,
      packetsSent,
      packetsLost: statistics.packetsLost,
      jitterMs: Math.round(statistics.jitterMs * 100) / 100,
      codec: this.#remote.codec,
    }
  }

  #fail(command: string, reason: Extract<MediaEvent, { type: 'failed' }>['reason'], detail: string): void {
    this.#report({ type: 'failed', command, reason, detail })
  }

  #report(event: Unaddressed<MediaEvent>): void {
    this.#around.report({ ...event, session: this.#id })
  }
}
