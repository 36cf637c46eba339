import type { AgentView, Explanation, WaitingExplanation } from '../../../src/acd/contract.ts'
import { SwitchroomError } from '../../../src/errors.ts'
import type {
  Floor,
  FloorEvent,
  LiveContact,
  LiveQueue,
  ScreenPop,
  WrapUp,
} from '../../../src/runtime/floor.ts'

/** A floor whose state a test sets, which notes what it is asked for and says what it is told to say. */
export class TestFloor implements Floor {
  readonly asked: string[] = []
  readonly people = new Map<string, AgentView>()
  readonly desks: string[] = []
  liveContacts: LiveContact[] = []
  liveQueues: LiveQueue[] = []
  offers: ScreenPop[] = []
  openWrapUps: WrapUp[] = []
  explanations = new Map<string, Explanation>()
  readonly #listeners = new Set<(event: FloorEvent) => void>()

  addAgent(agent: string, skills: AgentView['skills'] = {}): AgentView {
    const view: AgentView = { agent, presence: 'logged-out', slot: 'free', device: 'ok', since: 1, skills }
    this.people.set(agent, view)
    return view
  }

  emit(event: FloorEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  get listeners(): number {
    return this.#listeners.size
  }

  agents = () => [...this.people.values()]
  agent = (agent: string) => this.people.get(agent)
  queues = () => this.liveQueues
  /** As if membership of a queue were one skill, named like it. */
  queuesOf = (agent: string) => Object.keys(this.people.get(agent)?.skills ?? {})
  contacts = () => this.liveContacts
  contact = (contact: string) => this.liveContacts.find(({ id }) => id === contact)
  offerFor = (agent: string) => this.offers.find((offer) => offer.agent === agent)
  wrapUpsOf = (agent: string) => this.openWrapUps.filter((wrapUp) => wrapUp.agent === agent)
  why = (offer: string) => this.explanations.get(offer)
  waiting: WaitingExplanation | undefined
  whyWaiting = () => this.waiting
  offersOf = (contact: string) =>
    [...this.explanations].flatMap(([offer, why]) => (why.contact === contact ? { offer, why } : []))

  signIn(agent: string): void {
    this.asked.push(`signIn ${agent}`)
  }
  setAvailable(agent: string): void {
    this.asked.push(`available ${agent}`)
    this.#change(agent, { presence: 'available' })
  }
  pause(agent: string, reason: string): void {
    this.asked.push(`pause ${agent} ${reason}`)
    this.#change(agent, { presence: 'paused', reason })
  }
  signOut(agent: string): void {
    this.asked.push(`signOut ${agent}`)
    this.#change(agent, { presence: 'logged-out' })
  }
  deskConnected(agent: string): () => void {
    this.desks.push(agent)
    return () => this.desks.splice(this.desks.indexOf(agent), 1)
  }
  acknowledge(offer: string, agent: string): void {
    if (!this.offers.some((one) => one.offer === offer && one.agent === agent)) {
      throw new SwitchroomError('NOT_FOUND', `there is no offer ${offer} for ${agent} now`)
    }
    this.asked.push(`acknowledge ${offer} ${agent}`)
  }
  accept(offer: string, agent: string): void {
    this.asked.push(`accept ${offer} ${agent}`)
  }
  reject(offer: string, agent: string): void {
    this.asked.push(`reject ${offer} ${agent}`)
  }
  hangUp(contact: string, agent: string): void {
    this.asked.push(`hangUp ${contact} ${agent}`)
  }
  finishWrapUp(contact: string, agent: string, result: { disposition: string; notes?: string }): void {
    this.asked.push(`finishWrapUp ${contact} ${agent} ${result.disposition} ${result.notes}`)
  }
  extendWrapUp(contact: string, agent: string, byMs: number): void {
    this.asked.push(`extendWrapUp ${contact} ${agent} ${byMs}`)
  }
  supervise(act: Parameters<Floor['supervise']>[0]): void {
    this.asked.push(JSON.stringify(act))
  }
  setCustomer(contact: string, customer: string): void {
    this.asked.push(`setCustomer ${contact} ${customer}`)
  }
  async peopleChanged(): Promise<void> {
    this.asked.push('peopleChanged')
  }
  subscribe(listener: (event: FloorEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #change(agent: string, change: Partial<AgentView>): void {
    const view = this.people.get(agent)
    if (view) this.people.set(agent, { ...view, ...change })
  }
}
