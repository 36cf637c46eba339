import { messageOf } from '../../errors.ts'
import type { Away, Inbox, InboxEntry, InboxInput, StopFollowing } from '../journal.ts'
import { KEY_WINDOW_MS, RecentKeys } from '../recent-keys.ts'
import { inboxInputIn } from '../records.ts'
import { seal, unseal } from '../sealed.ts'
import type { RedisDomain } from './domain.ts'
import { put } from './inbox-script.ts'
import { countIn } from './replies.ts'

export class RedisInbox implements Inbox {
  readonly #domain: RedisDomain

  constructor(domain: RedisDomain) {
    this.#domain = domain
  }

  async put(
    inputs: readonly InboxInput[],
  ): Promise<{ readonly outcome: 'put'; readonly duplicates: number } | Away> {
    const { connection, keys } = this.#domain
    const answer = await connection.run('inbox.put', (client) =>
      put.run(
        client,
        [keys.inbox, ...inputs.map(({ key }) => keys.seen(key))],
        [KEY_WINDOW_MS, ...inputs.map(({ key, input }) => seal({ key, input }))],
      ),
    )
    if (!answer.ok) return { outcome: 'away', reason: answer.reason }
    return { outcome: 'put', duplicates: countIn(answer.value, `the Redis key ${keys.inbox}`) }
  }

  /** After a loss of the connection it begins anew: what was handed over already is known by its key. */
  follow(receive: (entries: readonly InboxEntry[]) => void): StopFollowing {
    const { keys, clock, logger } = this.#domain
    const handedOver = new RecentKeys(clock)
    return this.#domain.tail({
      name: 'inbox',
      key: keys.inbox,
      from: () => '0-0',
      receive: (items) => {
        const entries = items.flatMap(({ id, text }): InboxEntry[] => {
          try {
            const place = `entry ${id} of the Redis key ${keys.inbox}`
            const entry = { id, ...inboxInputIn(unseal(text, place), place) }
            return handedOver.add(entry.key) ? [entry] : []
          } catch (thrown) {
            logger.error({ reason: messageOf(thrown) }, 'an input of another node is lost')
            return []
          }
        })
        if (entries.length > 0) receive(entries)
      },
      failed: (error) => logger.error({ err: error }, 'inputs of other nodes are not taken any more'),
    })
  }
}
