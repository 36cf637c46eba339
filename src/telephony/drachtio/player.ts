import type { PlayEnd } from '../../call/events.ts'
import type { MediaEndpoint } from './media-endpoint.ts'

/** What can be heard on a leg: a list once, or music round and round. */
export interface Audible {
  readonly kind: 'play' | 'music' | 'hold'
  /** What FreeSWITCH opens; undefined plays nothing and is over at once. */
  readonly path: string | undefined
  /** Told once: it can be heard. */
  begun(): void
  /** Told once, unless `failed` is: it is over. */
  ended(reason: PlayEnd): void
  failed(how: 'missing' | 'failed'): void
}

interface Running {
  readonly audible: Audible
  started: boolean
  hasBegun: boolean
  cut: PlayEnd | undefined
}

/**
 * One thing at a time on one leg. FreeSWITCH plays as an application of the channel: the next begins when the one
 * before has ended, because an application that is executed during another nests in it. A break hits whatever
 * runs, so it waits until the playback has said that it started.
 */
export class Player {
  #endpoint: MediaEndpoint | undefined
  #running: Running | undefined
  #next: Audible | undefined
  #idle: (() => void)[] = []

  /** Goes on with another endpoint: what was heard begins again, what had been cut has ended. */
  attach(endpoint: MediaEndpoint | undefined): void {
    const running = this.#running
    this.#endpoint = endpoint
    if (!running) return
    this.#running = undefined
    if (running.cut || !endpoint) return this.#over(running, 'played')
    this.#execute(running.audible, running.hasBegun)
  }

  get kind(): Audible['kind'] | undefined {
    return this.#next?.kind ?? (this.#running?.cut ? undefined : this.#running?.audible.kind)
  }

  /** Plays this in place of whatever plays now. */
  play(audible: Audible): void {
    this.cut('stopped')
    if (this.#running) this.#next = audible
    else this.#execute(audible, false)
  }

  /** Ends what plays, and what waits to be played. */
  cut(reason: PlayEnd): void {
    if (this.#letGo(reason)?.started) this.#endpoint?.break()
  }

  /** The same, where FreeSWITCH is about to end it by itself. */
  yield(): void {
    this.#letGo('stopped')
  }

  /** It does not end by itself after all. */
  breakOff(): void {
    if (this.#running?.cut && this.#running.started) this.#endpoint?.break()
  }

  /** Runs at once where nothing plays, else when that has ended. */
  whenIdle(run: () => void): void {
    if (this.#running) this.#idle.push(run)
    else run()
  }

  /** As a promise. */
  idle(): Promise<void> {
    return new Promise((resolve) => this.whenIdle(resolve))
  }

  /** Resolves when what was of this kind and has been cut is over; at once where something else plays. */
  async idleOf(kind: Audible['kind']): Promise<void> {
    if (this.#running?.audible.kind === kind && this.#running.cut) await this.idle()
  }

  /** What has to be broken off now. */
  #letGo(reason: PlayEnd): Running | undefined {
    const next = this.#next
    this.#next = undefined
    next?.ended(reason)
    const running = this.#running
    if (!running || running.cut) return undefined
    running.cut = reason
    return running
  }

  #execute(audible: Audible, hasBegun: boolean): void {
    const running: Running = { audible, started: false, hasBegun, cut: undefined }
    const endpoint = this.#endpoint
    if (!endpoint || audible.path === undefined) {
      this.#begun(running)
      return this.#over(running, 'played')
    }
    this.#running = running
    endpoint.play(audible.path, {
      started: () => {
        if (this.#running !== running) return
        running.started = true
        this.#begun(running)
        if (running.cut) endpoint.break()
      },
      ended: (how) => {
        // Another endpoint has taken over, or the endpoint has gone and one may yet.
        if (this.#running !== running || endpoint.gone) return
        this.#running = undefined
        this.#over(running, how)
      },
    })
  }

  #begun(running: Running): void {
    if (running.hasBegun) return
    running.hasBegun = true
    running.audible.begun()
  }

  #over({ audible, cut, hasBegun }: Running, how: 'played' | 'missing' | 'failed'): void {
    if (how !== 'played' && !cut) audible.failed(how)
    else if (audible.kind === 'play' || cut) audible.ended(cut ?? 'finished')
    else if (!this.#next && audible.path !== undefined && this.#endpoint) {
      return this.#execute(audible, hasBegun)
    } else audible.ended('stopped')
    const next = this.#next
    this.#next = undefined
    if (next) return this.#execute(next, false)
    const idle = this.#idle
    this.#idle = []
    for (const run of idle) run()
  }
}
