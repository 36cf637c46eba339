import type { CommandId } from '../call/call.ts'
import { messageOf } from '../errors.ts'
import type { FlowEffect } from '../flow/effects.ts'
import type { FlowInput } from '../flow/inputs.ts'
import type { Contact } from './contact.ts'
import type { Timers } from './timers.ts'
import { Transfer } from './transfer.ts'
import type { VoicemailRecordings } from './voicemail-recordings.ts'
import { WaitPromise } from './wait-promise.ts'

/** A caller in a flow, as its effects need it. */
export interface Conversation {
  readonly contact: Contact
  readonly timers: Timers
  readonly recordings: VoicemailRecordings
  /** What each command was for that has not ended yet. */
  readonly purposes: Map<CommandId, Purpose>
  /** The play that waits for its audio to be found; a stop in between forgets it. */
  pendingPlay: string | undefined
  /** What the caller has been told of the wait in the present queue. */
  promise: WaitPromise | undefined
  readonly tell: (input: FlowInput) => void
}

/** Which of the flow's own ids a command serves, so that its ending becomes the flow's input. */
export type Purpose =
  | { readonly for: 'answer' | 'music' | 'farewell' }
  | { readonly for: 'play'; readonly play: string }
  | { readonly for: 'record'; readonly recording: string; readonly file: string }

type Performers = {
  [Type in FlowEffect['type']]: (one: Conversation, effect: Extract<FlowEffect, { type: Type }>) => void
}

/** Performs one effect of a flow. What has to wait answers later, as an input of the flow. */
export function performEffect(one: Conversation, effect: FlowEffect): void {
  const perform = performers[effect.type] as (one: Conversation, effect: FlowEffect) => void
  perform(one, effect)
}

