import type { Timers } from './timers.ts'

export interface ThrottleOptions {
  /** So many failures ... */
  readonly failures: number
  /** ... within this time, milliseconds, ... */
  readonly withinMs: number
  /** ... bring silence for this long. */
  readonly silenceMs: number
}

/** Password guessers try hundreds a minute; a phone with a wrong password tries one. */
export const THROTTLE: ThrottleOptions = { failures: 20, withinMs: 60_000, silenceMs: 60_000 }

/** Beyond this many sources at once the oldest are forgotten: forged source addresses cost no memory. */
const MAX_SOURCES = 10_000

interface Source {
  failures: number
  readonly since: number
  silentUntil: number
}

/**
 * Silence for addresses that keep failing: wrong passwords, numbers that we do not have. Silence rather than a
 * refusal, because an answer is what a scanner looks for.
 */
export class Throttle {
  readonly #timers: Timers
  readonly #options: ThrottleOptions
  readonly #sources = new Map<string, Source>()

  constructor(timers: Timers, options: ThrottleOptions = THROTTLE) {
    this.#timers = timers
    this.#options = options
  }

  isSilenced(host: string): boolean {
    const source = this.#sources.get(host)
    return source !== undefined && source.silentUntil > this.#timers.now()
  }

  /** @returns true when this failure brought the silence */
  failed(host: string): boolean {
    const now = this.#timers.now()
    const known = this.#sources.get(host)
    const source =
      known && now - known.since <= this.#options.withinMs
        ? known
        : { failures: 0, since: now, silentUntil: 0 }
    source.failures++
    this.#sources.delete(host)
    this.#sources.set(host, source)
    this.#forgetOldest()
    if (source.failures < this.#options.failures || source.silentUntil > now) return false
    source.silentUntil = now + this.#options.silenceMs
    return true
  }

  /** Somebody there has proved who they are. */
  succeeded(host: string): void {
    this.#sources.delete(host)
  }

  #forgetOldest(): void {
    if (this.#sources.size <= MAX_SOURCES) return
    for (const host of this.#sources.keys()) {
      this.#sources.delete(host)
      return
    }
  }
}
