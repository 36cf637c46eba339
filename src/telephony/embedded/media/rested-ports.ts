/** Ports that the media worker has lent us for new sessions, the one that has rested longest first. */
export class RestedPorts {
  readonly #ports = new Map<number, string>()

  /** @param host the address that the port is bound to */
  add(host: string, port: number): void {
    this.#ports.set(port, host)
  }

  /** A port on `host`, which is the taker's from now on. */
  take(host: string): number | undefined {
    for (const [port, bound] of this.#ports) {
      if (bound !== host) continue
      this.#ports.delete(port)
      return port
    }
    return undefined
  }

  /** True when the port was still here; it may be closed then. */
  giveBack(port: number): boolean {
    return this.#ports.delete(port)
  }

  clear(): void {
    this.#ports.clear()
  }
}
