import { RealClock } from '../../../clock/real-clock.ts'
import { messageOf } from '../../../errors.ts'
import { Pacing } from './pacing.ts'
import { type PortPair, PortPairs } from './port-pairs.ts'
import { Prompts } from './prompts.ts'
import type {
  MediaOptions,
  MediaRequest,
  PortRequest,
  RequestOf,
  WorkerEvent,
  WorkerRequest,
} from './protocol.ts'
import { MediaSession, type SessionSurroundings } from './session.ts'

/** All sessions of one media worker: carries out requests, reports events. It runs wherever it is made. */
export class MediaEngine {
  readonly #report: (event: WorkerEvent) => void
  readonly #around: SessionSurroundings
  readonly #pairs: PortPairs
  readonly #pacing: Pacing
  readonly #sessions = new Map<number, MediaSession>()
  /** Sessions whose ports are being opened, with the requests that have come for them in the meantime. */
  readonly #opening = new Map<number, MediaRequest[]>()

  constructor(options: MediaOptions, report: (event: WorkerEvent) => void) {
    this.#report = report
    this.#pacing = new Pacing((now) => this.#slowTick(now))
    const now = (): number => this.#pacing.now()
    const clock = new RealClock()
    this.#pairs = new PortPairs(options.ports, now, report)
    this.#around = {
      options,
      report,
      pacing: this.#pacing,
      prompts: new Prompts(now),
      wallClock: () => clock.now(),
    }
  }

  handle(request: WorkerRequest): void {
    if (request.type === 'discard' || request.type === 'release') return this.#handlePort(request)
    const waiting = this.#opening.get(request.session)
    if (waiting) waiting.push(request)
    else if (request.type === 'open') this.#open(request)
    else this.#perform(request)
  }

  #handlePort({ type, port }: PortRequest): void {
    if (type === 'discard') return this.#pairs.discard(port)
    const pair = this.#pairs.claim(port)
    if (pair) this.#pairs.release(pair)
  }

  #open({ session, host, port }: RequestOf<'open'>): void {
    if (port === undefined) return void this.#openAny(session, host)
    const pair = this.#pairs.claim(port)
    if (pair) this.#begin(session, pair)
    else this.#report({ type: 'open-failed', session, detail: `port ${port} is not open` })
  }

  #begin(session: number, pair: PortPair): void {
    this.#sessions.set(session, new MediaSession(session, pair, this.#around))
    this.#pacing.startSlow()
  }

  async #openAny(session: number, host: string): Promise<void> {
    const waiting: MediaRequest[] = []
    this.#opening.set(session, waiting)
    try {
      const pair = await this.#pairs.take(host)
      this.#begin(session, pair)
      this.#report({ type: 'opened', session, port: pair.port })
    } catch (error) {
      this.#report({ type: 'open-failed', session, detail: messageOf(error) })
    }
    this.#opening.delete(session)
    for (const request of waiting) this.handle(request)
  }

  #perform(request: Exclude<MediaRequest, { type: 'open' }>): void {
    const session = this.#sessions.get(request.session)
    if (!session) return this.#refuse(request, `there is no session ${request.session}`)
    switch (request.type) {
      case 'remote':
        return session.remote(request)
      case 'play':
        return session.play(request)
      case 'whisper':
        return session.whisper(request)
      case 'stop':
        return session.stop(request)
      case 'music':
        return session.music(request)
      case 'digits':
        return session.digits(request)
      case 'record':
        return session.record(request)
      case 'record-stop':
        return session.recordStop(request)
      case 'monitor':
        return session.monitor(request)
      case 'bridge':
        return this.#bridge(session, request)
      case 'hold':
        return session.hold(request)
      case 'unhold':
        return session.unhold(request)
      case 'unbridge':
        session.unbridge()
        return this.#report({ type: 'done', session: request.session, command: request.command })
      case 'close':
        return void this.#close(request.session, session)
    }
  }

  #bridge(session: MediaSession, request: Extract<MediaRequest, { type: 'bridge' }>): void {
    const other = this.#sessions.get(request.with)
    if (!other) return this.#refuse(request, `there is no session ${request.with}`)
    if (other === session) return this.#refuse(request, 'a session cannot be bridged with itself')
    if (session.isBridged || other.isBridged)
      return this.#refuse(request, 'one of the two is bridged already')
    session.bridge(other)
    this.#report({ type: 'done', session: request.session, command: request.command })
  }

  async #close(id: number, session: MediaSession): Promise<void> {
    this.#sessions.delete(id)
    await session.close()
    this.#pairs.release(session.pair)
  }

  #refuse(request: MediaRequest, detail: string): void {
    if (!('command' in request)) return
    const { session, command } = request
    this.#report({ type: 'failed', session, command, reason: 'wrong-state', detail })
  }

  #slowTick(now: number): void {
    for (const session of this.#sessions.values()) session.slowTick(now)
    this.#pairs.tend(now)
    if (this.#sessions.size === 0 && this.#pairs.open === 0) this.#pacing.stopSlow()
  }
}
