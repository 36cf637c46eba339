import type { AcdRunner } from './acd-runner.ts'

/**
 * Ends in the engine what ended with the process that wrote before: its calls are gone, and nobody knows yet which phone
 * can be rung. Whoever waited is lost, and has the place again that the engine keeps for those who call again; who is to be
 * called back stays. Talks are over, and there is nothing to wrap up. Presence stays as it was, a pause with its reason.
 */
export function settle(acd: AcdRunner): void {
  const { engine } = acd
  const contacts = engine.contacts()
  // Those first who could be offered to the agents of the others.
  for (const { contact, state } of contacts) {
    if (state === 'waiting') acd.put({ type: 'contact.left', contact, reason: 'lost' })
  }
  for (const { contact, state, callback, agent, offer, ringing } of contacts) {
    if (state === 'connected') acd.put({ type: 'contact.ended', contact })
    else if (callback?.stage === 'dialling') acd.put({ type: 'callback.failed', contact, cause: 'failed' })
    else if (state === 'offered' && callback) {
      const offers = ringing ?? [{ agent, offer }]
      for (const each of offers) {
        if (each.offer !== undefined)
          acd.put({ type: 'offer.refused', offer: each.offer, cause: 'backend-failed' })
      }
    } else if (state === 'offered') acd.put({ type: 'contact.left', contact, reason: 'lost' })
  }
  for (const { agent, device, slot, contact: only, work } of engine.agents()) {
    for (const { contact, slot: state } of work ?? [{ contact: only, slot }]) {
      if (contact !== undefined && state === 'wrapping') acd.put({ type: 'wrap-up.finished', agent, contact })
    }
    if (device !== 'unregistered') acd.put({ type: 'device.unregistered', agent })
  }
}
