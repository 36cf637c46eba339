/**
 * The keys of a domain. The braces are a hash tag: in a Cluster all keys of a domain are on one node, as scripts
 * that use several of them need.
 */
export class Keys {
  readonly #base: string
  /** Hash: epoch and owner of the last term, and the position at which the journal ends. */
  readonly head: string
  /** Stream: one entry per group, under the sequence of its last input. */
  readonly journal: string
  /** Hash: the snapshot, and its sequence. */
  readonly snapshot: string
  /** String: who may not be disputed the term until it expires. */
  readonly lease: string
  /** Stream: inputs that no group has taken yet. */
  readonly inbox: string
  /** Hash: node -> sequence up to which it has performed everything. */
  readonly acknowledged: string
  /** String: written to see whether writing is possible. */
  readonly probe: string
  /** Channel. */
  readonly bus: string

  constructor(domain: string) {
    this.#base = `switchroom:{${domain}}`
    this.head = `${this.#base}:head`
    this.journal = `${this.#base}:journal`
    this.snapshot = `${this.#base}:snapshot`
    this.lease = `${this.#base}:lease`
    this.inbox = `${this.#base}:inbox`
    this.acknowledged = `${this.#base}:acknowledged`
    this.probe = `${this.#base}:probe`
    this.bus = `${this.#base}:bus`
  }

  /** Stream: one entry per group that has effects for the node, under the sequence of the group's last input. */
  outbox(node: string): string {
    return `${this.#base}:outbox:${node}`
  }

  /** String: there as long as an inbox key is remembered. */
  seen(key: string): string {
    return `${this.#base}:seen:${key}`
  }
}
