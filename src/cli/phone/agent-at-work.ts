import type { Cancel, Clock } from '../../clock/clock.ts'
import { messageOf } from '../../errors.ts'
import { answersAfterMs } from '../../telephony/auto-answer.ts'
import type { AgentApi } from './agent-api.ts'
import type { AgentMessage, CenterFacts, Customers, Pop } from './agent-messages.ts'
import { endWords } from './end-words.ts'
import type { PhoneCall } from './phone-call.ts'
import { type Story, seconds } from './story.ts'

export interface WorkOptions {
  /** Answers after so long; undefined: lets it ring. */
  readonly answerAfterMs: number | undefined
  /** WAV played to the caller round and round. */
  readonly talk: string
  /** Finishes the wrap-up after so long. */
  readonly wrapUpMs: number
}

/** What an agent does all day: see who calls, answer, talk, wrap up. Tells it as it happens. */
export class AgentAtWork {
  readonly #api: AgentApi
  readonly #story: Story
  readonly #clock: Clock
  readonly #options: WorkOptions
  readonly #dispositions: CenterFacts['dispositions']
  /** Wrap-ups that are to be finished, by contact. */
  readonly #wrapUps = new Map<string, Cancel>()
  /** Names that were told of the present caller. */
  readonly #customers = new Set<string>()
  #state = ''

  constructor(
    api: AgentApi,
    story: Story,
    clock: Clock,
    dispositions: CenterFacts['dispositions'],
    options: WorkOptions,
  ) {
    this.#api = api
    this.#story = story
    this.#clock = clock
    this.#dispositions = dispositions
    this.#options = options
  }

  /** A live event. @param me the agent's id: events about others are passed over */
  hear(message: AgentMessage, me: string): void {
    switch (message.type) {
      case 'snapshot':
        if (message.me) this.#tellState(message.me.agent)
        if (message.me?.offer) this.#show(message.me.offer)
        return message.me?.wrapUps.forEach((wrapUp) => this.#wrapUp(wrapUp.contact, wrapUp.queue))
      case 'agent.changed':
        return message.agent.id === me ? this.#tellState(message.agent) : undefined
      case 'offer.made':
        return this.#show(message.pop)
      case 'offer.context':
        return this.#tellCustomers(message.customers)
      case 'offer.ended':
        return message.outcome === 'accepted' ? undefined : this.#story.tell(`offer over: ${message.outcome}`)
      case 'contact.connected':
        return this.#story.tell('talking')
      case 'talk.ended':
        return this.#story.tell(
          message.by === 'caller' ? 'the caller has gone' : `talk ended by the ${message.by}`,
        )
      case 'wrap-up.started':
        return this.#wrapUp(message.wrapUp.contact, message.wrapUp.queue)
      case 'wrap-up.ended':
        this.#wrapUps.get(message.contact)?.()
        this.#wrapUps.delete(message.contact)
    }
  }

  /** The phone rings. */
  ring(call: PhoneCall): void {
    const { answerAfterMs, talk } = this.#options
    const asked = answersAfterMs(call.headers)
    this.#story.tell(asked === undefined ? 'the phone rings' : 'the phone is asked to answer')
    const stop =
      answerAfterMs === undefined
        ? undefined
        : this.#clock.after(asked ?? answerAfterMs, () => void call.answer())
    call.answered
      .then(
        () => {
          this.#story.tell('answered')
          return call.playAgainAndAgain(talk)
        },
        () => undefined,
      )
      .catch((error: unknown) => this.#story.tell(messageOf(error)))
    void call.ended.then((end) => {
      stop?.()
      this.#story.tell(`phone: ${endWords(end)}`)
    })
  }

  /** Leaves what is still to be done undone. */
  stop(): void {
    for (const cancel of this.#wrapUps.values()) cancel()
    this.#wrapUps.clear()
  }

  #show(pop: Pop): void {
    this.#api.acknowledge(pop.offer)
    if (pop.takenBy === 'key') this.#take(pop.offer)
    this.#customers.clear()
    const { from, queue, waitedMs, language, priority, priorityReason } = pop
    const caller = from.number ?? 'an anonymous caller'
    const spoken = language === undefined ? '' : `, speaks ${language}`
    this.#story.tell(`${caller} for ${queue.name}, waited ${seconds(waitedMs)}${spoken}`)
    if (pop.candidateIds.length === 0 && pop.customers.length === 0) this.#story.tell('  customer  not known')
    this.#tellCustomers(pop.customers)
    const data = Object.entries(pop.data).map(([key, value]) => `${key} ${String(value)}`)
    if (data.length > 0) this.#story.tell(`  gathered  ${data.join(', ')}`)
    this.#story.tell(`  priority  ${priority} (${priorityReason})`)
  }

  /** On a standing call nothing rings: the offer is taken as at the desk. */
  #take(offer: string): void {
    const { answerAfterMs } = this.#options
    if (answerAfterMs === undefined) return
    this.#clock.after(answerAfterMs, () => {
      this.#api.accept(offer).catch((error: unknown) => this.#story.tell(`not taken: ${messageOf(error)}`))
    })
  }

  /** One, or everybody who fits; what the screen pop left out comes with `offer.context`. */
  #tellCustomers(customers: Customers): void {
    for (const { name, company, tier } of customers) {
      if (this.#customers.has(name)) continue
      this.#customers.add(name)
      this.#story.tell(`  customer  ${name}${company === undefined ? '' : `, ${company}`} (${tier})`)
    }
  }

  #tellState({ presence, reason, device }: { presence: string; reason?: string; device: string }): void {
    const why = reason === undefined ? '' : ` (${reason})`
    const phone = device === 'ok' ? '' : `, phone ${device}`
    const state = `${presence}${why}${phone}`
    if (state === this.#state) return
    this.#state = state
    this.#story.tell(`now ${state}`)
  }

  #wrapUp(contact: string, queue: string): void {
    const fitting = this.#dispositions.find(({ queues }) => !queues || queues.includes(queue))
    if (!fitting || this.#wrapUps.has(contact)) return
    const finish = async (): Promise<void> => {
      await this.#api.finishWrapUp(contact, fitting.id)
      this.#story.tell(`wrapped up: ${fitting.name}`)
    }
    const failed = (error: unknown): void => this.#story.tell(`wrap-up not finished: ${messageOf(error)}`)
    this.#wrapUps.set(
      contact,
      this.#clock.after(this.#options.wrapUpMs, () => void finish().catch(failed)),
    )
  }
}
