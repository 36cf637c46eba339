import { Check } from 'typebox/value'
import { User } from '../api/contract/index.ts'
import { OperatorApi, otherVersion } from './operator-api.ts'
import type { Account, PeopleAccess } from './user-people.ts'

/** People through the API of the running server, as its operator. */
export function peopleOverApi(address: string, token: string): PeopleAccess {
  const api = new OperatorApi(address, token)
  const person = (id: string) => encodeURIComponent(id)
  return {
    list: async () => readUsers(await api.ask('GET', '/v1/users')),
    add: async (added) => {
      await api.ask('POST', '/v1/users', added)
    },
    setPassword: async (id, password) => {
      await api.ask('POST', `/v1/users/${person(id)}/password`, { password })
    },
    setEnabled: async (id, enabled) => {
      await api.ask('POST', `/v1/users/${person(id)}/${enabled ? 'enable' : 'disable'}`)
    },
    setPhone: async (id, phone) => {
      await api.ask('PATCH', `/v1/users/${person(id)}/phone`, phone)
    },
    setSkills: async (id, skills) => {
      await api.ask('PUT', `/v1/agents/${person(id)}/skills`, { skills })
    },
    close: async () => {},
  }
}

function readUsers(content: unknown): Account[] {
  const users =
    typeof content === 'object' && content !== null && 'users' in content ? content.users : undefined
  if (!Array.isArray(users)) throw otherVersion('list of users')
  return users.map((user: unknown) => {
    if (!Check(User, user)) throw otherVersion('list of users')
    const { id, username, name, role, disabled, skills, phone } = user
    return { id, username, name, role, enabled: !disabled, skills, phone }
  })
}
