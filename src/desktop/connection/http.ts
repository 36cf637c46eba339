import type { Problem } from '../../api/contract/index.ts'
import type { Trouble } from '../state/answers.ts'
import type { Request, RequestName, RequestOf } from '../state/requests.ts'

/** The requests of the desk as HTTP. */
interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: object
}

const VOICEMAILS_SHOWN = 100
const CUSTOMERS_SHOWN = 50

const calls: { readonly [Name in RequestName]: (request: RequestOf<Name>) => Call } = {
  'sign-in': ({ username, password }) => post('/session', { username, password }),
  'sign-out': () => ({ method: 'DELETE', path: '/session' }),
  'read-center': () => get('/center'),
  'go-available': () => post('/agents/me/available'),
  pause: ({ reason }) => post('/agents/me/pause', { reason }),
  'leave-floor': () => post('/agents/me/sign-out'),
  'take-offer': ({ offer }) => post(`/offers/${encodeURIComponent(offer)}/accept`),
  'reject-offer': ({ offer }) => post(`/offers/${encodeURIComponent(offer)}/reject`),
  'explain-offer': ({ offer }) => get(`/offers/${encodeURIComponent(offer)}/why`),
  'hang-up': ({ contact }) => post(`/contacts/${encodeURIComponent(contact)}/hangup`),
  'finish-wrap-up': ({ contact, disposition, notes }) =>
    post(`/contacts/${encodeURIComponent(contact)}/wrap-up`, { disposition, ...(notes !== '' && { notes }) }),
  'set-customer': ({ contact, customer }) =>
    post(`/contacts/${encodeURIComponent(contact)}/customer`, { customer }),
  'read-customer': ({ id }) => get(`/customers/${encodeURIComponent(id)}`),
  'find-customers': ({ query }) => get(`/customers?limit=${CUSTOMERS_SHOWN}&q=${encodeURIComponent(query)}`),
  'create-customer': ({ customer }) => post('/customers', customer),
  'change-customer': ({ id, change }) => ({
    method: 'PATCH',
    path: `/customers/${encodeURIComponent(id)}`,
    body: change,
  }),
  'read-timeline': ({ customer, before }) =>
    get(
      `/customers/${encodeURIComponent(customer)}/timeline${before === undefined ? '' : `?before=${encodeURIComponent(before)}`}`,
    ),
  'list-voicemails': () => get(`/voicemails?limit=${VOICEMAILS_SHOWN}`),
  'handle-voicemail': ({ id }) => post(`/voicemails/${encodeURIComponent(id)}/handled`),
}

function get(path: string): Call {
  return { method: 'GET', path }
}

function post(path: string, body?: object): Call {
  return { method: 'POST', path, ...(body && { body }) }
}

/** What a request was refused with. */
export class Refused extends Error {
  readonly trouble: Trouble

  constructor(trouble: Trouble) {
    super(trouble.detail)
    this.trouble = trouble
  }
}

/**
 * Makes a request. The answer is as the contract says: it comes from the server that this page came from.
 * @throws Refused, also when the server cannot be reached (status 0)
 */
export async function send(request: Request, token: string | undefined): Promise<unknown> {
  const { method, path, body } = callOf(request)
  const response = await reach(`/v1${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Refused(await troubleOf(response))
  return response.status === 204 ? undefined : response.json()
}

/** @throws Refused */
export async function fetchVoicemail(id: string, token: string): Promise<Blob> {
  const response = await reach(`/v1/voicemails/${encodeURIComponent(id)}/audio`, {
    headers: { authorization: `Bearer ${token}` },
  })
  if (!response.ok) throw new Refused(await troubleOf(response))
  return response.blob()
}

function callOf<Name extends RequestName>(request: RequestOf<Name>): Call {
  const call: (request: RequestOf<Name>) => Call = calls[request.name]
  return call(request)
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch {
    throw new Refused({ status: 0, code: 'SERVER_UNREACHABLE', detail: 'The server cannot be reached.' })
  }
}

/** The server's own words (RFC 9457); a proxy in between may have none. */
async function troubleOf(response: Response): Promise<Trouble> {
  const { status } = response
  try {
    const problem: Partial<Problem> = await response.json()
    const { code = 'UNKNOWN', detail, title, remedy, current } = problem
    const text = detail ?? title ?? `The server answered ${status}.`
    return { status, code, detail: text, ...(remedy !== undefined && { remedy }), current }
  } catch {
    return { status, code: 'UNKNOWN', detail: `The server answered ${status} ${response.statusText}.` }
  }
}
