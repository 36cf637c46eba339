import { Type } from 'typebox'
import { findPerson, setSkills } from '../../database/people.ts'
import { SwitchroomError } from '../../errors.ts'
import { actorOf, admins, floorWatchers, people, signedInOf } from '../access.ts'
import { AgentList, AgentSkills, Me, Pause } from '../contract/index.ts'
import { closed, Id, ref } from '../contract/schema.ts'
import type { Directory } from '../directory.ts'
import type { Live } from '../live/live.ts'
import type { Api, Parts } from '../parts.ts'
import { agentOf } from '../views.ts'

const ById = Type.Object({ id: Id }, closed)

/** The state of agents: one's own, and for supervisors everybody's. */
export function agentRoutes(app: Api, parts: Parts, live: Live, directory: Directory): void {
  const { floor, database, center } = parts

  app.get(
    '/v1/agents',
    {
      config: { access: floorWatchers },
      schema: {
        operationId: 'listAgents',
        summary: 'State of all agents',
        tags: ['Agents'],
        response: { 200: ref(AgentList) },
      },
    },
    async () => ({ agents: floor.agents().map((agent) => agentOf(agent, directory)) }),
  )

  app.get(
    '/v1/agents/me',
    {
      config: { access: people },
      schema: {
        operationId: 'readMe',
        summary: 'Own state, present offer with its screen pop, wrap-ups to finish',
        tags: ['Agents'],
        response: { 200: ref(Me) },
      },
    },
    async (request) => meOf(signedInOf(request).user.id),
  )

  app.post(
    '/v1/agents/me/available',
    {
      config: { access: people },
      schema: {
        operationId: 'goAvailable',
        summary: 'Take contacts',
        description: 'Signs the agent in on the floor where that is not so yet.',
        tags: ['Agents'],
        response: { 200: ref(Me) },
      },
    },
    async (request) => {
      const { id } = signedInOf(request).user
      const me = meOf(id)
      if (me.agent.presence === 'logged-out') floor.signIn(id)
      floor.setAvailable(id)
      return meOf(id)
    },
  )

  app.post(
    '/v1/agents/me/pause',
    {
      config: { access: people },
      schema: {
        operationId: 'pause',
        summary: 'Take no more contacts for a while',
        description: 'While in an offer, a talk or wrap-up the pause is pending until the end of it.',
        tags: ['Agents'],
        body: Pause,
        response: { 200: ref(Me) },
      },
    },
    async (request) => {
      const { id } = signedInOf(request).user
      const { reason } = request.body
      const reasons = center.pauseReasons.map((one) => one.id)
      if (!reasons.includes(reason)) {
        throw new SwitchroomError('INPUT_INVALID', `The reason "${reason}" is none of ${reasons.join(', ')}.`)
      }
      const me = meOf(id)
      if (me.agent.presence === 'logged-out') floor.signIn(id)
      floor.pause(id, reason)
      return meOf(id)
    },
  )

  app.post(
    '/v1/agents/me/sign-out',
    {
      config: { access: people },
      schema: {
        operationId: 'leaveFloor',
        summary: 'Leave the floor',
        description: 'A present offer is taken back. The session stays: DELETE /v1/session ends it.',
        tags: ['Agents'],
        response: { 200: ref(Me) },
      },
    },
    async (request) => {
      const { id } = signedInOf(request).user
      floor.signOut(id)
      return meOf(id)
    },
  )

  app.get(
    '/v1/agents/:id/skills',
    {
      config: { access: floorWatchers },
      schema: {
        operationId: 'readSkills',
        summary: 'Skills of a person',
        tags: ['Agents'],
        params: ById,
        response: { 200: ref(AgentSkills) },
      },
    },
    async (request) => {
      const { id } = request.params
      const person = await findPerson(database, id)
      if (!person) throw new SwitchroomError('NOT_FOUND', `There is nobody with the id "${id}".`)
      return { skills: person.skills }
    },
  )

  app.put(
    '/v1/agents/:id/skills',
    {
      config: { access: admins },
      schema: {
        operationId: 'replaceSkills',
        summary: 'Replace the skills of a person',
        description: 'In force for the next routing decision.',
        tags: ['Agents'],
        params: ById,
        body: ref(AgentSkills),
        response: { 200: ref(AgentSkills) },
      },
    },
    async (request) => {
      const unknown = Object.keys(request.body.skills).filter((skill) => !center.skills.includes(skill))
      if (unknown.length > 0) {
        throw new SwitchroomError(
          'INPUT_INVALID',
          `The center has no skill ${unknown.join(', ')}; it has ${center.skills.join(', ')}.`,
          { remedy: 'Correct the name, or add it to config/skills.yaml.' },
        )
      }
      const { id } = request.params
      const { skills } = await setSkills(database, id, request.body.skills, actorOf(request, parts))
      await floor.peopleChanged()
      return { skills }
    },
  )

  function meOf(id: string): Me {
    const me = live.meOf(id)
    if (me) return me
    throw new SwitchroomError('WRONG_STATE', `${directory.nameOf(id)} takes no contacts.`, {
      remedy: 'Only people with the role agent, or with skills, have a state on the floor.',
    })
  }
}
