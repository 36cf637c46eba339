import { Type } from 'typebox'
import {
  addPerson,
  listPeople,
  type Person,
  setEnabled,
  setPassword,
  setPhone,
} from '../../database/people.ts'
import { SwitchroomError } from '../../errors.ts'
import { actorOf, admins, signedInOf } from '../access.ts'
import { ChangedPhone, NewPassword, NewUser, User, UserList } from '../contract/index.ts'
import { closed, Done, Id, ref } from '../contract/schema.ts'
import type { Directory } from '../directory.ts'
import type { Live } from '../live/live.ts'
import type { Api, Parts } from '../parts.ts'

const ById = Type.Object({ id: Id }, closed)

/** People who can sign in. */
export function userRoutes(app: Api, parts: Parts, live: Live, directory: Directory): void {
  const { database, floor, sip } = parts

  app.get(
    '/v1/users',
    {
      config: { access: admins },
      schema: {
        operationId: 'listUsers',
        summary: 'Everybody who can sign in',
        tags: ['Users'],
        response: { 200: ref(UserList) },
      },
    },
    async () => ({ users: (await listPeople(database)).map(userOf) }),
  )

  app.post(
    '/v1/users',
    {
      config: { access: admins },
      schema: {
        operationId: 'addUser',
        summary: 'Add somebody, with a phone of the same name',
        tags: ['Users'],
        body: NewUser,
        response: { 201: ref(User) },
      },
    },
    async (request, reply) => {
      const person = await addPerson(database, request.body, sip.realm, actorOf(request, parts))
      await peopleChanged()
      return reply.code(201).send(userOf(person))
    },
  )

  app.post(
    '/v1/users/:id/password',
    {
      config: { access: admins },
      schema: {
        operationId: 'setPassword',
        summary: 'Set a new password, for the phone too',
        description: 'Ends the sessions of this person.',
        tags: ['Users'],
        params: ById,
        body: NewPassword,
        response: { 204: Done },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await setPassword(database, id, request.body.password, sip.realm, actorOf(request, parts))
      live.signedOut({ user: id })
      await peopleChanged()
      return reply.code(204).send(null)
    },
  )

  app.patch(
    '/v1/users/:id/phone',
    {
      config: { access: admins },
      schema: {
        operationId: 'changePhone',
        summary: 'Say how the phone of somebody is used',
        description: 'In force for the next contact; what is not given stays as it is.',
        tags: ['Users'],
        params: ById,
        body: ChangedPhone,
        response: { 200: ref(User) },
      },
    },
    async (request) => {
      const { id } = request.params
      const person = await setPhone(database, id, request.body, actorOf(request, parts))
      await peopleChanged()
      return userOf(person)
    },
  )

  app.post(
    '/v1/users/:id/disable',
    {
      config: { access: admins },
      schema: {
        operationId: 'disableUser',
        summary: 'Keep somebody and their phone out',
        description: 'Ends the sessions of this person, who gets no more contacts. What they did stays.',
        tags: ['Users'],
        params: ById,
        response: { 200: ref(User) },
      },
    },
    async (request) => {
      const { id } = request.params
      if (id === signedInOf(request).user.id) {
        throw new SwitchroomError('WRONG_STATE', 'You cannot disable yourself.', {
          remedy: 'Another administrator can.',
        })
      }
      const person = await setEnabled(database, id, false, actorOf(request, parts))
      live.signedOut({ user: id })
      await peopleChanged()
      return userOf(person)
    },
  )

  app.post(
    '/v1/users/:id/enable',
    {
      config: { access: admins },
      schema: {
        operationId: 'enableUser',
        summary: 'Let somebody in again',
        tags: ['Users'],
        params: ById,
        response: { 200: ref(User) },
      },
    },
    async (request) => {
      const person = await setEnabled(database, request.params.id, true, actorOf(request, parts))
      await peopleChanged()
      return userOf(person)
    },
  )

  async function peopleChanged(): Promise<void> {
    await directory.refresh()
    await floor.peopleChanged()
  }
}

function userOf({ enabled, ...person }: Person): User {
  return { ...person, disabled: !enabled }
}
