import { Type } from 'typebox'
import { readCustomer } from '../../crm/customers.ts'
import { readExplanations } from '../../database/interactions.ts'
import { SwitchroomError } from '../../errors.ts'
import { anybody, people, type SignedIn, signedInOf } from '../access.ts'
import {
  Contact,
  ContactCustomer,
  ContactList,
  ContactWhy,
  DispositionList,
  FinishWrapUp,
} from '../contract/index.ts'
import { closed, Done, Id, ref } from '../contract/schema.ts'
import type { Directory } from '../directory.ts'
import type { Live } from '../live/live.ts'
import type { Api, Parts } from '../parts.ts'
import { contactOf, explanationOf, waitingOf } from '../views.ts'

const ById = Type.Object({ id: Id }, closed)

/** Contacts that are going on, and what an agent may do with them. */
export function contactRoutes(
  app: Api,
  { floor, database, center }: Parts,
  live: Live,
  directory: Directory,
): void {
  app.get(
    '/v1/contacts',
    {
      config: { access: anybody },
      schema: {
        operationId: 'listContacts',
        summary: 'Contacts that are going on',
        description: 'An agent sees own contacts and those of own queues.',
        tags: ['Contacts'],
        response: { 200: ref(ContactList) },
      },
    },
    async (request) => ({
      contacts: floor
        .contacts()
        .filter(live.contactsOf(signedInOf(request).user))
        .map(contactOf),
    }),
  )

  app.get(
    '/v1/contacts/:id',
    {
      config: { access: anybody },
      schema: {
        operationId: 'readContact',
        summary: 'One contact that is going on',
        tags: ['Contacts'],
        params: ById,
        response: { 200: ref(Contact) },
      },
    },
    async (request) => contactOf(visible(signedInOf(request), request.params.id)),
  )

  app.get(
    '/v1/contacts/:id/why',
    {
      config: { access: anybody },
      schema: {
        operationId: 'explainContact',
        summary: 'Why a contact still waits, and why each agent so far was offered it',
        description: 'Also of contacts that are over. An agent sees own contacts and those of own queues.',
        tags: ['Contacts'],
        params: ById,
        response: { 200: ref(ContactWhy) },
      },
    },
    async (request) => {
      const { id } = request.params
      const ongoingNow = floor.contact(id) && visible(signedInOf(request), id)
      const recent = floor.offersOf(id)
      const offers = ongoingNow || recent.length > 0 ? recent : await readExplanations(database, id)
      if (!ongoingNow && offers.length === 0) {
        throw new SwitchroomError('NOT_FOUND', `No contact ${id} waits, and none of this name was offered.`, {
          remedy: 'GET /v1/contacts lists those that are going on.',
        })
      }
      const waiting = floor.whyWaiting(id)
      return {
        contact: id,
        ...(waiting && { waiting: waitingOf(waiting, directory) }),
        offers: offers.map(({ why, ...offer }) => ({ ...offer, why: explanationOf(why, directory) })),
      }
    },
  )

  app.post(
    '/v1/contacts/:id/hangup',
    {
      config: { access: people },
      schema: {
        operationId: 'hangUp',
        summary: 'End the talk',
        tags: ['Contacts'],
        params: ById,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      floor.hangUp(request.params.id, signedInOf(request).user.id)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/contacts/:id/customer',
    {
      config: { access: people },
      schema: {
        operationId: 'setContactCustomer',
        summary: 'Say which customer this is',
        description: 'For the agent who has the contact, and for supervisors.',
        tags: ['Contacts'],
        params: ById,
        body: ContactCustomer,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { customer } = request.body
      mayChange(signedInOf(request), id)
      if (!(await readCustomer(database, customer))) {
        throw new SwitchroomError('NOT_FOUND', `There is no customer with the id "${customer}".`)
      }
      floor.setCustomer(id, customer)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/contacts/:id/wrap-up',
    {
      config: { access: people },
      schema: {
        operationId: 'finishWrapUp',
        summary: 'Say what the contact came to, and be done with it',
        tags: ['Contacts'],
        params: ById,
        body: FinishWrapUp,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      const { disposition, notes } = request.body
      const ids = center.dispositions.map(({ id }) => id)
      if (!ids.includes(disposition)) {
        throw new SwitchroomError(
          'INPUT_INVALID',
          `The disposition "${disposition}" is none of ${ids.join(', ')}.`,
        )
      }
      const result = { disposition, ...(notes !== undefined && { notes }) }
      floor.finishWrapUp(request.params.id, signedInOf(request).user.id, result)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/v1/dispositions',
    {
      config: { access: anybody },
      schema: {
        operationId: 'listDispositions',
        summary: 'What a contact can come to',
        tags: ['Contacts'],
        response: { 200: ref(DispositionList) },
      },
    },
    async () => ({ dispositions: center.dispositions }),
  )

  /** What goes on and the person may see. */
  function visible({ user }: SignedIn, id: string) {
    const contact = ongoing(id)
    if (live.contactsOf(user)(contact)) return contact
    throw new SwitchroomError(
      'NOT_ALLOWED',
      `Contact ${contact.id} is neither with you nor in your queues.`,
      {
        remedy: 'A supervisor can see it.',
      },
    )
  }

  function ongoing(id: string) {
    const contact = floor.contact(id)
    if (contact) return contact
    throw new SwitchroomError('NOT_FOUND', `There is no contact ${id} going on.`, {
      remedy: `When it is over, /v1/interactions/${id} has its record.`,
    })
  }

  function mayChange({ user }: SignedIn, id: string): void {
    const isTheirs =
      ongoing(id).agent === user.id || floor.wrapUpsOf(user.id).some(({ contact }) => contact === id)
    if (isTheirs || user.role !== 'agent') return
    throw new SwitchroomError('NOT_ALLOWED', `Contact ${id} is not with you.`, {
      remedy: 'Ask the agent who has it, or a supervisor.',
    })
  }
}
