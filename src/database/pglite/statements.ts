import { messages, type PGlite, parse, protocol, type Results } from '@electric-sql/pglite'

const { serialize } = protocol

/** So many of those that were asked for last are remembered; what a program asks for again and again is far less. */
const MOST = 200

/** Only these are worth it, and keep what they are when they are run again. */
const WORTH = /^\s*(?:select|insert|update|delete|with)\b/i

/** SQLSTATE: the statement is not there, or its tables are others than when it was prepared. */
const OUTDATED = new Set(['26000', '0A000'])

interface Prepared {
  readonly name: string
  /** Types of its parameters, by PostgreSQL's ids. */
  readonly types: readonly number[]
  /** What describes its rows, before the rows themselves; none where it has no rows. */
  readonly head: readonly Message[]
}

type Message = Awaited<ReturnType<PGlite['execProtocolStream']>>[number]

/**
 * Runs statements at PGlite. Its own `query` has each one parsed, described and planned anew, in six exchanges, which
 * is most of what a small one costs. Here a statement is prepared when it comes for the second time, and from then on
 * takes one exchange (PostgreSQL 55.2.3).
 */
export class Statements {
  readonly #database: PGlite
  /** By their text, the one that was used last at the end; undefined: it came once. */
  readonly #known = new Map<string, Prepared | undefined>()
  #count = 0

  constructor(database: PGlite) {
    this.#database = database
  }

  /** As `query` of PGlite. @throws what PostgreSQL says */
  async run(sql: string, parameters: readonly unknown[]): Promise<Results<unknown>> {
    if (!WORTH.test(sql)) return this.#database.query(sql, [...parameters])
    const isNew = !this.#known.has(sql)
    const known = this.#known.get(sql)
    this.#known.delete(sql)
    if (isNew) {
      await this.#database.runExclusive(() => this.#makeRoom())
      this.#known.set(sql, undefined)
      return this.#database.query(sql, [...parameters])
    }
    this.#known.set(sql, known)
    return this.#database.runExclusive(async () => {
      const prepared = known ?? (await this.#prepare(sql))
      try {
        return await this.#execute(prepared, parameters)
      } catch (error) {
        if (error instanceof messages.DatabaseError && OUTDATED.has(error.code ?? ''))
          await this.#forget(sql, prepared)
        throw error
      }
    })
  }

  async #prepare(sql: string): Promise<Prepared> {
    const name = `s${++this.#count}`
    const described = await this.#exchange([
      serialize.parse({ name, text: sql }),
      serialize.describe({ type: 'S', name }),
    ])
    const types = parse.parseDescribeStatementResults(described)
    const prepared = { name, types, head: described.filter((each) => each.name === 'rowDescription') }
    this.#known.set(sql, prepared)
    return prepared
  }

  async #execute({ name, types, head }: Prepared, parameters: readonly unknown[]): Promise<Results<unknown>> {
    const { serializers, parsers } = this.#database
    const values = parameters.map((value, index) => {
      if (value === null || value === undefined) return null
      const serialise = serializers[types[index] ?? 0]
      return serialise?.(value) ?? (typeof value === 'string' ? value : JSON.stringify(value))
    })
    const answers = await this.#exchange([serialize.bind({ statement: name, values }), serialize.execute({})])
    const [result] = parse.parseResults([...head, ...answers], parsers)
    if (!result) throw new Error('the embedded database gave no result')
    return result
  }

  async #makeRoom(): Promise<void> {
    for (const [sql, prepared] of this.#known) {
      if (this.#known.size < MOST) return
      await this.#forget(sql, prepared)
    }
  }

  async #forget(sql: string, prepared: Prepared | undefined): Promise<void> {
    this.#known.delete(sql)
    if (prepared) await this.#exchange([serialize.close({ type: 'S', name: prepared.name })])
  }

  /** All of it in one go, up to the point where PostgreSQL is ready for the next. */
  async #exchange(requests: readonly Uint8Array[]): Promise<Message[]> {
    return this.#database.execProtocolStream(Buffer.concat([...requests, serialize.sync()]))
  }
}
