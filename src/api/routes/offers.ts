import { Type } from 'typebox'
import { readExplanation } from '../../database/interactions.ts'
import { SwitchroomError } from '../../errors.ts'
import { anybody, people, signedInOf } from '../access.ts'
import { Explanation } from '../contract/index.ts'
import { closed, Done, Id, ref } from '../contract/schema.ts'
import type { Directory } from '../directory.ts'
import type { Api, Parts } from '../parts.ts'
import { explanationOf } from '../views.ts'

const ById = Type.Object({ id: Id }, closed)

/** Offers of contacts to agents. */
export function offerRoutes(app: Api, { floor, database }: Parts, directory: Directory): void {
  app.post(
    '/v1/offers/:id/acknowledge',
    {
      config: { access: people },
      schema: {
        operationId: 'acknowledgeOffer',
        summary: 'The screen pop is shown: let the phone ring',
        description: 'The event stream can say the same. Without it the phone rings after desk.popLead.',
        tags: ['Offers'],
        params: ById,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      floor.acknowledge(request.params.id, signedInOf(request).user.id)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/offers/:id/accept',
    {
      config: { access: people },
      schema: {
        operationId: 'acceptOffer',
        summary: 'Take the contact on a standing call',
        description: 'Where the phone rings for each contact, it is taken by answering the phone.',
        tags: ['Offers'],
        params: ById,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      floor.accept(request.params.id, signedInOf(request).user.id)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/offers/:id/reject',
    {
      config: { access: people },
      schema: {
        operationId: 'rejectOffer',
        summary: 'Decline the contact',
        description: 'The caller keeps place and waiting time, and goes to somebody else.',
        tags: ['Offers'],
        params: ById,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      floor.reject(request.params.id, signedInOf(request).user.id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/v1/offers/:id/why',
    {
      config: { access: anybody },
      schema: {
        operationId: 'explainOffer',
        summary: 'Why this agent was offered this contact, and why nobody else was',
        tags: ['Offers'],
        params: ById,
        response: { 200: ref(Explanation) },
      },
    },
    async (request) => {
      const { id } = request.params
      const why = floor.why(id) ?? (await readExplanation(database, id))
      if (why) return explanationOf(why, directory)
      throw new SwitchroomError('NOT_FOUND', `There is no offer ${id}.`, {
        remedy: 'The ring segments of an interaction name its offers.',
      })
    },
  )
}
