import type { Skills } from '../../acd/contract.ts'
import type { Cancel, Clock } from '../../clock/clock.ts'
import { assertNever } from '../../errors.ts'
import type { Floor, FloorEvent, LiveContact, LiveQueue, ScreenPop } from '../../runtime/floor.ts'
import type { Voicemail } from '../contract/index.ts'
import type { Directory } from '../directory.ts'
import { agentOf, contactOf, queueOf, screenPopOf } from '../views.ts'
import type { Dossiers } from './dossiers.ts'
import type { Hub } from './hub.ts'

/** The figures of a queue are told at most this often; what changed in between is told once. */
const QUEUE_FIGURES_MS = 200

interface Sources {
  readonly clock: Clock
  readonly floor: Floor
  readonly hub: Hub
  readonly directory: Directory
  readonly dossiers: Dossiers
  readonly readVoicemail: (id: string) => Promise<Voicemail | undefined>
  readonly logger: { error(details: object, message: string): void }
  /** An agent's skills are others than before: other queues may be theirs. */
  readonly skillsChanged: (agent: string) => void
}

/** Who has seen a contact, so that they also see it go. */
interface Witnesses {
  readonly agents: Set<string>
  readonly queues: Set<string>
}

/** Turns what happens on the floor into live events, each for those whom it concerns. */
export class Feed {
  readonly #sources: Sources
  readonly #witnesses = new Map<string, Witnesses>()
  readonly #skills = new Map<string, Skills>()
  /** Queues whose figures were told a moment ago, with those that are to be told next. */
  readonly #resting = new Map<string, { next?: LiveQueue; readonly cancel: Cancel }>()
  readonly #unsubscribe: () => void

  constructor(sources: Sources) {
    this.#sources = sources
    for (const agent of sources.floor.agents()) this.#skills.set(agent.agent, agent.skills)
    for (const contact of sources.floor.contacts()) this.#witness(contact)
    this.#unsubscribe = sources.floor.subscribe(
      (event) => this.#tell(event),
      () => sources.hub.isRead,
    )
  }

  stop(): void {
    this.#unsubscribe()
    for (const { cancel } of this.#resting.values()) cancel()
    this.#resting.clear()
  }

  #tell(event: FloorEvent): void {
    const { hub, directory } = this.#sources
    switch (event.type) {
      case 'agent.changed': {
        const { agent, skills } = event.agent
        hub.publish(() => ({ type: 'agent.changed', agent: agentOf(event.agent, directory) }), {
          agents: [agent],
        })
        const before = this.#skills.get(agent)
        this.#skills.set(agent, skills)
        if (!before || !isSame(before, skills)) this.#sources.skillsChanged(agent)
        return
      }
      case 'queue.changed':
        return this.#tellQueue(event.queue)
      case 'contact.changed': {
        const audience = this.#witness(event.contact)
        hub.publish(() => ({ type: 'contact.changed', contact: contactOf(event.contact) }), audience)
        return this.#tellLateContext(event.contact)
      }
      case 'contact.ended': {
        const { interaction } = event
        const { id: contact, outcome = 'failed' } = interaction
        hub.publish({ type: 'contact.ended', contact, outcome }, audienceOf(this.#witnesses.get(contact)))
        const agents = interaction.segments.flatMap(({ kind, agent }) =>
          kind === 'talk' && agent ? agent : [],
        )
        hub.publish({ type: 'interaction.completed', interaction }, { agents })
        this.#witnesses.delete(contact)
        this.#sources.dossiers.release(contact)
        return
      }
      case 'offer.made':
        return this.#tellOffer(event.pop)
      case 'wrap-up.started':
        return hub.publish(event, { agents: [event.wrapUp.agent] })
      case 'offer.ended':
      case 'contact.connected':
      case 'talk.ended':
      case 'wrap-up.ended':
        return hub.publish(event, { agents: [event.agent] })
      case 'voicemail.left':
        return this.#tellVoicemail(event.voicemail)
      default:
        return assertNever(event)
    }
  }

  /** The screen pop goes out at once; what is not in memory yet follows. */
  #tellOffer(pop: ScreenPop): void {
    const { hub, directory, dossiers } = this.#sources
    hub.publish(() => ({ type: 'offer.made', pop: screenPopOf(pop, dossiers.of(pop), directory) }), {
      agents: [pop.agent],
    })
    this.tellContext(pop)
  }

  /** Sends what a screen pop had to leave out, unless nothing is left to be said. */
  tellContext(pop: ScreenPop): void {
    const { hub, dossiers, floor } = this.#sources
    if (!hub.isRead || dossiers.isComplete(pop)) return
    const { offer, contact, agent } = pop
    void dossiers.complete(contact, pop).then(({ customers, history = [] }) => {
      const isOver = floor.contact(contact) === undefined
      if (isOver) return dossiers.release(contact)
      hub.publish({ type: 'offer.context', offer, contact, agent, customers, history }, { agents: [agent] })
    })
  }

  /** Who calls may be known only when the screen pop is out already. */
  #tellLateContext({ id, agent, customer }: LiveContact): void {
    const pop =
      agent === undefined || customer === undefined ? undefined : this.#sources.floor.offerFor(agent)
    if (pop?.contact === id) this.tellContext(pop)
  }

  #tellQueue(queue: LiveQueue): void {
    const resting = this.#resting.get(queue.queue)
    if (resting) {
      resting.next = queue
      return
    }
    this.#sources.hub.publish(
      { type: 'queue.changed', queue: queueOf(queue) },
      { agents: [], queues: [queue.queue] },
    )
    const cancel = this.#sources.clock.after(QUEUE_FIGURES_MS, () => {
      const next = this.#resting.get(queue.queue)?.next
      this.#resting.delete(queue.queue)
      if (next) this.#tellQueue(next)
    })
    this.#resting.set(queue.queue, { cancel })
  }

  #tellVoicemail(id: string): void {
    const { hub, logger, readVoicemail } = this.#sources
    readVoicemail(id).then(
      (voicemail) => voicemail && hub.publish({ type: 'voicemail.left', voicemail }, 'everybody'),
      (err: unknown) => logger.error({ err, voicemail: id }, 'a new voicemail could not be read'),
    )
  }

  #witness({ id, agent, queue, customer }: LiveContact) {
    const { dossiers, hub } = this.#sources
    const witnesses = this.#witnesses.get(id) ?? { agents: new Set(), queues: new Set() }
    this.#witnesses.set(id, witnesses)
    if (agent !== undefined) witnesses.agents.add(agent)
    if (queue !== undefined) witnesses.queues.add(queue)
    if (customer !== undefined && hub.isRead) dossiers.need(id, customer)
    return audienceOf(witnesses)
  }
}

function audienceOf(witnesses: Witnesses | undefined) {
  return { agents: [...(witnesses?.agents ?? [])], queues: [...(witnesses?.queues ?? [])] }
}

function isSame(one: Skills, other: Skills): boolean {
  const skills = Object.keys(one)
  return skills.length === Object.keys(other).length && skills.every((skill) => one[skill] === other[skill])
}
