/**
 * Which phones can be rung, and whose they are. Tells when an agent's first phone comes or their last one goes; for an
 * agent with a standing call, when that does.
 */
export class Devices {
  readonly #changed: (agent: string, ok: boolean) => void
  readonly #stands: (agent: string) => boolean | undefined
  readonly #up = new Set<string>()
  /** What was last told of each agent. */
  #told = new Map<string, boolean>()
  #agents = new Map<string, string>()
  /** By agent, in the order in which they are tried. */
  #devices: ReadonlyMap<string, readonly string[]> = new Map()
  #suspended = false
  #spared: ReadonlySet<string> = new Set()

  /** @param stands whether the agent's standing call is up; undefined: the phone is rung for each contact */
  constructor(
    changed: (agent: string, ok: boolean) => void,
    stands: (agent: string) => boolean | undefined = () => undefined,
  ) {
    this.#changed = changed
    this.#stands = stands
  }

  /**
   * Tells only of agents for whom it makes a difference: that a person was added says nothing about whether
   * somebody else's phone, which did not answer a moment ago, can be rung again.
   * @param pairs of device and agent; replaces what was known
   */
  assign(pairs: readonly (readonly [device: string, agent: string])[]): void {
    this.#agents = new Map(pairs)
    this.#devices = new Map(
      [...Map.groupBy(this.#agents, ([, agent]) => agent)].map(([agent, owned]) => [
        agent,
        owned.map(([device]) => device),
      ]),
    )
    const told = this.#told
    this.#told = new Map()
    for (const agent of new Set([...told.keys(), ...this.#agents.values()])) {
      const ok = this.#isOk(agent)
      this.#told.set(agent, ok)
      if (ok !== told.get(agent)) this.#changed(agent, ok)
    }
  }

  reachable(device: string): void {
    this.#up.add(device)
    this.#tell(this.#agents.get(device))
  }

  unreachable(device: string): void {
    this.#up.delete(device)
    this.#tell(this.#agents.get(device))
  }

  /** The agent's standing call has come up, or is over. */
  check(agent: string): void {
    this.#tell(agent)
  }

  /**
   * While the backend is lost nobody can be rung, and so nobody is offered anything.
   * @param spared agents of whom that is not told yet
   */
  suspend(suspended: boolean, spared: ReadonlySet<string> = new Set()): void {
    if (suspended === this.#suspended && spared.size === 0 && this.#spared.size === 0) return
    this.#suspended = suspended
    this.#spared = spared
    this.assign([...this.#agents])
  }

  /** A device of the agent that can be rung. */
  of(agent: string): string | undefined {
    if (this.#isSuspended(agent)) return undefined
    return this.#devices.get(agent)?.find((device) => this.#up.has(device))
  }

  ownerOf(device: string): string | undefined {
    return this.#agents.get(device)
  }

  #isSuspended(agent: string): boolean {
    return this.#suspended && !this.#spared.has(agent)
  }

  #isOk(agent: string): boolean {
    return !this.#isSuspended(agent) && (this.#stands(agent) ?? this.of(agent) !== undefined)
  }

  #tell(agent: string | undefined): void {
    if (agent === undefined) return
    const ok = this.#isOk(agent)
    this.#told.set(agent, ok)
    this.#changed(agent, ok)
  }
}
