import { Check } from 'typebox/value'
import { Problem, User } from '../api/contract/index.ts'
import { type ErrorCode, errorCodes, messageOf, SwitchroomError } from '../errors.ts'
import type { Account, PeopleAccess } from './user-people.ts'

/** People through the API of the running server, as its operator. */
export function peopleOverApi(address: string, token: string): PeopleAccess {
  const send = (method: string, path: string, body?: object) => request(address, token, method, path, body)
  const person = (id: string) => encodeURIComponent(id)
  return {
    list: async () => readUsers(await send('GET', '/v1/users')),
    add: async (added) => {
      await send('POST', '/v1/users', added)
    },
    setPassword: async (id, password) => {
      await send('POST', `/v1/users/${person(id)}/password`, { password })
    },
    setEnabled: async (id, enabled) => {
      await send('POST', `/v1/users/${person(id)}/${enabled ? 'enable' : 'disable'}`)
    },
    setSkills: async (id, skills) => {
      await send('PUT', `/v1/agents/${person(id)}/skills`, { skills })
    },
    close: async () => {},
  }
}

async function request(
  address: string,
  token: string,
  method: string,
  path: string,
  body: object | undefined,
): Promise<unknown> {
  const response = await reach(new URL(path, address), {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const content = parse(text)
  if (response.ok) return content
  if (Check(Problem, content) && isErrorCode(content.code)) {
    const faults = (content.faults ?? []).map(({ field, message }) => `${field}: ${message}`)
    throw new SwitchroomError(content.code, [content.detail, ...faults].join(' '), {
      ...(content.remedy !== undefined && { remedy: content.remedy }),
    })
  }
  throw new SwitchroomError(
    'SERVER_UNREACHABLE',
    `${address} answered ${method} ${path} with ${response.status}; expected the API of Switchroom.`,
  )
}

async function reach(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown
    throw new SwitchroomError(
      'SERVER_UNREACHABLE',
      `No server answers at ${url.origin}: ${messageOf(cause)}`,
      {
        remedy:
          'It has the data folder open, but does not answer: is it just starting or leaving? Try again.',
        cause: thrown,
      },
    )
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return undefined
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code)
}

function readUsers(content: unknown): Account[] {
  const users =
    typeof content === 'object' && content !== null && 'users' in content ? content.users : undefined
  if (!Array.isArray(users)) throw unexpected()
  return users.map((user: unknown) => {
    if (!Check(User, user)) throw unexpected()
    const { id, username, name, role, disabled, skills } = user
    return { id, username, name, role, enabled: !disabled, skills }
  })
}

function unexpected(): SwitchroomError {
  return new SwitchroomError(
    'SERVER_UNREACHABLE',
    'The running server is of another version: its list of users differs.',
    {
      remedy: 'Restart the server.',
    },
  )
}
