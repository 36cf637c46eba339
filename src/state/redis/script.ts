import { createHash } from 'node:crypto'
import type { Client } from './client.ts'

/**
 * A script that runs inside Redis: all of it or nothing, with nobody else in between.
 *
 * EVALSHA and not a Function: it is as fast, and a script is named by its content. So servers of two versions can work on
 * one Redis while one replaces the other, nothing has to be installed or upgraded beforehand, no right to administer is
 * needed, and Redis 6, 7, 8 and Valkey do the same. A server that does not know the script (a new one, a replica that
 * was promoted) says NOSCRIPT and is sent it.
 */
export class Script {
  readonly #text: string
  readonly #name: string

  constructor(text: string) {
    this.#text = text
    this.#name = createHash('sha1').update(text).digest('hex')
  }

  async run(client: Client, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    try {
      return await client.evalsha(this.#name, keys.length, ...keys, ...values)
    } catch (thrown) {
      if (!(thrown instanceof Error && thrown.message.startsWith('NOSCRIPT'))) throw thrown
      return client.eval(this.#text, keys.length, ...keys, ...values)
    }
  }
}
