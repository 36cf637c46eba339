/**
 * A call center in a test: the real server as a process, agents with a phone and an event stream, callers with a
 * phone. Whoever is made here is gone at the end of the test (`clear`) or of the center (`close`). Longer than most
 * files because a test says with it, in one place, who does what.
 */
import { join } from 'node:path'
import { WebSocket } from 'ws'
import type {
  Agent,
  ContactList,
  Interaction,
  LiveMessage,
  LiveMessageType,
  Me,
  NewSession,
} from '../../src/api/contract/index.ts'
import { Phone, type PhoneOptions } from '../../src/cli/phone/phone.ts'
import type { PhoneCall } from '../../src/cli/phone/phone-call.ts'
import { type Server, type ServerOptions, startServer } from './server.ts'
import { type TempFolder, tempFolder } from './temp-folder.ts'
import { until } from './until.ts'

/** Of everybody in the demo center, and of everybody that `newAgent` makes. */
export const PASSWORD = 'fernhill'
/** Longer than anything takes on a busy machine. */
const PATIENCE_MS = 30_000

type Message<Type extends LiveMessageType> = Extract<LiveMessage, { type: Type }>

/** Somebody who is signed in at the API. */
export class Person {
  readonly name: string
  readonly #http: string
  #token = ''

  constructor(http: string, name: string) {
    this.#http = http
    this.name = name
  }

  get token(): string {
    return this.#token
  }

  async signIn(): Promise<void> {
    const credentials = { username: this.name, password: PASSWORD }
    this.#token = (await this.ask<NewSession>('POST', 'session', credentials)).token
  }

  /** @throws with the problem when the server refuses */
  async ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await this.fetch(method, path, body)
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as Answer
  }

  fetch(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.#http}/v1/${path}`, {
      method,
      headers: {
        ...(this.#token !== '' && { authorization: `Bearer ${this.#token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
  }
}

/** The live events of one person, from the snapshot on. */
export class EventStream {
  readonly all: LiveMessage[] = []
  readonly #socket: WebSocket
  readonly #listeners = new Set<(message: LiveMessage) => void>()

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as LiveMessage
      this.all.push(message)
      for (const listener of this.#listeners) listener(message)
    })
    // The server that is killed takes its streams with it; who waits for an event says so.
    socket.on('error', () => undefined)
  }

  static async open(http: string, token: string): Promise<EventStream> {
    const socket = new WebSocket(`${http.replace('http', 'ws')}/v1/events`)
    const stream = new EventStream(socket)
    socket.once('open', () => socket.send(JSON.stringify({ type: 'authenticate', token })))
    await stream.next('snapshot')
    return stream
  }

  say(message: object): void {
    this.#socket.send(JSON.stringify(message))
  }

  /** The first message of this type that `fits`, past or to come. */
  next<Type extends LiveMessageType>(
    type: Type,
    fits: (message: Message<Type>) => boolean = () => true,
  ): Promise<Message<Type>> {
    const isWanted = (message: LiveMessage): message is Message<Type> =>
      message.type === type && fits(message as Message<Type>)
    const found = this.all.find(isWanted)
    if (found) return Promise.resolve(found)
    const { promise, resolve, reject } = Promise.withResolvers<Message<Type>>()
    const listener = (message: LiveMessage): void => {
      if (isWanted(message)) resolve(message)
    }
    this.#listeners.add(listener)
    const seen = (): string => this.all.map((message) => message.type).join(', ')
    const late = setTimeout(() => reject(new Error(`no ${type} came, but ${seen()}`)), PATIENCE_MS)
    return promise.finally(() => {
      clearTimeout(late)
      this.#listeners.delete(listener)
    })
  }

  close(): void {
    this.#socket.close()
  }
}

export interface AgentAtDesk {
  readonly name: string
  readonly desk: Person
  readonly events: EventStream
  readonly phone: Phone
  /** Takes contacts from now on. */
  available(): Promise<void>
  /** As the floor sees the agent. */
  state(): Promise<Agent>
  /** Waits for the next call at the phone, which is ringing then. */
  rings(): Promise<PhoneCall>
  /** Waits for the next call and answers it. */
  answers(): Promise<PhoneCall>
}

/** A server with people around it. */
export class CallCenter implements AsyncDisposable {
  readonly server: Server
  readonly #folder: TempFolder
  readonly #phones: Phone[] = []
  readonly #agents: AgentAtDesk[] = []
  #watcher: Person | undefined
  #admin: Promise<Person> | undefined
  #names = 0

  private constructor(server: Server, folder: TempFolder) {
    this.server = server
    this.#folder = folder
  }

  static async open(options: ServerOptions = {}): Promise<CallCenter> {
    return new CallCenter(await startServer(options), await tempFolder('sounds'))
  }

