import type { Action, Deed, Place } from '../actions/action.ts'
import { type DeskInput, reduce } from '../desk.ts'
import { type DeskState, initialState } from '../state/desk-state.ts'
import { needs } from '../state/needs.ts'
import { type Answered, keyOf, type Request } from '../state/requests.ts'
import { Refused, send } from './http.ts'
import { LiveConnection } from './live-connection.ts'
import {
  keep,
  keepPreferences,
  keepSession,
  type Preferences,
  readKept,
  readPreferences,
  readSession,
} from './storage.ts'

/** How often the desk looks whether it is time for something. */
const TICK_MS = 500

/** What the store needs of the page. */
interface Page {
  focusOn(place: Place): void
  /** Whether the agent is writing at this moment. */
  isTyping(): boolean
}

/**
 * Holds the state of the desk and performs what follows from it: requests, the stream of live events, what is kept
 * in the browser. What follows is decided by pure functions (desk.ts, state/needs.ts, actions/).
 */
export class DeskStore {
  #state: DeskState = initialState
  #preferences: Preferences = readPreferences()
  #connection: LiveConnection | undefined
  readonly #listeners = new Set<() => void>()
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
    setInterval(() => this.#meetNeeds(), TICK_MS)
    addEventListener('online', () => this.#connection?.hurry())
    const session = readSession()
    if (session) this.dispatch({ type: 'reopened', session })
  }

  readonly getState = (): DeskState => this.#state
  readonly getPreferences = (): Preferences => this.#preferences

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The server's clock, milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#state.line.clockOffsetMs
  }

  dispatch(input: DeskInput): void {
    const before = this.#state
    this.#state = reduce(before, input)
    if (this.#state === before) return
    this.#follow(before)
    for (const listener of this.#listeners) listener()
    this.#meetNeeds()
  }

  /** Performs an action, if it is possible now. */
  act(action: Action): void {
    if (action.isPossible(this.#state)) void this.#perform(action.perform(this.#state))
  }

  ask(request: Request): void {
    void this.#ask(request)
  }

  /** The screen pop of this offer has been painted. */
  acknowledge(offer: string): void {
    this.#connection?.acknowledge(offer)
  }

  async #perform(deeds: readonly Deed[]): Promise<void> {
    for (const deed of deeds) {
      if ('name' in deed) await this.#ask(deed)
      else if (deed.type === 'focus') this.#page.focusOn(deed.place)
      else if (deed.type === 'toggle') await this.#toggle(deed.preference)
      else this.dispatch(deed)
    }
  }

  async #ask(request: Request): Promise<void> {
    if (this.#state.requests[keyOf(request)] === 'asked') return
    this.dispatch({ type: 'asked', request })
    const token = this.#state.session?.token
    try {
      const answer = await send(request, token)
      // The contract says which answer belongs to which request.
      this.dispatch({ type: 'answered', name: request.name, request, answer } as Answered)
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown
      if (token === this.#state.session?.token)
        this.dispatch({ type: 'refused', request, trouble: thrown.trouble })
    }
  }

  async #toggle(preference: keyof Preferences): Promise<void> {
    const wanted = !this.#preferences[preference]
    if (preference === 'notifications' && wanted && (await Notification.requestPermission()) !== 'granted') {
      const text = 'The browser does not allow notifications for this page.'
      return this.dispatch({ type: 'tell', notice: { kind: 'quiet', text } })
    }
    this.#preferences = { ...this.#preferences, [preference]: wanted }
    keepPreferences(this.#preferences)
    for (const listener of this.#listeners) listener()
  }

  #meetNeeds(): void {
    for (const request of needs(this.#state, this.now())) void this.#ask(request)
  }

  /** What has changed is kept, and a session that has begun or ended opens or closes the stream. */
  #follow(before: DeskState): void {
    const { session, drafts, wrapUpDrafts, view } = this.#state
    if (session?.token !== before.session?.token) {
      keepSession(session)
      this.#connection?.close()
      this.#connection = undefined
      if (!session) return
      this.#connect(session.token)
      this.#state = { ...this.#state, ...readKept(session.user.id) }
    } else if (
      session &&
      (drafts !== before.drafts || wrapUpDrafts !== before.wrapUpDrafts || view !== before.view)
    ) {
      keep(session.user.id, { drafts, wrapUpDrafts, view })
    }
  }

  #connect(token: string): void {
    const url = new URL('/v1/events', location.href)
    url.protocol = url.protocol.replace('http', 'ws')
    this.#connection = new LiveConnection(url.href, token, () => this.#state.line.cursor, {
      receive: (message) =>
        this.dispatch({ type: 'live', message, receivedAt: Date.now(), typing: this.#page.isTyping() }),
      lost: () => this.dispatch({ type: 'line', status: 'lost' }),
      signedOut: () =>
        this.dispatch({
          type: 'session-ended',
          why: 'Your session has ended. Sign in again; what you typed is kept.',
        }),
    })
    this.#connection.open()
  }
}
