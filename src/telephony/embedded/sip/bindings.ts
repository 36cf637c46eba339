import type { Connection, Hop } from './message.ts'
import type { Timer, Timers } from './timers.ts'

/** One place where a device can be reached (RFC 3261 10). */
export interface Binding {
  /** Contact URI as it was registered: the Request-URI of calls to it. */
  readonly uri: string
  /** Where the REGISTER came from. */
  readonly source: Hop
  /** Where calls go instead of to the address in `uri`; see `flowOf`. */
  readonly flow: Hop | undefined
  readonly callId: string
  readonly cseq: number
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export type Reachability =
  | { readonly type: 'device.reachable'; readonly device: string }
  | {
      readonly type: 'device.unreachable'
      readonly device: string
      readonly reason: 'unregistered' | 'expired' | 'failed'
    }

interface Entry {
  readonly binding: Binding
  readonly expiry: Timer
}

/**
 * Who is registered where. Tells whenever a device shows that it is within reach, with every refresh as well: one that
 * could not be called a moment ago may have been given up for that. Tells too when its last place is gone.
 */
export class Bindings {
  readonly #timers: Timers
  readonly #changed: (change: Reachability) => void
  readonly #devices = new Map<string, Map<string, Entry>>()

  constructor(timers: Timers, changed: (change: Reachability) => void) {
    this.#timers = timers
    this.#changed = changed
  }

  /** Places in all. */
  get size(): number {
    let size = 0
    for (const entries of this.#devices.values()) size += entries.size
    return size
  }

  of(device: string): readonly Binding[] {
    return [...(this.#devices.get(device)?.values() ?? [])].map((entry) => entry.binding)
  }

  find(device: string, key: string): Binding | undefined {
    return this.#devices.get(device)?.get(key)?.binding
  }

  /** @param key the same for the same place */
  set(device: string, key: string, binding: Binding): void {
    let entries = this.#devices.get(device)
    if (!entries) {
      entries = new Map()
      this.#devices.set(device, entries)
    }
    entries.get(key)?.expiry.cancel()
    // Whole seconds, as they were asked for: timers of the same delay are cheap together.
    const seconds = Math.max(0, Math.round((binding.expiresAt - this.#timers.now()) / 1000))
    const expiry = this.#timers.after(seconds * 1000, () => this.remove(device, key, 'expired'))
    entries.set(key, { binding, expiry })
    this.#changed({ type: 'device.reachable', device })
  }

  remove(device: string, key: string, reason: 'unregistered' | 'expired' | 'failed'): void {
    const entries = this.#devices.get(device)
    entries?.get(key)?.expiry.cancel()
    if (!entries?.delete(key) || entries.size > 0) return
    this.#devices.delete(device)
    this.#changed({ type: 'device.unreachable', device, reason })
  }

  removeAll(device: string): void {
    for (const key of this.#devices.get(device)?.keys() ?? []) this.remove(device, key, 'unregistered')
  }

  /** A connection is gone, and with it the only way to phones that registered over it (RFC 5626 4.4). */
  connectionClosed(connection: Connection): void {
    for (const [device, entries] of this.#devices) {
      for (const [key, { binding }] of entries) {
        if (binding.source.connection === connection) this.remove(device, key, 'failed')
      }
    }
  }

  /** A registered phone sends from here: it is known, whatever else comes from that address. */
  isSource({ host, port }: Hop): boolean {
    for (const entries of this.#devices.values()) {
      for (const { binding } of entries.values()) {
        if (binding.source.host === host && binding.source.port === port) return true
      }
    }
    return false
  }

  clear(): void {
    for (const entries of this.#devices.values()) for (const { expiry } of entries.values()) expiry.cancel()
    this.#devices.clear()
  }
}
