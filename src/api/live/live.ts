import { randomUUID } from 'node:crypto'
import type { AgentView } from '../../acd/contract.ts'
import type { Cancel } from '../../clock/clock.ts'
import { readCustomer } from '../../crm/customers.ts'
import { readTimeline } from '../../crm/timeline.ts'
import { readVoicemail } from '../../database/voicemails.ts'
import { messageOf, SwitchroomError } from '../../errors.ts'
import type { LiveContact, LiveQueue } from '../../runtime/floor.ts'
import { authenticate, type SignedIn } from '../access.ts'
import type { Customer, Me, SessionUser, Voicemail } from '../contract/index.ts'
import type { Directory } from '../directory.ts'
import type { Parts } from '../parts.ts'
import { agentOf, contactOf, queueOf, screenPopOf } from '../views.ts'
import { describeVoicemails } from '../voicemail-views.ts'
import { Dossiers } from './dossiers.ts'
import { Feed } from './feed.ts'
import { startHeartbeat } from './heartbeat.ts'
import { type Frame, Hub, type LiveEvent, type Viewer } from './hub.ts'

const HEARTBEAT_MS = 15_000
/**
 * An open stream keeps its session alive. Whether the session still exists is looked up every so many heartbeats,
 * at each of them for a part of the streams.
 */
const BEATS_PER_SESSION_CHECK = 4
/** Entries of the history that come with a screen pop. */
const HISTORY_LENGTH = 10

/** The way to one reader. */
export interface Line {
  send(frame: Frame): void
  close(why: 'signed-out' | 'stopping'): void
}

interface Connection {
  readonly line: Line
  readonly user: SessionUser
  readonly token: string
  /** At which heartbeats its session is looked up. */
  readonly turn: number
  viewer: Viewer
  send(frame: Frame): void
  leave(): void
}

/** Who listens, and what each of them may see. */
export class Live {
  readonly #parts: Parts
  readonly #directory: Directory
  readonly #hub: Hub
  readonly #feed: Feed
  readonly #dossiers: Dossiers
  readonly #connections = new Set<Connection>()
  readonly #stopHeartbeat: Cancel
  #beats = 0
  #connected = 0

