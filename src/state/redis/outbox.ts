import { messageOf } from '../../errors.ts'
import type { Effect, Outbox, StopFollowing } from '../journal.ts'
import { type EffectGroup, unsealEffects } from '../records.ts'
import type { RedisDomain } from './domain.ts'
import { countIn, type StreamEntry, streamIn } from './replies.ts'

export class RedisOutbox implements Outbox {
  readonly #domain: RedisDomain
  readonly #node: string
  readonly #key: string

  constructor(domain: RedisDomain, node: string) {
    this.#domain = domain
    this.#node = node
    this.#key = domain.keys.outbox(node)
  }

  async pending(): Promise<readonly Effect[]> {
    const { connection, keys } = this.#domain
    const [through, reply] = await Promise.all([
      connection.ask('outbox.acknowledged', (client) => client.hget(keys.acknowledged, this.#node)),
      connection.ask('outbox.pending', (client) => client.xrange(this.#key, '-', '+')),
    ])
    const performed = countIn(through ?? '0', `the Redis key ${keys.acknowledged}`)
    return streamIn(reply, `the Redis key ${this.#key}`)
      .flatMap((entry) => this.#read(entry)?.effects ?? [])
      .filter(({ sequence }) => sequence > performed)
  }

  /**
   * After a loss of the connection it begins anew. What was seen is known by its sequence, unless a later term decided it:
   * that one continues an older copy of the journal, and its sequences are others.
   */
  follow(receive: (effects: readonly Effect[]) => void): StopFollowing {
    let seen = { epoch: 0, sequence: 0 }
    return this.#domain.tail({
      name: 'outbox',
      key: this.#key,
      from: () => '0-0',
      receive: (entries) => {
        const effects = entries.flatMap((entry) => {
          const group = this.#read(entry)
          if (!group || (group.epoch <= seen.epoch && group.sequence <= seen.sequence)) return []
          seen = { epoch: Math.max(seen.epoch, group.epoch), sequence: group.sequence }
          return group.effects
        })
        if (effects.length > 0) receive(effects)
      },
      failed: (error) => this.#domain.logger.error({ err: error }, 'effects are not performed any more'),
    })
  }

  async acknowledge(through: number): Promise<boolean> {
    const { connection, keys } = this.#domain
    const answer = await connection.run('outbox.acknowledge', (client) =>
      client
        .multi()
        .hset(keys.acknowledged, this.#node, through)
        .xtrim(this.#key, 'MINID', `${through + 1}-0`)
        .exec(),
    )
    return answer.ok
  }

  #read({ id, text }: StreamEntry): EffectGroup | undefined {
    const place = `entry ${id} of the Redis key ${this.#key}`
    try {
      return { ...unsealEffects(text, place), sequence: countIn(id.split('-')[0], place) }
    } catch (thrown) {
      this.#domain.logger.error({ reason: messageOf(thrown) }, 'effects for a node are lost')
      return undefined
    }
  }
}
