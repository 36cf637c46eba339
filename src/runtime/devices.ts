/** Which phones can be rung, and whose they are. Tells when an agent's first phone comes or their last one goes. */
export class Devices {
  readonly #changed: (agent: string, ok: boolean) => void
  readonly #up = new Set<string>()
  #agents = new Map<string, string>()

  constructor(changed: (agent: string, ok: boolean) => void) {
    this.#changed = changed
  }

  /** @param pairs of device and agent; replaces what was known */
  assign(pairs: readonly (readonly [device: string, agent: string])[]): void {
    this.#agents = new Map(pairs)
    for (const agent of new Set(this.#agents.values())) this.#changed(agent, this.of(agent) !== undefined)
  }

  reachable(device: string): void {
    this.#up.add(device)
    this.#tell(device)
  }

  unreachable(device: string): void {
    this.#up.delete(device)
    this.#tell(device)
  }

  /** A device of the agent that can be rung. */
  of(agent: string): string | undefined {
    for (const [device, owner] of this.#agents) if (owner === agent && this.#up.has(device)) return device
    return undefined
  }

  #tell(device: string): void {
    const agent = this.#agents.get(device)
    if (agent !== undefined) this.#changed(agent, this.of(agent) !== undefined)
  }
}