const performers: Performers = {
  entered({ contact }, { node }) {
    contact.record.path.push({ node, at: contact.parts.clock.now() })
  },

  set({ contact }, { name, secret, value }) {
    if (name !== 'language' && !secret && value !== undefined) contact.record.data[name] = value
  },

  fault({ contact }, { node, code, detail }) {
    contact.parts.logger.error({ contact: contact.id, node, code, detail }, 'fault in the flow')
  },

  answer({ contact, purposes }) {
    purposes.set(contact.parts.board.order({ type: 'answer', call: contact.call }), { for: 'answer' })
  },

  play(one, { play, parts, language, interruptible }) {
    const { contact, purposes } = one
    const { board, logger, prompts } = contact.parts
    one.pendingPlay = play
    prompts.resolve(parts, language).then(
      (items) => {
        if (one.pendingPlay !== play || contact.callerGone) return
        one.pendingPlay = undefined
        const command = board.order({ type: 'play', call: contact.call, items, interruptible })
        purposes.set(command, { for: 'play', play })
      },
      (error: unknown) => {
        if (one.pendingPlay === play) one.pendingPlay = undefined
        logger.error({ contact: contact.id, err: error }, 'prompt cannot be played')
        one.tell({ type: 'play.failed', play, detail: messageOf(error) })
      },
    )
  },

  'play.stop'(one, { play }) {
    if (one.pendingPlay === play) {
      one.pendingPlay = undefined
      one.tell({ type: 'played', play, reason: 'stopped' })
    } else one.contact.parts.board.order({ type: 'play.stop', call: one.contact.call })
  },

  'music.start'({ contact, purposes }, { music }) {
    const { board, logger, prompts } = contact.parts
    try {
      const file = prompts.musicFile(music)
      purposes.set(board.order({ type: 'music.start', call: contact.call, file }), { for: 'music' })
    } catch (error) {
      logger.error({ contact: contact.id, err: error }, 'the caller waits in silence')
    }
  },

  'music.stop'({ contact }) {
    contact.parts.board.order({ type: 'music.stop', call: contact.call })
  },

  'timer.start'({ contact, timers }, { timer, ms }) {
    timers.start(timer, contact.parts.clock.now() + ms)
  },

  'timer.stop'({ timers }, { timer }) {
    timers.stop(timer)
  },

  'schedule.check'({ contact, tell }, { request, calendar }) {
    const { calendars, clock, logger } = contact.parts
    const state = calendars(calendar, clock.now())
    if (!state) logger.error({ contact: contact.id, calendar }, 'no such calendar: taken as closed')
    tell({ type: 'schedule.checked', request, state: state ?? 'closed' })
  },

  'customer.find'({ contact, tell }, { request, by, value }) {
    const { customers, logger } = contact.parts
    customers(by, value ?? contact.offered.from.number ?? '').then(
      (candidates) => {
        if (by === 'caller') contact.callerFound(candidates)
        else contact.candidatesFound(candidates)
        tell({ type: 'customer.found', request, candidates })
      },
      (error: unknown) => {
        logger.error({ contact: contact.id, err: error }, 'customers cannot be searched')
        tell({ type: 'customer.found', request, candidates: [], failed: messageOf(error) })
      },
    )
  },

  'customer.chosen'({ contact }, { customer }) {
    contact.setCustomer(customer)
  },

  'queue.join'(one, { queue, skills, agent, priority }) {
    const { contact } = one
    one.promise = new WaitPromise(contact.parts.acd.waits.calibration)
    contact.joinQueue({ queue, skills, priority, ...(agent !== undefined && { named: agent }) })
  },

  'queue.leave'({ contact }) {
    contact.parts.acd.put({ type: 'contact.left', contact: contact.id, reason: 'left' })
    contact.leftQueue('left')
  },

  'queue.status'(one, { request, wait }) {
    one.tell({ type: 'queue.status', request, ...standing(one, wait) })
  },

  'queue.callback'({ contact, tell }, { request, number, mode }) {
    const { askCallback, findRoute, logger } = contact.parts
    const { device, from } = contact.offered
    // Somebody who calls from a phone of ours is called there.
    const isOwn = device !== undefined && number === from.number
    const target = isOwn ? { device } : findRoute(number)
    if (target) {
      const refused = (): void => tell({ type: 'callback.refused', request, reason: 'not-possible' })
      askCallback(contact.id, { number, target }, mode, refused)
    } else {
      logger.warn({ contact: contact.id }, 'no route carries the number that is to be called back')
      tell({ type: 'callback.refused', request, reason: 'bad-number' })
    }
  },

  'record.start'({ contact, recordings, purposes }, { recording, mailbox, maxMs, silenceMs, stopDigits }) {
    const file = recordings.begin(recording, mailbox)
    const { call } = contact
    const order = { type: 'record.start', call, file, maxMs, silenceMs, stopDigits } as const
    purposes.set(contact.parts.board.order(order), { for: 'record', recording, file })
  },

  'voicemail.keep'({ recordings }, { recording, mailbox }) {
    recordings.keep(recording, mailbox)
  },

  transfer({ contact, tell }, { request, to, ringMs }) {
    new Transfer(contact, to, ringMs, (result) => tell({ type: 'transfer.ended', request, result })).begin()
  },

  hangup({ contact }, { outcome }) {
    contact.hangUp(outcome)
  },
}

/** How it stands with a caller in a queue, in this moment. @param tellsWait whether the caller is told the wait now */
function standing(
  { contact, promise }: Conversation,
  tellsWait: boolean,
): Pick<Extract<FlowInput, { type: 'queue.status' }>, 'position' | 'wait'> {
  const { acd } = contact.parts
  const now = acd.now()
  const { position, queue } = acd.engine.contact(contact.id) ?? {}
  if (position === undefined) return {}
  const view = tellsWait && acd.engine.queues(now).find((other) => other.queue === queue)
  const state = view && acd.waits.stateOf(view, position)
  return { position, ...(state && promise && { wait: promise.announce(state, now) }) }
}
