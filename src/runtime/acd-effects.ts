import type { AcdEffect } from '../acd/contract.ts'
import type { Callbacks } from './callbacks.ts'
import type { Devices } from './devices.ts'
import { performLife } from './life-effects.ts'
import type { FloorOptions, LiveFloor } from './live-floor.ts'
import { OfferRunner } from './offer-runner.ts'
import type { Parts } from './parts.ts'
import { screenPop } from './screen-pop.ts'
import type { StandingLegs } from './standing-legs.ts'
import { whisperOf } from './whisper.ts'

type OfferMade = Extract<AcdEffect, { type: 'offer.made' }>

/** What the effects are carried out on. */
export interface OnTheFloor {
  readonly floor: LiveFloor
  readonly devices: Devices
  readonly standing: StandingLegs
  readonly callbacks: Callbacks
  readonly queues: () => FloorOptions['queues']
  /** `desk.popLead`: longest wait for a desk before the phone rings, milliseconds. */
  readonly popLeadMs: number
}

/** Carries out what the routing engine decides; decides nothing itself. */
export class AcdEffects {
  readonly #parts: Parts
  readonly #on: OnTheFloor

  constructor(parts: Parts, on: OnTheFloor) {
    this.#parts = parts
    this.#on = on
  }

  perform(effect: AcdEffect): void {
    switch (effect.type) {
      case 'offer.made':
        return this.#offerMade(effect)
      case 'offer.ended':
        return this.#offerEnded(effect)
      case 'contact.connected':
        return this.#connected(effect)
      case 'contact.unserved':
        this.#parts.logger.warn(
          { contact: effect.contact, queue: effect.queue, reason: effect.reason },
          'nobody can serve the contact',
        )
        return this.#on.floor.contactsById.get(effect.contact)?.leftQueue('unserved')
      case 'contact.moved':
        return this.#on.floor.contactsById.get(effect.contact)?.movedTo(effect.to)
      case 'contact.exited':
        return this.#on.floor.contactsById.get(effect.contact)?.leftQueue('overflowed')
      case 'agent.changed':
        this.#on.standing.present(effect.agent.agent, effect.agent.presence !== 'logged-out')
        return this.#on.floor.publish({ type: 'agent.changed', agent: effect.agent })
      case 'wrap-up.started': {
        const contact = this.#on.floor.contactsById.get(effect.contact)
        const { agent, until } = effect
        const customer = contact?.record.customer
        const queue = contact?.lastQueue ?? ''
        const wrapUp = {
          contact: effect.contact,
          agent,
          queue,
          until,
          ...(customer !== undefined && { customer }),
        }
        this.#on.floor.wrapUps.set(`${effect.contact}/${agent}`, wrapUp)
        // The two never heard each other, and the contact is over: there is nothing to wrap up.
        if (!contact) this.#parts.acd.put({ type: 'wrap-up.finished', contact: effect.contact, agent })
        contact?.wrapUpStarted(agent)
        return this.#on.floor.publish({ type: 'wrap-up.started', wrapUp })
      }
      case 'wrap-up.ended':
        this.#on.floor.wrapUps.delete(`${effect.contact}/${effect.agent}`)
        this.#on.floor.publish({ type: 'wrap-up.ended', contact: effect.contact, agent: effect.agent })
        return this.#on.floor.contactsById.get(effect.contact)?.wrapUpEnded(effect.agent)
      default:
        performLife(effect, this.#on.floor, this.#on.callbacks, this.#parts.logger)
    }
  }

  #offerMade(offer: OfferMade): void {
    const contact = this.#on.floor.contactsById.get(offer.contact)
    // The engine may be ahead of what it lets us do: what it has taken back meanwhile is not begun.
    if (!contact || !this.#stands(offer)) return
    this.#on.floor.explained(offer)
    contact.offerMade({ offer: offer.offer, why: offer.why }, offer.agent)
    const standing = this.#on.standing.of(offer.agent)
    const { autoAnswer } = this.#on.standing.phoneOf(offer.agent)
    const takenBy = autoAnswer ? 'itself' : standing ? 'key' : 'phone'
    const pop = screenPop(contact, offer, this.#on.floor.queueName(offer.queue), takenBy)
    this.#on.floor.pops.set(offer.agent, pop)
    const runner = new OfferRunner(this.#parts, offer, {
      device: this.#on.devices.of(offer.agent),
      standing,
      autoAnswer,
      whisper: () => {
        const rings = !standing && !autoAnswer
        const { skills = {} } = this.#parts.acd.engine.agent(offer.agent) ?? {}
        const facts = {
          skills,
          queueName: this.#on.floor.queueName(offer.queue),
          waitedMs: offer.why.waitedMs,
        }
        const written = this.#on.queues().find(({ id }) => id === offer.queue)?.whisper ?? {}
        return whisperOf(this.#parts, written, facts, rings)
      },
      from: contact.offered.from,
      caller: this.#isOnLine(contact.id) ? contact.call : undefined,
      popLeadMs: this.#on.floor.hasDesk(offer.agent) ? this.#on.popLeadMs : 0,
    })
    this.#on.floor.offers.set(offer.offer, runner)
    this.#on.floor.publish({ type: 'offer.made', pop })
    runner.begin()
  }

  #offerEnded({ offer, contact, agent, outcome }: Extract<AcdEffect, { type: 'offer.ended' }>): void {
    this.#parts.logger.info({ contact, offer, agent, outcome }, 'offer ended')
    this.#on.floor.offers.get(offer)?.end(outcome === 'accepted')
    if (outcome !== 'accepted') {
      this.#on.floor.offers.delete(offer)
      if (this.#on.floor.pops.get(agent)?.offer === offer) this.#on.floor.pops.delete(agent)
    }
    this.#on.floor.contactsById.get(contact)?.offerEnded(offer, outcome)
    this.#on.floor.publish({ type: 'offer.ended', offer, contact, agent, outcome })
  }

  #connected({ contact, agent, offer }: Extract<AcdEffect, { type: 'contact.connected' }>): void {
    const runner = this.#on.floor.offers.get(offer)
    this.#on.floor.offers.delete(offer)
    if (!runner) return
    if (!this.#stands({ contact, agent, offer })) return runner.leave()
    const callback = this.#isOnLine(contact) ? undefined : this.#on.callbacks.get(contact)
    const began = (gapMs: number): void => {
      runner.talking()
      const pop = this.#on.floor.pops.get(agent)
      if (pop) this.#on.floor.pops.set(agent, { ...pop, state: 'connected' })
      this.#on.floor.publish({ type: 'contact.connected', contact, agent, offer, gapMs })
    }
    if (callback) callback.agentReady(agent, runner.answered, began)
    else this.#on.floor.contactsById.get(contact)?.connect(agent, runner.answered, began)
  }

  #isOnLine(contact: string): boolean {
    return this.#on.callbacks.get(contact)?.isOnLine ?? true
  }

  /** Whether the engine still has this agent for this contact. */
  #stands({ contact, agent, offer }: Pick<OfferMade, 'contact' | 'agent' | 'offer'>): boolean {
    const now = this.#parts.acd.engine.contact(contact)
    const pairs = now?.ringing ?? [{ agent: now?.agent, offer: now?.offer }]
    return pairs.some((pair) => pair.agent === agent && pair.offer === offer)
  }
}
