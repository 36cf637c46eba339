import { expect } from 'vitest'
import type { CallId, CommandId, DialTarget, Party } from '../../../src/call/call.ts'
import type { CallCommand } from '../../../src/call/commands.ts'
import type { CallEvent } from '../../../src/call/events.ts'
import type { EventOf, FarEnd, Line, Phone, Rig, Sound } from './rig.ts'

/** How long anything may take that does not take time by itself. */
const SOON_MS = 3_000
const TICK_MS = 10

type Unnumbered<Command> = Command extends unknown ? Omit<Command, 'id'> : never

let numbers = 0

/** How somebody is dialled; what is absent does not matter. */
export type Dialling = Partial<
  Pick<Extract<CallCommand, { type: 'dial' }>, 'from' | 'asserted' | 'ringMs' | 'headers'>
>

const CALLER: Party = { uri: 'sip:100@127.0.0.1' }

/** One case on the stage: gives commands, waits for events, and keeps account of both. */
export class Scene {
  readonly rig: Rig
  /** What was said before this case. */
  readonly earlier: readonly CallEvent[]
  readonly events: CallEvent[] = []
  readonly #commands = new Map<CommandId, { readonly command: CallCommand; readonly givenAt: number }>()
  #executing = false
  #heardInside = false

  constructor(rig: Rig, earlier: readonly CallEvent[]) {
    this.rig = rig
    this.earlier = earlier
  }

