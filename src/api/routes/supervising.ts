import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { audit } from '../../database/audit.ts'
import { SwitchroomError } from '../../errors.ts'
import type { Floor } from '../../runtime/floor.ts'
import { actorOf, people, signedInOf, supervisors } from '../access.ts'
import { AssignContact, ExtendWrapUp, ForceAgent, MoveContact, PrioritiseContact } from '../contract/index.ts'
import { closed, Done, Id } from '../contract/schema.ts'
import type { Api, Parts } from '../parts.ts'

const ById = Type.Object({ id: Id }, closed)

type Act = Parameters<Floor['supervise']>[0]

/** What supervisors do with contacts that wait and with agents; each is in the audit log and in the explanation. */
export function supervisorRoutes(app: Api, parts: Parts): void {
  const { floor, database, center } = parts

  app.post(
    '/v1/contacts/:id/move',
    {
      config: { access: supervisors },
      schema: {
        operationId: 'moveContact',
        summary: 'Let a waiting contact wait in another queue',
        description:
          'It keeps the time since which it waits. An agent who is being rung for it is rung no longer.',
        tags: ['Contacts'],
        params: ById,
        body: MoveContact,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      const { id: contact } = request.params
      const { queue } = request.body
      if (!center.queues.some(({ id }) => id === queue)) {
        throw new SwitchroomError('NOT_FOUND', `There is no queue ${queue}.`)
      }
      await does(request, { type: 'supervisor.moved', contact, queue, by: by(request) })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/contacts/:id/assign',
    {
      config: { access: supervisors },
      schema: {
        operationId: 'assignContact',
        summary: 'Give a waiting contact to one agent',
        description:
          'Whatever their skills, and before everything else as soon as they are free. When they refuse it, sign out or have no time for ten minutes, it waits as before.',
        tags: ['Contacts'],
        params: ById,
        body: AssignContact,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      const { id: contact } = request.params
      const { agent } = request.body
      await does(request, { type: 'supervisor.assigned', contact, agent, by: by(request) })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/contacts/:id/pull',
    {
      config: { access: supervisors },
      schema: {
        operationId: 'pullContact',
        summary: 'Take a waiting contact oneself',
        tags: ['Contacts'],
        params: ById,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      const agent = by(request)
      await does(request, { type: 'supervisor.assigned', contact: request.params.id, agent, by: agent })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/contacts/:id/priority',
    {
      config: { access: supervisors },
      schema: {
        operationId: 'prioritiseContact',
        summary: 'Give a waiting contact another place in the order',
        tags: ['Contacts'],
        params: ById,
        body: PrioritiseContact,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      const { priority, headStartSeconds } = request.body
      await does(request, {
        type: 'supervisor.reprioritised',
        contact: request.params.id,
        by: by(request),
        ...(priority !== undefined && { priority }),
        ...(headStartSeconds !== undefined && { adjustmentMs: headStartSeconds * 1000 }),
      })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/agents/:id/state',
    {
      config: { access: supervisors },
      schema: {
        operationId: 'forceAgentState',
        summary: 'Make an agent available, pause them, or sign them out',
        description:
          'available ends a wrap-up at once. A pause or a sign-out takes an offer back and waits for the end of a talk.',
        tags: ['Agents'],
        params: ById,
        body: ForceAgent,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      const { presence: to, reason } = request.body
      const reasons = center.pauseReasons.map(({ id }) => id)
      if (reason !== undefined && !reasons.includes(reason)) {
        throw new SwitchroomError('INPUT_INVALID', `The reason "${reason}" is none of ${reasons.join(', ')}.`)
      }
      const { id: agent } = request.params
      await does(request, {
        type: 'supervisor.forced',
        agent,
        to,
        by: by(request),
        ...(reason !== undefined && { reason }),
      })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/contacts/:id/wrap-up/extend',
    {
      config: { access: people },
      schema: {
        operationId: 'extendWrapUp',
        summary: 'Take more time for a wrap-up',
        description: 'As far as the limit of the queue goes (wrapUpLimit).',
        tags: ['Contacts'],
        params: ById,
        body: ExtendWrapUp,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      floor.extendWrapUp(request.params.id, by(request), request.body.seconds * 1000)
      return reply.code(204).send(null)
    },
  )

  async function does(request: FastifyRequest, act: Act): Promise<void> {
    floor.supervise(act)
    const [entity, entityId] =
      'contact' in act ? ['contact' as const, act.contact] : ['agent' as const, act.agent]
    const { type, by: _, ...after } = act
    await audit(database, actorOf(request, parts), { action: type, entity, entityId, after })
  }
}

function by(request: FastifyRequest): string {
  return signedInOf(request).user.id
}
