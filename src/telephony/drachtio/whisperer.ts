import { readFile } from 'node:fs/promises'
import { durationMsOf, readTelephoneWav } from '../../audio/wav.ts'
import type { CallId, CommandId } from '../../call/call.ts'
import type { PlayItem } from '../../call/commands.ts'
import type { CallEvent, PlayEnd } from '../../call/events.ts'
import type { Cancel, Clock } from '../../clock/clock.ts'
import type { MediaEndpoint } from './media-endpoint.ts'
import { listPath } from './prompt-paths.ts'

interface Running {
  readonly command: CommandId
  readonly path: string
  readonly endpoint: MediaEndpoint
  readonly end: Cancel
}

/**
 * What is whispered to one leg. FreeSWITCH mixes a file into what it sends to a channel (`uuid_displace` with `mux`) and
 * does not tell when the file has come to its end, so the end is counted here.
 */
export class Whisperer {
  readonly #call: CallId
  readonly #clock: Clock
  readonly #emit: (event: CallEvent) => void
  #running: Running | undefined

  constructor(call: CallId, clock: Clock, emit: (event: CallEvent) => void) {
    this.#call = call
    this.#clock = clock
    this.#emit = emit
  }

  /** @throws when a file is none that we play, or FreeSWITCH refuses */
  async start(endpoint: MediaEndpoint, command: CommandId, items: readonly PlayItem[]): Promise<void> {
    this.stop()
    const lengths = await Promise.all(items.map(lengthMsOf))
    const path = listPath(items)
    if (path === undefined) return this.#played(command, 'finished')
    await endpoint.displace('start', path)
    const ms = lengths.reduce((sum, length) => sum + length, 0)
    const end = this.#clock.after(ms, () => this.#end('finished'))
    this.#running = { command, path, endpoint, end }
  }

  /** Cuts it, if anything is whispered. */
  stop(): void {
    this.#running?.end()
    this.#running?.endpoint.displace('stop', this.#running.path).catch(() => undefined)
    this.#end('stopped')
  }

  /** The leg is over: nothing more is said. */
  forget(): void {
    this.#running?.end()
    this.#running = undefined
  }

  #end(reason: PlayEnd): void {
    const running = this.#running
    this.#running = undefined
    if (running) this.#played(running.command, reason)
  }

  #played(command: CommandId, reason: PlayEnd): void {
    this.#emit({ type: 'call.played', call: this.#call, command, reason })
  }
}

async function lengthMsOf(item: PlayItem): Promise<number> {
  return 'file' in item
    ? durationMsOf(readTelephoneWav(await readFile(item.file), item.file))
    : item.silenceMs
}
