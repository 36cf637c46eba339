import type { MediaReport } from '../../../call/call.ts'
import { InbandDigits } from './inband-digits.ts'
import { LevelMeter } from './level-meter.ts'
import type { Paced, Pacing } from './pacing.ts'
import { Player, type Sink } from './player.ts'
import type { PortPair } from './port-pairs.ts'
import type { Prompts } from './prompts.ts'
import type { Codec, MediaEvent, MediaOptions, RemoteMedia, RequestOf, SessionEvent } from './protocol.ts'
import { Recorder } from './recorder.ts'
import { RtcpReporter } from './rtcp-reporter.ts'
import type { RtpHeader } from './rtp.ts'
import { type ReceiverListener, RtpReceiver } from './rtp-receiver.ts'
import { RtpSender } from './rtp-sender.ts'
import { isDialable, TelephoneEventSender } from './telephone-event-sender.ts'
import { WhisperMix } from './whisper-mix.ts'

/** What all sessions share. */
export interface SessionSurroundings {
  readonly options: MediaOptions
  readonly pacing: Pacing
  readonly prompts: Prompts
  /** Milliseconds since 1970. */
  readonly wallClock: () => number
  readonly report: (event: MediaEvent) => void
}

/**
 * Without anything sent for this long, a packet of silence keeps the NAT's binding (RFC 6263). A session to which
 * nothing plays sends its first one within 100 ms, which opens the binding.
 */
const KEEP_ALIVE_MS = 2000

/** The audio of one leg: what is played to it, what is heard from it, whom it is bridged with. */
export class MediaSession implements Paced, ReceiverListener {
  readonly phase: number
  readonly pair: PortPair
  readonly #id: number
  readonly #around: SessionSurroundings
  readonly #sender: RtpSender
  readonly #receiver: RtpReceiver
  readonly #rtcp: RtcpReporter
  readonly #meter: LevelMeter
  readonly #player: Player
  readonly #whispers: Player
  readonly #mix = new WhisperMix((sink) => this.#player.next(sink, 0))
  readonly #mixed: Sink = { play: (whisper, frame) => this.#sender.play(this.#mix.over(whisper), frame) }
  readonly #recorder: Recorder
  readonly #keys: { readonly sender: TelephoneEventSender; readonly command: string }[] = []
  /** There while the far end has no other way to send keys. */
  #inband: InbandDigits | undefined
  #remote: RemoteMedia | undefined
  #peer: MediaSession | undefined
  /** The `hold` in force. */
  #hold: string | undefined
  /** Since when packets have been expected; undefined while they are not. */
  #listeningSince: number | undefined
  #lost = false

