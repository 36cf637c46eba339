import { randomUUID } from 'node:crypto'
import type { AcdEffect, CallbackMode } from '../acd/contract.ts'
import { Callback } from './callback.ts'
import type { Contact } from './contact.ts'
import type { CallbackTo, Parts } from './parts.ts'

type CallbackEffect = Extract<AcdEffect, { type: `callback.${string}` }>

interface Asked {
  readonly contact: Contact
  readonly to: CallbackTo
  readonly refused: () => void
}

export interface CallbacksListener {
  began(callback: Callback): void
  over(callback: Callback): void
}

/** Every callback that is asked for or promised. */
export class Callbacks {
  readonly #parts: () => Parts
  readonly #listener: CallbacksListener
  readonly #asked = new Map<string, Asked>()
  readonly #kept = new Map<string, Callback>()

  constructor(parts: () => Parts, listener: CallbacksListener) {
    this.#parts = parts
    this.#listener = listener
  }

  get(contact: string): Callback | undefined {
    return this.#kept.get(contact)
  }

  values(): Iterable<Callback> {
    return this.#kept.values()
  }

  /** @param refused is told when the queue calls nobody back */
  ask(contact: Contact, to: CallbackTo, mode: CallbackMode, refused: () => void): void {
    const callback = randomUUID()
    this.#asked.set(callback, { contact, to, refused })
    this.#parts().acd.put({ type: 'contact.callback', contact: contact.id, callback, mode })
    // What is not answered by now is not in the queue any more, or talks.
    this.#asked.delete(callback)
  }

  perform(effect: CallbackEffect): void {
    const id = 'callback' in effect ? effect.callback : effect.contact
    switch (effect.type) {
      case 'callback.kept':
        return this.#keep(id)
      case 'callback.refused':
        return this.#asked.get(id)?.refused()
      case 'callback.dial':
        return this.#kept.get(id)?.dial(effect)
      case 'callback.retry':
        return this.#kept.get(id)?.later('not-reached')
      case 'callback.ended':
        return this.#kept.get(id)?.ended(effect.outcome)
    }
  }

  #keep(id: string): void {
    const asked = this.#asked.get(id)
    if (!asked) return
    const { contact, to } = asked
    const callback = new Callback(this.#parts(), contact, id, to, () => {
      this.#kept.delete(id)
      this.#listener.over(callback)
    })
    this.#kept.set(id, callback)
    this.#listener.began(callback)
    contact.record.data['callback'] = id
    contact.record.settle('callback')
    contact.leftQueue('callback')
  }
}
