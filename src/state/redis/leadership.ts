import type { Cancel } from '../../clock/clock.ts'
import type { Candidate, Leadership, Term } from '../leadership.ts'
import { listIn } from '../sealed.ts'
import type { RedisDomain } from './domain.ts'
import { acquire, renew, resign } from './lease-scripts.ts'
import { countIn } from './replies.ts'

/** Renewals per lease. */
const RENEWALS = 3

/**
 * Leadership by a lease in Redis, renewed at a third of it. Others try when it ends, and every third of it in between, in
 * case it was given back. When Redis was away they wait a whole lease first: the living writer knows more than
 * anybody else, also where Redis has lost its latest writes, and should be the one that goes on.
 */
export class RedisLeadership implements Leadership {
  readonly #domain: RedisDomain
  readonly #owner: string
  #candidate: Candidate | undefined
  #term: Term | undefined
  #cancel: Cancel = () => undefined
  #forget: () => void = () => undefined
  /** A try is under way. */
  #trying: Promise<void> = Promise.resolve()

  constructor(domain: RedisDomain, owner: string) {
    this.#domain = domain
    this.#owner = owner
  }

  get term(): Term | undefined {
    return this.#term
  }

  campaign(candidate: Candidate): void {
    this.#candidate = candidate
    const { connection, leaseMs } = this.#domain
    this.#forget = connection.onReach((reach) => {
      if (reach === 'back') this.#next(this.#term ? 0 : leaseMs)
    })
    this.#next(0)
  }

  /** Stops trying and renewing, as if the process had died. */
  close(): void {
    this.#candidate = undefined
    this.#term = undefined
    this.#cancel()
    this.#forget()
  }

  async resign(): Promise<void> {
    this.close()
    await this.#trying
    const { connection, keys } = this.#domain
    await connection.run('lease.resign', (client) => resign.run(client, [keys.lease], [this.#owner]))
  }

  #next(delayMs: number): void {
    this.#cancel()
    this.#cancel = this.#domain.clock.after(delayMs, () => {
      this.#trying = this.#trying.then(() => this.#try())
    })
  }

  async #try(): Promise<void> {
    if (!this.#candidate) return
    try {
      await (this.#term ? this.#renew(this.#term) : this.#acquire())
    } catch (error) {
      this.#domain.logger.error({ err: error }, 'leadership failed')
      this.#next(this.#domain.leaseMs)
    }
  }

  async #acquire(): Promise<void> {
    const { connection, keys, leaseMs } = this.#domain
    const answer = await connection.run('lease.acquire', (client) =>
      acquire.run(client, [keys.lease, keys.head], [this.#owner, leaseMs]),
    )
    if (!this.#candidate) return
    // While Redis is away there is nothing to try: `back` is the next occasion.
    if (!answer.ok) return this.#next(leaseMs)
    const [epoch, remaining] = listIn(answer.value, `the Redis key ${keys.lease}`)
    if (epoch === 0)
      return this.#next(Math.min(countIn(remaining, `the Redis key ${keys.lease}`) + 1, leaseMs / RENEWALS))
    this.#term = { epoch: countIn(epoch, `the Redis key ${keys.head}`), owner: this.#owner }
    this.#next(leaseMs / RENEWALS)
    this.#candidate.elected(this.#term)
  }

  async #renew(term: Term): Promise<void> {
    const { connection, keys, leaseMs } = this.#domain
    const answer = await connection.run('lease.renew', (client) =>
      renew.run(client, [keys.lease, keys.head], [term.owner, leaseMs, term.epoch]),
    )
    if (!this.#candidate || this.#term !== term) return
    this.#next(leaseMs / RENEWALS)
    if (!answer.ok || answer.value === term.epoch) return
    this.#term = undefined
    this.#candidate.lost(term)
  }
}
