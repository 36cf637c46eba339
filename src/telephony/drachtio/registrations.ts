import type { Cancel, Clock } from '../../clock/clock.ts'
import type { SipSource } from './sip-messages.ts'

/** One place where a device can be reached (RFC 3261 10). */
export interface Registration {
  /** Contact URI as it was registered: the Request-URI of calls to it. */
  readonly uri: string
  /** Where the REGISTER came from. */
  readonly source: SipSource
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
      readonly reason: 'unregistered' | 'expired'
    }

interface Entry {
  readonly registration: Registration
  readonly expiry: Cancel
}

/** Who is registered where. Tells of each sign of a device, and when its last place is gone. */
export class Registrations {
  readonly #clock: Clock
  readonly #changed: (change: Reachability) => void
  readonly #devices = new Map<string, Map<string, Entry>>()

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

  of(device: string): readonly Registration[] {
    return [...(this.#devices.get(device)?.values() ?? [])].map((entry) => entry.registration)
  }

  find(device: string, key: string): Registration | undefined {
    return this.#devices.get(device)?.get(key)?.registration
  }

  /** @param key the same for the same place */
  set(device: string, key: string, registration: Registration): void {
    const entries = this.#devices.get(device) ?? new Map<string, Entry>()
    this.#devices.set(device, entries)
    entries.get(key)?.expiry()
    const expiry = this.#clock.at(registration.expiresAt, () => this.remove(device, key, 'expired'))
    entries.set(key, { registration, expiry })
    this.#changed({ type: 'device.reachable', device })
  }

  remove(device: string, key: string, reason: 'unregistered' | 'expired'): void {
    const entries = this.#devices.get(device)
    entries?.get(key)?.expiry()
    if (!entries?.delete(key) || entries.size > 0) return
    this.#devices.delete(device)
    this.#changed({ type: 'device.unreachable', device, reason })
  }

  removeAll(device: string): void {
    for (const key of this.#devices.get(device)?.keys() ?? []) this.remove(device, key, 'unregistered')
  }

  clear(): void {
    for (const entries of this.#devices.values()) for (const { expiry } of entries.values()) expiry()
    this.#devices.clear()
  }
}
