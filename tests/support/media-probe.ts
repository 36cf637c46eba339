/** The media worker in a test: its client, all that it said, and ways to wait for what it will say. */
import { pino } from 'pino'
import { RealClock } from '../../src/clock/real-clock.ts'
import { MediaClient, type MediaClientOptions } from '../../src/telephony/embedded/media/media-client.ts'
import type {
  Codec,
  MediaEvent,
  MediaRequest,
  RemoteMedia,
} from '../../src/telephony/embedded/media/protocol.ts'

/** Where tests have their media. */
export const HOST = '127.0.0.1'
export type EventOf<Type extends MediaEvent['type']> = Extract<MediaEvent, { type: Type }>

export class MediaProbe {
  readonly events: MediaEvent[] = []
  readonly #client: MediaClient
  readonly #waiting = new Set<{
    fits: (event: MediaEvent) => boolean
    resolve: (event: MediaEvent) => void
  }>()
  #commands = 0
  #sessions = 0

  constructor(options: Partial<MediaClientOptions> = {}) {
    this.#client = new MediaClient({ clock: new RealClock(), logger: pino({ level: 'silent' }), ...options })
  }

  start(): Promise<void> {
    return this.#client.start((event) => {
      this.events.push(event)
      for (const waiting of this.#waiting) if (waiting.fits(event)) waiting.resolve(event)
    })
  }

  stop(): Promise<void> {
    return this.#client.stop()
  }

  send(request: MediaRequest): void {
    this.#client.send(request)
  }

  /** The next event of that type for that session. */
  next<Type extends MediaEvent['type']>(type: Type, session: number): Promise<EventOf<Type>> {
    return new Promise((resolve) => {
      const waiting = {
        fits: (event: MediaEvent) => event.type === type && event.session === session,
        resolve: (event: MediaEvent) => {
          this.#waiting.delete(waiting)
          resolve(event as EventOf<Type>)
        },
      }
      this.#waiting.add(waiting)
    })
  }

  command(): string {
    return `c${++this.#commands}`
  }

  async open(): Promise<{ session: number; port: number }> {
    const session = ++this.#sessions
    const opened = this.next('opened', session)
    this.send({ type: 'open', session, host: HOST })
    return { session, port: (await opened).port }
  }

  /** Two sessions that are each other's far end, as two phones are. */
  async pair(codecs: readonly [Codec, Codec] = ['PCMU', 'PCMU']): Promise<[number, number]> {
    const [one, two] = [await this.open(), await this.open()]
    this.point(one.session, { port: two.port, codec: codecs[0] })
    this.point(two.session, { port: one.port, codec: codecs[1] })
    return [one.session, two.session]
  }

  point(session: number, remote: Partial<RemoteMedia>): void {
    const usual = {
      host: HOST,
      port: 0,
      codec: 'PCMU',
      telephoneEvent: 101,
      send: true,
      receive: true,
    } as const
    this.send({ type: 'remote', session, remote: { ...usual, ...remote } })
  }

  async play(session: number, file: string, interruptible = false): Promise<EventOf<'played'>> {
    const played = this.next('played', session)
    this.send({ type: 'play', session, command: this.command(), items: [{ file }], interruptible })
    return played
  }

  record(
    session: number,
    file: string,
    limits: { maxMs?: number; silenceMs?: number; stopDigits?: string } = {},
  ): void {
    this.send({ type: 'record', session, command: this.command(), file, maxMs: 60_000, ...limits })
  }

  async stopRecording(session: number): Promise<EventOf<'recorded'>> {
    const recorded = this.next('recorded', session)
    this.send({ type: 'record-stop', session, command: this.command() })
    return recorded
  }

  async digits(session: number, digits: string): Promise<void> {
    const done = this.next('done', session)
    this.send({ type: 'digits', session, command: this.command(), digits })
    await done
  }

  async close(session: number): Promise<EventOf<'closed'>> {
    const closed = this.next('closed', session)
    this.send({ type: 'close', session })
    return closed
  }

  digitsHeard(session: number): string {
    return this.events
      .flatMap((event) => (event.type === 'digit' && event.session === session ? event.digit : []))
      .join('')
  }
}
