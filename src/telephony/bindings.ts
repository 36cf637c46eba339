import type { Cancel, Clock } from '../clock/clock.ts'

/** One place where a device can be reached (RFC 3261 10). `Way`: how calls get there, as the backend has it. */
export interface Binding<Way> {
  /** Contact URI as it was registered: the Request-URI of calls to it. */
  readonly uri: string
  readonly way: Way
  readonly callId: string
  readonly cseq: number
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export type Reachability =
  | { readonly type: 'device.reachable'; readonly device: string }
  | { readonly type: 'device.unreachable'; readonly device: string; readonly reason: Removal }

type Removal = 'unregistered' | 'expired' | 'failed'

interface Entry<Way> {
  readonly binding: Binding<Way>
  readonly expiry: Cancel
}

/**
 * Who is registered where. Tells whenever a device shows that it is within reach, with every refresh as well: one that
 * could not be called a moment ago may have been given up for that. Tells too when its last place is gone.
 */
export class Bindings<Way> {
  readonly #clock: Clock
  readonly #changed: (change: Reachability) => void
  readonly #devices = new Map<string, Map<string, Entry<Way>>>()

  constructor(clock: Clock, changed: (change: Reachability) => void) {
    this.#clock = clock
    this.#changed = changed
  }

  /** Places in all. */
  get size(): number {
    let size = 0
    for (const entries of this.#devices.values()) size += entries.size
    return size
  }

  of(device: string): readonly Binding<Way>[] {
    return [...(this.#devices.get(device)?.values() ?? [])].map((entry) => entry.binding)
  }

  find(device: string, key: string): Binding<Way> | undefined {
    return this.#devices.get(device)?.get(key)?.binding
  }

  /** Is any place reached in such a way? */
  some(fits: (way: Way) => boolean): boolean {
    for (const entries of this.#devices.values()) {
      for (const { binding } of entries.values()) if (fits(binding.way)) return true
    }
    return false
  }

  /** @param key the same for the same place */
  set(device: string, key: string, binding: Binding<Way>): void {
    const entries = this.#devices.get(device) ?? new Map<string, Entry<Way>>()
    this.#devices.set(device, entries)
    entries.get(key)?.expiry()
    const expiry = this.#clock.at(binding.expiresAt, () => this.remove(device, key, 'expired'))
    entries.set(key, { binding, expiry })
    this.#changed({ type: 'device.reachable', device })
  }

  remove(device: string, key: string, reason: Removal): void {
    const entries = this.#devices.get(device)
    entries?.get(key)?.expiry()
    if (!entries?.delete(key) || entries.size > 0) return
    this.#devices.delete(device)
    this.#changed({ type: 'device.unreachable', device, reason })
  }

  removeAll(device: string): void {
    for (const key of this.#devices.get(device)?.keys() ?? []) this.remove(device, key, 'unregistered')
  }

  /** These ways lead nowhere any more. */
  failed(gone: (way: Way) => boolean): void {
    for (const [device, entries] of this.#devices) {
      for (const [key, { binding }] of entries) if (gone(binding.way)) this.remove(device, key, 'failed')
    }
  }

  clear(): void {
    for (const entries of this.#devices.values()) for (const { expiry } of entries.values()) expiry()
    this.#devices.clear()
  }
}
