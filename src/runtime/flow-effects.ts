import { messageOf } from '../errors.ts'
import type { FlowEffect } from '../flow/effects.ts'
import type { ContactRunner } from './contact-runner.ts'
import { Transfer } from './transfer.ts'

type Effects = { [Type in FlowEffect['type']]: Extract<FlowEffect, { type: Type }> }

/** Performs one effect of a contact's flow. What has to wait answers later, as an input of the flow. */
export function performEffect(contact: ContactRunner, effect: FlowEffect): void {
  const perform = performers[effect.type] as (contact: ContactRunner, effect: FlowEffect) => void
  perform(contact, effect)
}

const performers: { [Type in FlowEffect['type']]: (contact: ContactRunner, effect: Effects[Type]) => void } =
  {
    entered(contact, { node }) {
      contact.record.path.push({ node, at: contact.parts.clock.now() })
    },

    set(contact, { name, secret, value }) {
      if (name === 'language' && typeof value === 'string') contact.record.language = value
      else if (!secret && value !== undefined) contact.record.data[name] = value
    },

    fault(contact, { node, code, detail }) {
      contact.parts.logger.error({ contact: contact.id, node, code, detail }, 'fault in the flow')
    },

    answer(contact) {
      const command = contact.parts.board.order({ type: 'answer', call: contact.call })
      contact.purposes.set(command, { for: 'answer' })
    },

    play(contact, { play, parts, language, interruptible }) {
      contact.pendingPlay = play
      contact.parts.prompts.resolve(parts, language).then(
        (items) => {
          if (contact.pendingPlay !== play || contact.callerGone) return
          contact.pendingPlay = undefined
          const command = contact.parts.board.order({
            type: 'play',
            call: contact.call,
            items,
            interruptible,
          })
          contact.purposes.set(command, { for: 'play', play })
        },
        (error: unknown) => {
          contact.parts.logger.error({ contact: contact.id, err: error }, 'prompt cannot be played')
          contact.tell({ type: 'play.failed', play, detail: messageOf(error) })
        },
      )
    },

    'play.stop'(contact, { play }) {
      if (contact.pendingPlay === play) {
        contact.pendingPlay = undefined
        contact.tell({ type: 'played', play, reason: 'stopped' })
      } else contact.parts.board.order({ type: 'play.stop', call: contact.call })
    },

    'music.start'(contact, { music }) {
      const file = contact.parts.prompts.musicFile(music)
      const command = contact.parts.board.order({ type: 'music.start', call: contact.call, file })
      contact.purposes.set(command, { for: 'music' })
    },

    'music.stop'(contact) {
      contact.parts.board.order({ type: 'music.stop', call: contact.call })
    },

    'timer.start'(contact, { timer, ms }) {
      contact.timers.start(timer, contact.parts.clock.now() + ms)
    },

    'timer.stop'(contact, { timer }) {
      contact.timers.stop(timer)
    },

    'schedule.check'(contact, { request, calendar }) {
      const { calendars, clock, logger } = contact.parts
      const state = calendars(calendar, clock.now())
      if (!state) logger.error({ contact: contact.id, calendar }, 'no such calendar: taken as closed')
      contact.tell({ type: 'schedule.checked', request, state: state ?? 'closed' })
    },

    'customer.find'(contact, { request, by, value }) {
      const { customers, logger } = contact.parts
      customers(by, value ?? contact.offered.from.number ?? '').then(
        (candidates) => {
          contact.candidatesFound(candidates)
          contact.tell({ type: 'customer.found', request, candidates })
        },
        (error: unknown) => {
          logger.error({ contact: contact.id, err: error }, 'customers cannot be searched')
          contact.tell({ type: 'customer.found', request, candidates: [], failed: messageOf(error) })
        },
      )
    },

    'customer.chosen'(contact, { customer }) {
      contact.setCustomer(customer)
    },

    'queue.join'(contact, { queue, skills, agent, priority, language }) {
      contact.record.language = language
      contact.joinQueue({ queue, skills, priority, ...(agent !== undefined && { named: agent }) })
    },

    'queue.leave'(contact) {
      contact.parts.acd.put({ type: 'contact.left', contact: contact.id, reason: 'left' })
      contact.leftQueue('left')
    },

    'record.start'(contact, { recording, mailbox, maxMs, silenceMs, stopDigits }) {
      const { board, voicemails, clock } = contact.parts
      const file = voicemails.fileFor(`${contact.id}-${recording}`)
      contact.record.close('ivr', clock.now(), 'voicemail')
      contact.record.open('voicemail', clock.now(), { queue: mailbox })
      const command = board.order({
        type: 'record.start',
        call: contact.call,
        file,
        maxMs,
        silenceMs,
        stopDigits,
      })
      contact.purposes.set(command, { for: 'record', recording, file })
    },

    'voicemail.keep'(contact, { recording, mailbox }) {
      contact.keepVoicemail(recording, mailbox)
    },

    transfer(contact, { request, to, ringMs }) {
      new Transfer(contact, to, ringMs, (result) =>
        contact.tell({ type: 'transfer.ended', request, result }),
      ).begin()
    },

    hangup(contact, { outcome }) {
      contact.hangUp(outcome)
    },
  }