  constructor(parts: Parts, directory: Directory) {
    const { clock, floor, logger, database } = parts
    this.#parts = parts
    this.#directory = directory
    this.#hub = new Hub(clock, randomUUID().slice(0, 8))
    this.#dossiers = new Dossiers(
      {
        customer: (id) => readCustomer(database, id),
        history: async (id) => (await readTimeline(database, id, { limit: HISTORY_LENGTH })).entries,
      },
      logger,
    )
    this.#feed = new Feed({
      clock,
      floor,
      hub: this.#hub,
      directory,
      dossiers: this.#dossiers,
      readVoicemail: async (id) => {
        const stored = await readVoicemail(database, id)
        return stored && (await describeVoicemails(database, directory, [stored]))[0]
      },
      logger,
      skillsChanged: (agent) => this.#skillsChanged(agent),
    })
    this.#stopHeartbeat = startHeartbeat(clock, HEARTBEAT_MS, () => this.#beat())
  }

  /** How many read. */
  get connected(): number {
    return this.#connections.size
  }

  /**
   * Begins to send: what was missed since the cursor or everything, then what happens.
   * @returns how to end it
   */
  connect(line: Line, { user, token }: SignedIn, cursor?: string): () => void {
    const { floor } = this.#parts
    const send = (frame: Frame): void => line.send(frame)
    const leave = (): void => undefined
    const turn = this.#connected++ % BEATS_PER_SESSION_CHECK
    const connection: Connection = { line, user, token, turn, viewer: this.viewerOf(user), send, leave }
    this.#join(connection, cursor)
    const pop = floor.offerFor(user.id)
    if (pop) this.#feed.tellContext(pop)
    const deskGone = floor.agent(user.id) && floor.deskConnected(user.id)
    this.#connections.add(connection)
    return () => {
      if (!this.#connections.delete(connection)) return
      connection.leave()
      deskGone?.()
    }
  }

  /** An event for one reader only. */
  frame(event: LiveEvent): Frame {
    return this.#hub.frame(event)
  }

  /** Everything a desk needs of its agent; undefined for somebody who takes no contacts. */
  meOf(id: string): Me | undefined {
    const { floor } = this.#parts
    const agent = floor.agent(id)
    if (!agent) return undefined
    const pop = floor.offerFor(id)
    return {
      agent: agentOf(agent, this.#directory),
      wrapUps: floor.wrapUpsOf(id),
      ...(pop && { offer: screenPopOf(pop, this.#dossiers.of(pop), this.#directory) }),
    }
  }

  /** Which contacts somebody may see. */
  contactsOf(user: SessionUser): (contact: LiveContact) => boolean {
    const { agent, queues } = this.viewerOf(user)
    return (contact) =>
      agent === undefined ||
      contact.agent === agent ||
      (contact.queue !== undefined && queues.has(contact.queue))
  }

  /** What somebody may see. */
  viewerOf(user: SessionUser): Viewer {
    if (user.role !== 'agent') return { queues: new Set() }
    return { agent: user.id, queues: new Set(this.#parts.floor.queuesOf(user.id)) }
  }

  /** A record was made or changed. */
  customerChanged(customer: Customer): void {
    this.#dossiers.replace(customer)
    this.#hub.publish({ type: 'customer.changed', customer }, 'everybody')
  }

  voicemailHandled(voicemail: Voicemail): void {
    this.#hub.publish({ type: 'voicemail.handled', voicemail }, 'everybody')
  }

  /** Ends the streams of one session, or of all sessions of a person. */
  signedOut(whose: { token: string } | { user: string }): void {
    for (const connection of this.#connections) {
      const isMeant = 'token' in whose ? connection.token === whose.token : connection.user.id === whose.user
      if (isMeant) connection.line.close('signed-out')
    }
  }

  /** Sends everybody away: the server is going. */
  stop(): void {
    this.#stopHeartbeat()
    this.#feed.stop()
    for (const { line } of this.#connections) line.close('stopping')
  }

  #snapshot({ user, viewer }: Connection): LiveEvent {
    const { floor } = this.#parts
    const me = this.meOf(user.id)
    const isAgentSeen = ({ agent }: AgentView): boolean =>
      viewer.agent === undefined || agent === viewer.agent
    const isQueueSeen = ({ queue }: LiveQueue): boolean =>
      viewer.agent === undefined || viewer.queues.has(queue)
    return {
      type: 'snapshot',
      ...(me && { me }),
      agents: floor
        .agents()
        .filter(isAgentSeen)
        .map((agent) => agentOf(agent, this.#directory)),
      queues: floor.queues().filter(isQueueSeen).map(queueOf),
      contacts: floor.contacts().filter(this.contactsOf(user)).map(contactOf),
    }
  }

  /** There are other queues, or they have other members: everybody begins anew with what they may see. */
  rulesChanged(): void {
    for (const connection of this.#connections) this.#rejoin(connection)
  }

  #skillsChanged(agent: string): void {
    for (const connection of this.#connections) {
      if (connection.viewer.agent === agent) this.#rejoin(connection)
    }
  }

  #rejoin(connection: Connection): void {
    connection.leave()
    connection.viewer = this.viewerOf(connection.user)
    this.#join(connection, undefined)
  }

  #join(connection: Connection, cursor: string | undefined): void {
    connection.leave = this.#hub.join(connection, cursor, () => this.#snapshot(connection))
  }

  #beat(): void {
    this.#beats += 1
    const frame = this.#hub.frame({ type: 'heartbeat' })
    for (const connection of this.#connections) {
      connection.line.send(frame)
      if (this.#beats % BEATS_PER_SESSION_CHECK === connection.turn) void this.#checkSession(connection)
    }
  }

  async #checkSession({ token, line }: Connection): Promise<void> {
    try {
      await authenticate(this.#parts, token)
    } catch (thrown) {
      if (thrown instanceof SwitchroomError && thrown.code === 'NOT_SIGNED_IN') line.close('signed-out')
      else this.#parts.logger.warn({ reason: messageOf(thrown) }, 'a session could not be checked')
    }
  }
}
