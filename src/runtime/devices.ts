/** Which phones can be rung, and whose they are. Tells when an agent's first phone comes or their last one goes. */
export class Devices {
  readonly #changed: (agent: string, ok: boolean) => void
  readonly #up = new Set<string>()
  /** What was last told of each agent. */
  #told = new Map<string, boolean>()
  #agents = new Map<string, string>()
  #suspended = false
  #spared: ReadonlySet<string> = new Set()

  constructor(changed: (agent: string, ok: boolean) => void) {
    this.#changed = changed
  }

  /**
   * Tells only of agents for whom it makes a difference: that a person was added says nothing about whether
   * somebody else's phone, which did not answer a moment ago, can be rung again.
   * @param pairs of device and agent; replaces what was known
   */
  assign(pairs: readonly (readonly [device: string, agent: string])[]): void {
    this.#agents = new Map(pairs)
    const told = this.#told
    this.#told = new Map()
    for (const agent of new Set([...told.keys(), ...this.#agents.values()])) {
      const ok = this.of(agent) !== undefined
      this.#told.set(agent, ok)
      if (ok !== told.get(agent)) this.#changed(agent, ok)
    }
  }

  reachable(device: string): void {
    this.#up.add(device)
    this.#tell(device)
  }

  unreachable(device: string): void {
    this.#up.delete(device)
    this.#tell(device)
  }

  /**
   * While the backend is lost nobody can be rung, and so nobody is offered anything.
   * @param spared agents of whom that is not told yet
   */
  suspend(suspended: boolean, spared: ReadonlySet<string> = new Set()): void {
    this.#suspended = suspended
    this.#spared = spared
    this.assign([...this.#agents])
  }

  /** A device of the agent that can be rung. */
  of(agent: string): string | undefined {
    if (this.#suspended && !this.#spared.has(agent)) return undefined
    for (const [device, owner] of this.#agents) if (owner === agent && this.#up.has(device)) return device
    return undefined
  }

  #tell(device: string): void {
    const agent = this.#agents.get(device)
    if (agent === undefined) return
    const ok = this.of(agent) !== undefined
    this.#told.set(agent, ok)
    this.#changed(agent, ok)
  }
}
