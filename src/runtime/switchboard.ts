import type { Logger } from 'pino'
import type { CallId, CommandId } from '../call/call.ts'
import type { CallCommand } from '../call/commands.ts'
import type { CallEvent } from '../call/events.ts'

/** What the owner of a leg is told. */
export type LegEvent = Exclude<
  Extract<CallEvent, { call: CallId } | { calls: unknown }>,
  { type: 'call.offered' }
>

/** A command without its id: the switchboard gives it one. */
export type Order = CallCommand extends infer Command
  ? Command extends CallCommand
    ? Omit<Command, 'id'>
    : never
  : never

/**
 * Every leg that is up and who owns it: gives commands their ids and hands each event to the owner of the leg
 * that it names (to both where it names two).
 */
export class Switchboard {
  readonly #owners = new Map<CallId, (event: LegEvent) => void>()
  readonly #send: (command: CallCommand) => void
  readonly #logger: Logger
  #commands = 0

  constructor(send: (command: CallCommand) => void, logger: Logger) {
    this.#send = send
    this.#logger = logger
  }

  /** How many legs are up. */
  get size(): number {
    return this.#owners.size
  }

  /** From now on `owner` is told what happens to this leg; it is forgotten at its end. */
  own(call: CallId, owner: (event: LegEvent) => void): void {
    this.#owners.set(call, owner)
  }

  /** There is no such leg, and nothing more will be said of it: it could not be dialled. */
  forget(call: CallId): void {
    this.#owners.delete(call)
  }

  /** Sends a command; the id says which ending is its own. */
  order(order: Order): CommandId {
    const id = `${order.call}/${++this.#commands}`
    this.#send({ ...order, id } as CallCommand)
    return id
  }

  receive(event: LegEvent): void {
    const calls = 'calls' in event ? event.calls : [event.call]
    for (const call of calls) {
      const owner = this.#owners.get(call)
      if (event.type === 'call.ended') this.#owners.delete(call)
      if (owner) owner(event)
      else this.#logger.debug({ call, event: event.type }, 'event for a leg that nobody owns')
    }
  }
}