  /** Path for a recording or a sound of this test. */
  file(name: string): string {
    return join(this.#folder.path, `${++this.#names}-${name}.wav`)
  }

  async person(name: string): Promise<Person> {
    const person = new Person(this.server.http, name)
    await person.signIn()
    return person
  }

  /** Sam, the supervisor, who sees the whole floor. */
  async watcher(): Promise<Person> {
    this.#watcher ??= await this.person('sam')
    return this.#watcher
  }

  /** Somebody new with these skills, who is not at the desk yet. @returns the user name */
  async newPerson(skills: Readonly<Record<string, number>>): Promise<string> {
    const username = `agent-${++this.#names}`
    this.#admin ??= this.person('ada')
    const ada = await this.#admin
    const user = { username, name: `Agent ${this.#names}`, role: 'agent', password: PASSWORD, skills }
    await ada.ask('POST', 'users', user)
    return username
  }

  /** An agent at work: signed in, listening, with a registered phone; not available yet. */
  async agent(name: string, { phone: hasPhone = true } = {}): Promise<AgentAtDesk> {
    const desk = await this.person(name)
    const events = await EventStream.open(this.server.http, desk.token)
    const phone = this.#phone({ device: name, password: PASSWORD })
    if (hasPhone) await phone.start()
    const agent: AgentAtDesk = {
      name,
      desk,
      events,
      phone,
      available: async () => {
        await desk.ask('POST', 'agents/me/available')
      },
      state: async () => (await desk.ask<Me>('GET', 'agents/me')).agent,
      rings: () => phone.incoming(),
      answers: async () => {
        const call = await phone.incoming()
        await call.answer()
        return call
      },
    }
    this.#agents.push(agent)
    return agent
  }

  /** A new agent at work with these skills. */
  async newAgent(skills: Readonly<Record<string, number>>): Promise<AgentAtDesk> {
    return this.agent(await this.newPerson(skills))
  }

  /** One more registered phone of this agent. */
  async phoneOf(device: string): Promise<Phone> {
    const phone = this.#phone({ device, password: PASSWORD })
    await phone.start()
    return phone
  }

  /** Many agents at work. A few at a time: the server takes many sign-ins at once from one place for guessing. */
  async agents(names: readonly string[]): Promise<AgentAtDesk[]> {
    const agents: AgentAtDesk[] = []
    while (agents.length < names.length) {
      const group = names.slice(agents.length, agents.length + 10).map((name) => this.agent(name))
      agents.push(...(await Promise.all(group)))
    }
    return agents
  }

  /** A phone that calls from this number; without one, anonymously (RFC 3323). */
  async caller(number?: string): Promise<Phone> {
    const phone = this.#phone(number === undefined ? {} : { number })
    await phone.start()
    return phone
  }

  /** A caller who has been answered. */
  async call(from: string | undefined, to: string): Promise<PhoneCall> {
    const call = (await this.caller(from)).call(to)
    await call.answered
    return call
  }

  /** The record of a contact that is over, or will be soon. */
  async interaction(contact: string): Promise<Interaction> {
    const sam = await this.watcher()
    return until(
      `the interaction ${contact}`,
      async () => {
        const response = await sam.fetch('GET', `interactions/${contact}`)
        return response.ok ? ((await response.json()) as Interaction) : undefined
      },
      PATIENCE_MS,
    )
  }

  async contacts(): Promise<ContactList['contacts']> {
    return (await (await this.watcher()).ask<ContactList>('GET', 'contacts')).contacts
  }

  /** Waits until the latest caller is at this node of the flow. */
  async at(node: string, patienceMs = PATIENCE_MS): Promise<void> {
    await until(`a caller at ${node}`, async () => (await this.contacts()).at(-1)?.node === node, patienceMs)
  }

  /** Everybody hangs up and goes home; waits until nothing goes on any more. */
  async clear(): Promise<void> {
    const agents = this.#agents.splice(0)
    await Promise.all(this.#phones.splice(0).map((phone) => phone.stop()))
    await until(
      'the last contact to end',
      async () => {
        for (const { desk } of agents) await finishWork(desk)
        return (await this.contacts()).length === 0
      },
      PATIENCE_MS,
    )
    for (const { desk, events } of agents) {
      await desk.ask('POST', 'agents/me/sign-out')
      events.close()
    }
  }

  /** Everybody goes home, whatever the server does. */
  async goHome(): Promise<void> {
    for (const { events } of this.#agents.splice(0)) events.close()
    await Promise.all(this.#phones.splice(0).map((phone) => phone.stop().catch(() => undefined)))
  }

  async close(): Promise<void> {
    await this.goHome()
    await this.server.stop()
    await this.#folder.remove()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #phone(options: Omit<PhoneOptions, 'server'>): Phone {
    const phone = new Phone({ server: this.server.sip, ...options })
    this.#phones.push(phone)
    return phone
  }
}

async function finishWork(desk: Person): Promise<void> {
  const { wrapUps } = await desk.ask<Me>('GET', 'agents/me')
  for (const { contact } of wrapUps) {
    // It may run out in this moment.
    await desk.fetch('POST', `contacts/${contact}/wrap-up`, { disposition: 'resolved' })
  }
}
