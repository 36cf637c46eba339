/**
 * The formulas of Erlang B and C. A load is given by the arrival rate and the mean handle time; every time and rate is
 * in the same unit, whichever it is: seconds and contacts per second, for example. Patience and abandonment are in
 * `erlang-a.ts`, numbers of agents for a target in `staffing.ts`.
 */

/** What arrives, and who is there for it. */
export interface Load {
  /** Contacts per unit of time. */
  readonly arrivalRate: number
  /** Mean time that a contact keeps an agent: ringing, talk and wrap-up. */
  readonly handleTime: number
  readonly agents: number
}

/** How a queue does in the long run. */
export interface Performance {
  /** Share of the contacts that find nobody free. */
  readonly waitProbability: number
  /** Share of all contacts that are answered within the threshold. */
  readonly serviceLevel: number
  /** Mean wait of those who are answered, in the unit of the load (average speed of answer). */
  readonly asa: number
  /** Mean wait of all, those who gave up included. */
  readonly meanWait: number
  /** Share of the contacts that give up. */
  readonly abandonment: number
  /** Share of their time that agents are busy. */
  readonly occupancy: number
}

/** Erlangs: the mean number of agents that would be busy if there were enough. */
export function offeredLoad({ arrivalRate, handleTime }: Pick<Load, 'arrivalRate' | 'handleTime'>): number {
  return arrivalRate * handleTime
}

/**
 * Erlang B: the share of contacts that find all lines busy where nobody can wait (Erlang 1917), by the recursion
 * B(0) = 1, B(n) = A B(n-1) / (n + A B(n-1)), whose values stay between 0 and 1 for any number of lines.
 * @param load in erlangs, 0 or more
 * @param lines a whole number, 0 or more
 */
export function erlangB(load: number, lines: number): number {
  if (!(load >= 0)) throw new RangeError(`a load of 0 erlangs or more was expected, found ${load}`)
  if (!Number.isInteger(lines) || lines < 0) {
    throw new RangeError(`a whole number of lines was expected, found ${lines}`)
  }
  let blocked = 1
  for (let line = 1; line <= lines; line++) blocked = (load * blocked) / (line + load * blocked)
  return blocked
}

/**
 * Erlang C: the share of contacts that have to wait where all have endless patience (M/M/N; Erlang 1917), as
 * N B / (N - A (1 - B)). 1 when the load is as large as the number of agents, or larger: the queue grows for ever.
 */
export function erlangC(load: number, agents: number): number {
  const blocked = erlangB(load, agents)
  return load >= agents ? 1 : (agents * blocked) / (agents - load * (1 - blocked))
}

/**
 * Service level 1 - Pw e^(-(N - A) T / h), mean wait Pw h / (N - A), occupancy A / N (Gross and Harris, "Fundamentals
 * of queueing theory", section 2.3). With too few agents the wait has no end: service level 0, mean wait Infinity.
 * @param threshold answered within so long counts as served well, in the unit of the load
 */
export function erlangCPerformance(load: Load, threshold: number): Performance {
  const { agents, handleTime } = load
  const erlangs = offeredLoad(load)
  const waitProbability = erlangC(erlangs, agents)
  const spare = agents - erlangs
  if (spare <= 0) {
    const endless = Number.POSITIVE_INFINITY
    return {
      waitProbability,
      serviceLevel: 0,
      asa: endless,
      meanWait: endless,
      abandonment: 0,
      occupancy: 1,
    }
  }
  const meanWait = (waitProbability * handleTime) / spare
  return {
    waitProbability,
    serviceLevel: 1 - waitProbability * Math.exp((-spare * threshold) / handleTime),
    asa: meanWait,
    meanWait,
    abandonment: 0,
    occupancy: erlangs / agents,
  }
}
