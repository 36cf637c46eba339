import type { Logger } from 'pino'
import type { AcdEffect, TurnedAway } from '../acd/contract.ts'
import type { Callbacks } from './callbacks.ts'
import type { LiveFloor } from './live-floor.ts'

/** Where the flow goes on with somebody who is not let in, or has to leave. */
const exits = {
  closed: 'closed',
  'nobody-logged-in': 'nobody-logged-in',
  'nobody-available': 'nobody-logged-in',
  'too-many': 'too-many',
  'too-long': 'too-long',
} as const satisfies Record<TurnedAway, string>

/** Carries out what the engine says of callbacks, of joining and leaving, and of what supervisors did. */
export function performLife(effect: AcdEffect, floor: LiveFloor, callbacks: Callbacks, logger: Logger): void {
  const contact = 'contact' in effect ? floor.contactsById.get(effect.contact) : undefined
  switch (effect.type) {
    case 'contact.turned-away':
      return contact?.leftQueue(exits[effect.reason])
    case 'contact.resumed':
      logger.info({ contact: effect.contact, after: effect.after }, 'has the old place')
      return contact?.announce()
    case 'contact.reprioritised':
      if (contact) contact.priority = effect.priority
      return contact?.announce()
    case 'callback.kept':
    case 'callback.refused':
    case 'callback.dial':
    case 'callback.retry':
    case 'callback.ended':
      return callbacks.perform(effect)
    case 'wrap-up.extended': {
      const key = `${effect.contact}/${effect.agent}`
      const wrapUp = floor.wrapUps.get(key)
      if (!wrapUp) return
      const extended = { ...wrapUp, until: effect.until }
      floor.wrapUps.set(key, extended)
      return floor.publish({ type: 'wrap-up.started', wrapUp: extended })
    }
    default:
  }
}