  constructor(id: number, pair: PortPair, around: SessionSurroundings) {
    this.#id = id
    this.pair = pair
    this.#around = around
    this.phase = around.pacing.choosePhase()
    const now = (): number => around.pacing.now()
    const report = (event: SessionEvent): void => this.#report(event)
    this.#receiver = new RtpReceiver(this, now)
    const { peer } = this.#receiver
    this.#sender = new RtpSender({
      now,
      send: (packet) => {
        if (peer.port > 0) pair.rtp.send(packet, peer.port, peer.host)
      },
    })
    this.#rtcp = new RtcpReporter(pair, this.#sender, this.#receiver, around)
    this.#meter = new LevelMeter((dbov) => report({ type: 'level', dbov }))
    this.#player = new Player(
      around.prompts,
      (event) => this.#played(event),
      () => around.pacing.join(this),
    )
    this.#whispers = new Player(around.prompts, report, () => around.pacing.join(this))
    this.#recorder = new Recorder(now, report)
    pair.onRtp = (packet, source) => this.#receiver.receive(packet, source)
  }

  get isBridged(): boolean {
    return this.#peer !== undefined
  }

  remote({ remote }: RequestOf<'remote'>): void {
    this.#remote = remote
    this.#inband = remote.telephoneEvent === undefined ? (this.#inband ?? this.#listenInband()) : undefined
    this.#receiver.setRemote(remote)
    this.#sender.setRemote(remote)
    this.#lost = false
    this.#listeningSince = remote.receive ? this.#around.pacing.now() : undefined
    if (this.#around.options.idle === 'silence') this.#around.pacing.join(this)
  }

  play({ command, items, interruptible }: RequestOf<'play'>): void {
    if (this.#remote) this.#player.play(command, items, this.#remote.codec, interruptible)
    else this.#failUnnamed(command)
  }

  whisper({ command, items }: RequestOf<'whisper'>): void {
    this.#mix.clear()
    if (this.#remote) this.#whispers.play(command, items, this.#remote.codec, false)
    else this.#failUnnamed(command)
  }

  music({ command, file }: RequestOf<'music'>): void {
    if (this.#remote) this.#player.music(command, file, this.#remote.codec)
    else this.#failUnnamed(command)
  }

  stop({ command, what }: RequestOf<'stop'>): void {
    this.#player.stop(what)
    this.#report({ type: 'done', command })
  }

  digits({ command, digits }: RequestOf<'digits'>): void {
    if (this.#remote?.telephoneEvent === undefined) {
      const detail = 'the far end did not agree to telephone-event'
      return this.#report({ type: 'failed', command, reason: 'unsupported', detail })
    }
    if (!isDialable(digits)) {
      const detail = 'something else than the keys 0-9, *, #, A-D was asked for'
      return this.#report({ type: 'failed', command, reason: 'failed', detail })
    }
    this.#keys.push({ sender: new TelephoneEventSender(digits), command })
    this.#around.pacing.join(this)
  }

  record(request: RequestOf<'record'>): void {
    this.#recorder.start(request)
  }

  recordStop({ command }: RequestOf<'record-stop'>): void {
    void this.#recorder.stop('stopped').then(() => this.#report({ type: 'done', command }))
  }

  monitor({ everyMs }: RequestOf<'monitor'>): void {
    this.#meter.set(everyMs, this.#around.pacing.now())
  }

  /** Lets two sessions hear each other; neither may be bridged already. What plays on either stops. */
  bridge(other: MediaSession): void {
    this.#player.end('stopped')
    other.#player.end('stopped')
    this.#peer = other
    other.#peer = this
  }

  hold({ command, file }: RequestOf<'hold'>): void {
    if (!this.#remote) return this.#failUnnamed(command)
    this.#player.end('stopped')
    this.#whispers.end('stopped')
    this.#hold = command
    if (file === undefined) this.#report({ type: 'done', command })
    else this.#player.music(command, file, this.#remote.codec)
  }

  unhold({ command }: RequestOf<'unhold'>): void {
    this.#hold = undefined
    this.#player.stop('music')
    this.#report({ type: 'done', command })
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
    this.#player.end('stopped')
    this.#whispers.end('stopped')
    this.#keys.length = 0
    await this.#recorder.stop('hangup')
    this.#report({ type: 'closed', report: this.#measured() })
  }

  tick(frame: number): void {
    if (this.#sendKey(frame) || this.#whispers.next(this.#mixed, frame)) return
    if (this.#player.next(this.#sender, frame)) return
    if (this.#around.options.idle === 'silence' && !this.#peer) this.#sender.silence(frame)
    else this.#around.pacing.leave(this)
  }

  /** Whatever is not urgent; every 100 ms. */
  slowTick(now: number): void {
    this.#receiver.expireDigit(now)
    this.#meter.tick(now)
    this.#recorder.tick(now)
    this.#rtcp.tick(now)
    this.#watchMedia(now)
    if (this.#remote && !this.#player.isBusy && now - this.#sender.sentAt > KEEP_ALIVE_MS)
      this.#sender.silence()
  }

  audio(packet: Buffer, header: RtpHeader, law: Codec): void {
    this.#meter.add(packet, header.start, header.end, law)
    this.#recorder.add(packet, header, law)
    this.#inband?.receive(packet, header.start, header.end, law)
    const peer = this.#listener
    if (!peer) return
    if (peer.#whispers.isPlaying) peer.#mix.hear(packet, header, law)
    else if (peer.#isFree) peer.#sender.relayAudio(packet, header, law)
  }

  eventPacket(packet: Buffer, header: RtpHeader): void {
    const peer = this.#listener
    if (peer && peer.#isFree) peer.#sender.relayEvent(packet, header)
  }

  digitBegun(digit: string, source: 'rtp' | 'inband' = 'rtp'): void {
    this.#report({ type: 'digit', digit, source })
    this.#player.interrupt()
    this.#recorder.digit(digit)
  }

  digitEnded(digit: string, durationMs: number): void {
    this.#report({ type: 'digit-end', digit, durationMs })
  }

  #listenInband(): InbandDigits {
    return new InbandDigits({
      digitBegun: (digit) => this.digitBegun(digit, 'inband'),
      digitEnded: (digit, durationMs) => this.digitEnded(digit, durationMs),
    })
  }

  /** Whom the far end is heard by: the other side of a bridge, unless one of the two is on hold. */
  get #listener(): MediaSession | undefined {
    const peer = this.#peer
    return peer && this.#hold === undefined && peer.#hold === undefined ? peer : undefined
  }

  /** False while we send something of our own, which goes before what is relayed. */
  get #isFree(): boolean {
    return !this.#player.isPlaying && this.#keys.length === 0
  }

  /** A hold whose music cannot be played is none. */
  #played(event: SessionEvent): void {
    if (event.type === 'failed' && event.command === this.#hold) this.#hold = undefined
    this.#report(event)
  }

  #sendKey(frame: number): boolean {
    const [key] = this.#keys
    if (!key) return false
    const event = key.sender.next()
    if (event) this.#sender.event(event, frame)
    if (key.sender.done) {
      this.#keys.shift()
      this.#report({ type: 'done', command: key.command })
    }
    return true
  }

  /** Any packet of the far end shows that it is there: RTP, or the reports of one that sends no silence. */
  #watchMedia(now: number): void {
    if (this.#listeningSince === undefined) return
    const heardAt = Math.max(this.#receiver.heardAt ?? 0, this.#rtcp.heardAt ?? 0)
    const silentMs = Math.round(now - Math.max(this.#listeningSince, heardAt))
    const isLost = silentMs >= this.#around.options.lostAfterMs
    if (isLost === this.#lost) return
    this.#lost = isLost
    this.#report(isLost ? { type: 'lost', silentMs } : { type: 'back' })
  }

  #measured(): MediaReport | undefined {
    const { packetsReceived, packetsLost, jitterMs } = this.#receiver.statistics
    const { packetsSent } = this.#sender
    if (!this.#remote || (packetsReceived === 0 && packetsSent === 0)) return undefined
    const { codec } = this.#remote
    return { packetsReceived, packetsSent, packetsLost, jitterMs: Math.round(jitterMs * 100) / 100, codec }
  }

  #failUnnamed(command: string): void {
    const detail = 'the session has not been told yet where its far end is'
    this.#report({ type: 'failed', command, reason: 'wrong-state', detail })
  }

  #report(event: SessionEvent): void {
    this.#around.report({ ...event, session: this.#id })
  }
}
