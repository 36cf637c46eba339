/** What a contender of the Redis benchmark does in its own process, and says of itself. */

/** Lives that are under way at any moment. */
export const LIVES_AT_ONCE = 1_000

export interface Counted {
  /** Complete lives: a contact that joins, is offered, accepted and ended; a job that is added, claimed and completed. */
  readonly lives: number
  readonly seconds: number
  /** CPU seconds of the process. */
  readonly cpuSeconds: number
}

export interface Delays {
  /** Milliseconds from the moment that an input was put to the moment that it was known to be committed. */
  readonly p50: number
  readonly p99: number
  readonly longest: number
  readonly inputs: number
  readonly seconds: number
}

/**
 * Counts lives for a while, after some warming up.
 * @param begin is called to begin a life, and calls `ended` when it is over; another one begins then
 */
export async function countLives(seconds: number, begin: (ended: () => void) => void): Promise<Counted> {
  let lives = 0
  let running = true
  const next = (): void => {
    begin(() => {
      lives++
      if (running) next()
    })
  }
  for (let life = 0; life < LIVES_AT_ONCE; life++) next()
  await pause(2_000)
  const from = { lives, at: performance.now(), cpu: process.cpuUsage() }
  await pause(1_000 * seconds)
  const cpu = process.cpuUsage(from.cpu)
  const counted = {
    lives: lives - from.lives,
    seconds: (performance.now() - from.at) / 1_000,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
  }
  running = false
  return counted
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Gathers what is said in one turn of the event loop. */
export function perTurn<Item>(deliver: (items: Item[]) => void): (item: Item) => void {
  let items: Item[] = []
  return (item) => {
    if (items.push(item) > 1) return
    setImmediate(() => {
      const said = items
      items = []
      deliver(said)
    })
  }
}
