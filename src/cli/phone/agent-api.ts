import { type Static, type TSchema, Type } from 'typebox'
import { Check } from 'typebox/value'
import type { Clock } from '../../clock/clock.ts'
import { messageOf, SwitchroomError } from '../../errors.ts'
import { type AgentMessage, CenterFacts, parseJson, readAgentMessage, SignedIn } from './agent-messages.ts'

/** A lost event stream is connected again after so long. */
const RECONNECT_MS = 1000
/** Close code of the event stream when the session is over. */
const NOT_SIGNED_IN = 4401

const Problem = Type.Object({ detail: Type.String(), remedy: Type.Optional(Type.String()) })
const Anything = Type.Unknown()

/** An agent's side of the HTTP API: what a desk does, without the desk. */
export class AgentApi {
  readonly #base: URL
  readonly #clock: Clock
  #token = ''
  #socket: WebSocket | undefined
  #cursor: string | undefined
  #isLost = false
  #isClosed = false

  /** @throws SwitchroomError USAGE when `base` is not an address such as http://127.0.0.1:8080 */
  constructor(base: string, clock: Clock) {
    if (!/^https?:\/\//.test(base) || !URL.canParse(base)) {
      throw new SwitchroomError('USAGE', `"${base}" is not the address of a server`, {
        remedy: 'For example http://127.0.0.1:8080.',
      })
    }
    this.#base = new URL(base)
    this.#clock = clock
  }

  /** @throws SwitchroomError NOT_SIGNED_IN, SERVER_UNREACHABLE */
  async signIn(username: string, password: string): Promise<{ id: string; name: string }> {
    const { token, user } = await this.#ask(SignedIn, 'POST', 'session', {
      username,
      password,
      program: 'phone',
    })
    this.#token = token
    return user
  }

  center(): Promise<CenterFacts> {
    return this.#ask(CenterFacts, 'GET', 'center')
  }

  async goAvailable(): Promise<void> {
    await this.#ask(Anything, 'POST', 'agents/me/available')
  }

  async leaveFloor(): Promise<void> {
    await this.#ask(Anything, 'POST', 'agents/me/sign-out')
  }

  /** Takes an offer on the standing call. */
  async accept(offer: string): Promise<void> {
    await this.#ask(Anything, 'POST', `offers/${encodeURIComponent(offer)}/accept`)
  }

  async finishWrapUp(contact: string, disposition: string): Promise<void> {
    await this.#ask(Anything, 'POST', `contacts/${encodeURIComponent(contact)}/wrap-up`, { disposition })
  }

  /** The screen pop is shown: the phone may ring. */
  acknowledge(offer: string): void {
    this.#say({ type: 'acknowledge', offer })
  }

  /**
   * Reports live events until `close`; a lost connection is made again, and what was missed comes then.
   * @param changed told why the connection was lost, and when it is back
   */
  listen(receive: (message: AgentMessage) => void, changed: (state: string) => void): void {
    const socket = new WebSocket(new URL('v1/events', this.#base.href.replace(/^http/, 'ws')))
    this.#socket = socket
    socket.addEventListener('open', () => {
      const cursor = this.#cursor === undefined ? {} : { cursor: this.#cursor }
      this.#say({ type: 'authenticate', token: this.#token, ...cursor })
    })
    socket.addEventListener('message', ({ data }) => {
      const read = readAgentMessage(String(data))
      this.#cursor = read?.cursor ?? this.#cursor
      if (this.#isLost) changed('connected again')
      this.#isLost = false
      if (read?.message) receive(read.message)
    })
    socket.addEventListener('close', ({ code, reason }) => {
      if (this.#isClosed) return
      if (!this.#isLost) changed(reason || 'the server does not answer')
      this.#isLost = true
      if (code === NOT_SIGNED_IN) return
      this.#clock.after(RECONNECT_MS, () => {
        if (!this.#isClosed) this.listen(receive, changed)
      })
    })
  }

  /** Ends the event stream and, if the server is there, the session. Never rejects; harmless when done before. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#socket?.close()
    if (this.#token === '') return
    const signedOut = this.#ask(Anything, 'DELETE', 'session')
    this.#token = ''
    await signedOut.catch(() => undefined)
  }

  #say(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  async #ask<Schema extends TSchema>(
    schema: Schema,
    method: string,
    path: string,
    body?: object,
  ): Promise<Static<Schema>> {
    const response = await this.#fetch(method, path, body)
    const content = parseJson(await response.text())
    if (!response.ok) throw refusal(response.status, content)
    if (Check(schema, content)) return content
    throw new SwitchroomError(
      'SERVER_UNREACHABLE',
      `${this.#base.href} does not answer as a Switchroom server does`,
    )
  }

  async #fetch(method: string, path: string, body: object | undefined): Promise<Response> {
    try {
      return await fetch(new URL(`v1/${path}`, this.#base), {
        method,
        headers: {
          ...(this.#token !== '' && { authorization: `Bearer ${this.#token}` }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      })
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
      throw new SwitchroomError(
        'SERVER_UNREACHABLE',
        `no server answers at ${this.#base.href}: ${messageOf(cause)}`,
        {
          remedy: 'Start it with `npm start`, or name it with --api.',
        },
      )
    }
  }
}

/** In the server's own words (RFC 9457), where it has any. */
function refusal(status: number, content: unknown): SwitchroomError {
  const code = status === 401 ? 'NOT_SIGNED_IN' : status === 403 ? 'NOT_ALLOWED' : 'WRONG_STATE'
  if (!Check(Problem, content)) return new SwitchroomError(code, `the server refused (HTTP ${status})`)
  const { detail, remedy } = content
  return new SwitchroomError(code, detail, remedy === undefined ? {} : { remedy })
}
