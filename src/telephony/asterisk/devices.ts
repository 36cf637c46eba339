import type { CallEvent } from '../../call/events.ts'
import type { ContactState } from './events.ts'

/** Where a device registered: the SIP URI, and at which of our servers. */
export interface DeviceContact {
  readonly uri: string
  readonly server: string
}

/** Which devices are registered where. Tells when the first contact of a device comes and when its last one goes. */
export class Devices {
  readonly #emit: (event: CallEvent) => void
  readonly #contacts = new Map<string, Map<string, DeviceContact & { reachable: boolean }>>()

  constructor(emit: (event: CallEvent) => void) {
    this.#emit = emit
  }

  /** How many phones are registered. */
  get size(): number {
    return [...this.#contacts.values()].reduce((sum, contacts) => sum + contacts.size, 0)
  }

  /** Where this server said that the device was; one that is not known, '', where it said nothing. */
  knownAt(server: string, device: string): readonly string[] {
    const known = [...(this.#contacts.get(device)?.values() ?? [])].filter((each) => each.server === server)
    return known.length === 0 ? [''] : known.map(({ uri }) => uri)
  }

  /** Where the device can be rung. */
  of(device: string): readonly DeviceContact[] {
    return [...(this.#contacts.get(device)?.values() ?? [])].filter(({ reachable }) => reachable)
  }

  changed(server: string, device: string, uri: string, state: ContactState): void {
    const was = this.of(device).length > 0
    const contacts = this.#contacts.get(device) ?? new Map<string, DeviceContact & { reachable: boolean }>()
    const key = `${server} ${uri}`
    if (state === 'removed') contacts.delete(key)
    else contacts.set(key, { uri, server, reachable: state === 'reachable' })
    // Now it is known.
    if (uri !== '') contacts.delete(`${server} `)
    if (contacts.size === 0) this.#contacts.delete(device)
    else this.#contacts.set(device, contacts)
    const is = this.of(device).length > 0
    if (is && state === 'reachable') this.#emit({ type: 'device.reachable', device })
    else if (was && !is) {
      const reason = state === 'removed' ? 'unregistered' : 'failed'
      this.#emit({ type: 'device.unreachable', device, reason })
    }
  }

  /** What a server knows now, in place of what it said before. */
  replace(server: string, found: ReadonlyMap<string, readonly string[]>): void {
    const kept = new Set([...found].flatMap(([device, uris]) => uris.map((uri) => `${device} ${uri}`)))
    for (const [device, contacts] of this.#contacts) {
      for (const contact of contacts.values()) {
        if (contact.server !== server || kept.has(`${device} ${contact.uri}`)) continue
        this.changed(server, device, contact.uri, 'removed')
      }
    }
    for (const [device, uris] of found) {
      for (const uri of uris) this.changed(server, device, uri, 'reachable')
    }
  }

  /** The server is lost: nobody can be rung through it. */
  forget(server: string): void {
    for (const [device, contacts] of this.#contacts) {
      for (const { server: at, uri } of contacts.values()) {
        if (at === server) this.changed(server, device, uri, 'unreachable')
      }
    }
  }
}
