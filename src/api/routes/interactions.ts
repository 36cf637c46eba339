import { Type } from 'typebox'
import { readTimeline } from '../../crm/timeline.ts'
import { readInteraction } from '../../database/interactions.ts'
import { SwitchroomError } from '../../errors.ts'
import { anybody } from '../access.ts'
import { Interaction, Timeline, TimelineQuery } from '../contract/index.ts'
import { closed, Id, ref } from '../contract/schema.ts'
import type { Api, Parts } from '../parts.ts'

const ById = Type.Object({ id: Id }, closed)

/** Contacts that are over, one by one and as the history of a customer. */
export function interactionRoutes(app: Api, { database, floor }: Parts): void {
  app.get(
    '/v1/interactions/:id',
    {
      config: { access: anybody },
      schema: {
        operationId: 'readInteraction',
        summary: 'The record of a contact that is over',
        tags: ['Interactions'],
        params: ById,
        response: { 200: ref(Interaction) },
      },
    },
    async (request) => {
      const { id } = request.params
      const interaction = await readInteraction(database, id)
      if (interaction) return interaction
      throw new SwitchroomError('NOT_FOUND', `There is no interaction ${id}.`, {
        remedy: floor.contact(id)
          ? `The contact is still going on: /v1/contacts/${id} has its state.`
          : 'The record of a contact can be read a moment after its end.',
      })
    },
  )

  app.get(
    '/v1/customers/:id/timeline',
    {
      config: { access: anybody },
      schema: {
        operationId: 'readTimeline',
        summary: 'The contacts of a customer in all channels, latest first',
        tags: ['Customers'],
        params: ById,
        querystring: TimelineQuery,
        response: { 200: ref(Timeline) },
      },
    },
    async (request) => readTimeline(database, request.params.id, request.query),
  )
}
