import { chain, gap, readEntries, samePlace } from '../entry.ts'
import type {
  Entry,
  Follower,
  Group,
  Inbox,
  Journal,
  Outbox,
  Position,
  Snapshot,
  StopFollowing,
  WriteResult,
} from '../journal.ts'
import type { Term } from '../leadership.ts'
import { sealEffects, sealSnapshot, unsealSnapshot } from '../records.ts'
import type { RedisDomain } from './domain.ts'
import { RedisInbox } from './inbox.ts'
import { RedisOutbox } from './outbox.ts'
import { headIn, streamIn, writeResultIn } from './replies.ts'
import type { Script } from './script.ts'
import { append, claim, rebase, saveSnapshot, trim } from './writer-scripts.ts'

/** Groups read in one go. */
const BATCH = 200

/** A journal in Redis: a stream with one entry per group, under the sequence of the group's last input. */
export class RedisJournal implements Journal {
  readonly inbox: Inbox
  readonly #domain: RedisDomain
  readonly #place: string

  constructor(domain: RedisDomain) {
    this.#domain = domain
    this.inbox = new RedisInbox(domain)
    this.#place = `the Redis key ${domain.keys.journal}`
  }

  async start(): Promise<Position> {
    const { connection, keys } = this.#domain
    const head = await connection.ask('journal.start', (client) =>
      client.hmget(keys.head, 'start-sequence', 'start-at', 'start-link'),
    )
    return headIn(head, `the Redis key ${keys.head}`)
  }

  async end(): Promise<Position> {
    const { connection, keys } = this.#domain
    const head = await connection.ask('journal.end', (client) =>
      client.hmget(keys.head, 'sequence', 'at', 'link'),
    )
    return headIn(head, `the Redis key ${keys.head}`)
  }

  async read(after: Position, limit = BATCH): Promise<readonly Entry[]> {
    const { connection, keys } = this.#domain
    // The end is asked for first: entries that come in between are no gap.
    const [end, reply] = await Promise.all([
      this.end(),
      connection.ask('journal.read', (client) =>
        client.xrange(keys.journal, `${after.sequence + 1}-0`, '+', 'COUNT', limit),
      ),
    ])
    const entries: Entry[] = []
    for (const { text } of streamIn(reply, this.#place)) {
      try {
        entries.push(...readEntries(text.split('\n'), entries.at(-1) ?? after, this.#place))
      } catch (error) {
        // What is sound before it is handed over; the next reading, which begins there, is told.
        if (entries.length === 0) throw error
        return entries
      }
    }
    if (entries.length === 0 && end.sequence > after.sequence) throw gap(this.#place, after, end)
    return entries
  }

  follow(after: Position, follower: Follower): StopFollowing {
    let last = after
    return this.#domain.tail({
      name: 'journal',
      key: this.#domain.keys.journal,
      from: () => `${last.sequence}-0`,
      receive: (groups) => {
        const entries = readEntries(
          groups.flatMap(({ text }) => text.split('\n')),
          last,
          this.#place,
        )
        const end = entries.at(-1)
        if (!end) return
        last = end
        follower.receive(entries)
      },
      failed: (error) => follower.interrupted(error),
    })
  }

  async append(term: Term, group: Group): Promise<WriteResult> {
    const { keys } = this.#domain
    const { after, taken, performed } = group
    const { lines, end } = chain(after, term.epoch, group.inputs)
    const effects = [...group.effects].filter(([, list]) => list.length > 0)
    const outboxes = [performed?.node ?? '', ...effects.map(([node]) => node)].map((node) =>
      keys.outbox(node),
    )
    return this.#write(
      'journal.append',
      append,
      [keys.head, keys.journal, keys.inbox, keys.acknowledged, ...outboxes],
      term,
      [
        after.sequence,
        after.link,
        end.sequence,
        end.at,
        end.link,
        lines.join('\n'),
        performed?.node ?? '',
        performed?.through ?? 0,
        `${(performed?.through ?? 0) + 1}-0`,
        effects.length,
        ...effects.map(([, list]) => sealEffects(term.epoch, list)),
        ...taken,
      ],
    )
  }

  async latestSnapshot(): Promise<Snapshot | undefined> {
    const { connection, keys } = this.#domain
    const text = await connection.ask('snapshot.read', (client) => client.hget(keys.snapshot, 'text'))
    return typeof text === 'string' ? unsealSnapshot(text, `the Redis key ${keys.snapshot}`) : undefined
  }

  async saveSnapshot(term: Term, snapshot: Snapshot): Promise<WriteResult> {
    const { keys } = this.#domain
    const values = [snapshot.position.sequence, sealSnapshot(snapshot)]
    return this.#write('snapshot.save', saveSnapshot, [keys.head, keys.snapshot], term, values)
  }

  async resume(term: Term, snapshot: Snapshot, groups: readonly Group[]): Promise<WriteResult> {
    const { keys, leaseMs } = this.#domain
    const claimed = await this.#write('resume.claim', claim, [keys.head, keys.lease], term, [leaseMs])
    if (claimed.outcome !== 'committed') return claimed
    const lacking = groups.findIndex(({ after }) => samePlace(after, claimed.end))
    for (const group of lacking === -1 ? [] : groups.slice(lacking)) {
      const result = await this.append(term, group)
      if (result.outcome !== 'committed') return result
    }
    const { sequence, at, link } = snapshot.position
    const values = [sequence, at, link, sealSnapshot(snapshot)]
    return this.#write('resume.rebase', rebase, [keys.head, keys.snapshot], term, values)
  }

  async trim(term: Term, { sequence, at, link }: Position): Promise<WriteResult> {
    const { keys } = this.#domain
    const values = [sequence, at, link, `${sequence + 1}-0`]
    return this.#write('journal.trim', trim, [keys.head, keys.journal, keys.snapshot], term, values)
  }

  outbox(node: string): Outbox {
    return new RedisOutbox(this.#domain, node)
  }

  async #write(
    step: string,
    script: Script,
    keys: readonly string[],
    { epoch, owner }: Term,
    values: readonly (string | number)[],
  ): Promise<WriteResult> {
    const answer = await this.#domain.connection.run(step, (client) =>
      script.run(client, keys, [epoch, owner, ...values]),
    )
    if (!answer.ok) return { outcome: 'away', reason: answer.reason }
    return writeResultIn(answer.value, `the Redis key ${this.#domain.keys.head}`)
  }
}
