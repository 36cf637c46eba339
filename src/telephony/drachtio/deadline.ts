import type { Clock } from '../../clock/clock.ts'

/** An answer that another program owes us did not come in time. */
export class Overdue extends Error {
  override readonly name = 'Overdue'
}

/**
 * The promise, or `Overdue` after `ms`: neither drachtio-srf nor drachtio-fsmrf settles what was asked over a
 * connection that has gone.
 */
export async function within<T>(clock: Clock, ms: number, what: string, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const cancel = clock.after(ms, () => reject(new Overdue(`${what}: no answer within ${ms} ms`)))
  try {
    return await Promise.race([promise, late])
  } finally {
    cancel()
  }
}