  receive(event: CallEvent): void {
    if (this.#executing) this.#heardInside = true
    this.events.push(event)
  }

  /** Gives a command. */
  order(command: Unnumbered<CallCommand>): CommandId {
    const id = `command-${++numbers}`
    const numbered: CallCommand = { ...command, id }
    this.#commands.set(id, { command: numbered, givenAt: this.events.length })
    this.#executing = true
    this.rig.telephony.execute(numbered)
    this.#executing = false
    return id
  }

  /** Gives a command and waits for its ending. */
  async ending(command: Unnumbered<CallCommand>, withinMs = SOON_MS): Promise<CallEvent> {
    const id = this.order(command)
    return this.endingOf(id, withinMs)
  }

  async endingOf(id: CommandId, withinMs = SOON_MS): Promise<CallEvent> {
    return this.until(`the ending of ${id}`, () => this.#endings(id)[0], withinMs)
  }

  /** Waits for an event of this type about this call. */
  async event<Type extends CallEvent['type']>(
    type: Type,
    call: CallId,
    withinMs = SOON_MS,
  ): Promise<EventOf<Type>> {
    const isOne = (event: CallEvent): event is EventOf<Type> =>
      event.type === type && callsOf(event).includes(call)
    return this.until(`${type} of ${call}`, () => this.events.find(isOne), withinMs)
  }

  async until<T>(what: string, find: () => T | undefined | false, withinMs = SOON_MS): Promise<T> {
    for (let passed = 0; ; passed += TICK_MS) {
      const found = find()
      if (found !== undefined && found !== false) return found
      if (passed > withinMs) {
        throw new Error(`not within ${withinMs} ms: ${what}; there was ${JSON.stringify(this.events)}`)
      }
      await this.rig.pass(TICK_MS)
    }
  }

  async hears(far: FarEnd, sound: Sound): Promise<void> {
    await this.until(`${sound} at the far end, which hears ${far.hears()}`, () => far.hears() === sound)
  }

  /** Waits until the far end hears all of these, beside anything else. */
  async hearsToo(far: FarEnd, ...sounds: readonly Sound[]): Promise<void> {
    await this.until(`${sounds.join(' and ')} at the far end`, () =>
      sounds.every((each) => far.hearsToo(each)),
    )
  }

  async isOver(far: FarEnd): Promise<void> {
    await this.until('the far end knows that the call is over', () => far.state() === 'gone')
  }

  /** The types of all events of this call, in order. */
  typesOf(call: CallId): string[] {
    return this.events.filter((event) => callsOf(event).includes(call)).map((event) => event.type)
  }

  /** Somebody calls, and has not been answered. */
  async offered(to = '100'): Promise<Line> {
    const from = `55501${(++numbers).toString().padStart(4, '0')}`
    const far = this.rig.call(from, to)
    const { call } = await this.until(`the call of ${from}`, () =>
      this.events.find(
        (event): event is EventOf<'call.offered'> =>
          event.type === 'call.offered' && event.from.number === from,
      ),
    )
    return { call, far }
  }

  /** Somebody calls and has been answered. */
  async answered(): Promise<Line> {
    const line = await this.offered()
    expect(await this.ending({ type: 'answer', call: line.call })).toMatchObject({ type: 'call.answered' })
    await this.until('the far end talks', () => line.far.state() === 'talking')
    return line
  }

  dial(
    target: DialTarget,
    { ringMs = 20_000, headers = {}, from = CALLER, asserted = false }: Dialling = {},
  ): { call: CallId; id: CommandId } {
    const call = `dialled-${++numbers}`
    const id = this.order({ type: 'dial', call, target, from, asserted, ringMs, headers })
    return { call, id }
  }

  /** A phone that rings. */
  async ringing(options: Dialling = {}): Promise<Line & { phone: Phone; id: CommandId }> {
    const phone = await this.rig.phone()
    const { call, id } = this.dial(phone.target, options)
    await this.event('call.progress', call)
    const far = await this.until('the phone rings', () => phone.farEnd())
    return { call, id, phone, far }
  }

  /** A phone that was dialled and has answered. */
  async talking(): Promise<Line> {
    const line = await this.ringing()
    line.far.answer()
    await this.event('call.answered', line.call)
    return line
  }

  /** Two who hear each other. */
  async bridged(): Promise<readonly [Line, Line]> {
    const [caller, agent] = [await this.answered(), await this.talking()]
    const ending = await this.ending({ type: 'bridge', call: caller.call, with: agent.call })
    expect(ending).toMatchObject({ type: 'call.bridged', calls: [caller.call, agent.call] })
    return [caller, agent]
  }

  /** Ends what is left, and checks what must be true of every case. */
  async close(): Promise<void> {
    for (const call of this.#living()) {
      this.order({ type: 'hangup', call })
      await this.event('call.ended', call)
    }
    expect(this.#heardInside, 'an event came while a command was being executed').toBe(false)
    for (const [id, { command }] of this.#commands) {
      const endings = this.#endings(id)
      expect(endings.length, `endings of ${JSON.stringify(command)}: ${JSON.stringify(endings)}`).toBe(1)
    }
    this.#nothingAfterTheEnd()
  }

  /** The result of a command, or else the end of its call. */
  #endings(id: CommandId): CallEvent[] {
    const named = this.events.filter((event) => 'command' in event && event.command === id)
    const given = this.#commands.get(id)
    if (named.length > 0 || !given) return named
    const since = this.events.slice(given.givenAt)
    return since.filter((event) => event.type === 'call.ended' && event.call === given.command.call)
  }

  #living(): CallId[] {
    const ended = this.events.flatMap((event) => (event.type === 'call.ended' ? event.call : []))
    const begun = this.events.flatMap((event) =>
      event.type === 'call.offered' || event.type === 'call.progress' || event.type === 'call.answered'
        ? event.call
        : [],
    )
    return [...new Set(begun)].filter((call) => !ended.includes(call))
  }

  #nothingAfterTheEnd(): void {
    const ended = new Set<CallId>()
    for (const event of this.events) {
      const calls = callsOf(event).filter((call) => ended.has(call))
      const toldSo = event.type === 'command.failed' && event.reason === 'no-such-call'
      expect(toldSo ? [] : calls, `after call.ended came ${JSON.stringify(event)}`).toEqual([])
      if (event.type === 'call.ended') ended.add(event.call)
    }
  }
}

function callsOf(event: CallEvent): readonly CallId[] {
  if ('calls' in event) return event.calls
  return 'call' in event ? [event.call] : []
}
