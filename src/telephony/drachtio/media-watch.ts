import type { Cancel, Clock } from '../../clock/clock.ts'
import type { MediaEndpoint } from './media-endpoint.ts'

export interface MediaWatchListener {
  /** No audio has come for so long. */
  lost(silentMs: number): void
  back(): void
  /** It has not come back in time either. */
  given(): void
}

/**
 * Finds out that audio stops: FreeSWITCH tells of lost media only by ending the call, so its packet counter is asked
 * for, twice in the time after which audio counts as lost.
 */
export class MediaWatch {
  readonly #clock: Clock
  readonly #lostAfterMs: number
  readonly #timeoutMs: number
  readonly #listener: MediaWatchListener
  #endpoint: () => MediaEndpoint | undefined = () => undefined
  #cancel: Cancel | undefined
  #packets = -1
  #heardAt = 0
  #lostAt: number | undefined
  #paused = false
  #stopped = false

  constructor(
    around: { readonly clock: Clock; readonly mediaLostAfterMs: number; readonly mediaTimeoutMs: number },
    listener: MediaWatchListener,
  ) {
    this.#clock = around.clock
    this.#lostAfterMs = around.mediaLostAfterMs
    this.#timeoutMs = around.mediaTimeoutMs
    this.#listener = listener
  }

  /** @param endpoint the leg's at each moment */
  start(endpoint: () => MediaEndpoint | undefined): void {
    if (this.#stopped) return
    this.#endpoint = endpoint
    this.#heardAt = this.#clock.now()
    this.#askLater()
  }

  /** The far end is not asked for audio. */
  pause(paused: boolean): void {
    this.#paused = paused
    this.#heardAt = this.#clock.now()
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }

  #askLater(): void {
    this.#cancel = this.#clock.after(this.#lostAfterMs / 2, () => {
      this.#ask().then(
        () => {
          if (!this.#stopped) this.#askLater()
        },
        () => undefined,
      )
    })
  }

  async #ask(): Promise<void> {
    const report = await this.#endpoint()?.report()
    if (this.#stopped || this.#paused || !report) return
    const now = this.#clock.now()
    if (report.packetsReceived !== this.#packets) {
      this.#packets = report.packetsReceived
      this.#heardAt = now
      if (this.#lostAt !== undefined) this.#listener.back()
      this.#lostAt = undefined
    } else if (this.#lostAt === undefined) {
      if (now - this.#heardAt < this.#lostAfterMs) return
      this.#lostAt = now
      this.#listener.lost(now - this.#heardAt)
    } else if (this.#timeoutMs > 0 && now - this.#lostAt >= this.#timeoutMs) this.#listener.given()
  }
}
