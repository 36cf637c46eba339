import type { CallId, DialTarget, Party } from '../../call/call.ts'
import type { CallCommand } from '../../call/commands.ts'
import type { CallEvent } from '../../call/events.ts'
import type { CallIdentity } from '../../call/identity.ts'
import type { Clock } from '../../clock/clock.ts'
import type { Telephony } from '../telephony.ts'
import { type Behaviour, ringsOn } from './behaviours.ts'
import { executeCommand } from './commands.ts'
import { Leg } from './leg.ts'
import { SimulatedParty } from './party.ts'

export interface SimulatedTelephonyOptions {
  /** How long a far end must send nothing to count as lost, milliseconds. */
  readonly mediaLostAfterMs?: number
}

export interface IncomingCall {
  readonly from: Party
  readonly to: Party
  /** The registered device that calls, when it proved itself. */
  readonly device?: string
  readonly trunk?: string
  readonly identity?: CallIdentity
  readonly headers?: Readonly<Record<string, string>>
  /** Makes the call id; `caller-1`, `caller-2`, ... unless given. */
  readonly call?: CallId
}

export type SimulatedTrunk = 'up' | 'down' | 'fails'

/** Its name in `backend.lost` and `backend.ready`. */
const BACKEND = 'simulated'

/**
 * Telephony without a network: callers, phones and time are all played. On a simulated clock a day of calls takes a
 * second; on the real one it is a demonstration. Keeps the same contract as the backends that send packets.
 */
export class SimulatedTelephony implements Telephony {
  readonly #clock: Clock
  readonly #mediaLostAfterMs: number
  readonly #legs = new Map<CallId, Leg>()
  readonly #parties = new Map<CallId, SimulatedParty>()
  readonly #devices = new Map<string, Behaviour>()
  readonly #uris = new Map<string, Behaviour>()
  readonly #numbers = new Map<string, Behaviour>()
  readonly #trunks = new Map<string, SimulatedTrunk>()
  readonly #outbox: CallEvent[] = []
  #receive: ((event: CallEvent) => void) | undefined
  #callers = 0
  #failed = false

  constructor(clock: Clock, { mediaLostAfterMs = 5_000 }: SimulatedTelephonyOptions = {}) {
    this.#clock = clock
    this.#mediaLostAfterMs = mediaLostAfterMs
  }

  async start(receive: (event: CallEvent) => void): Promise<void> {
    this.#receive = receive
    this.#emit({ type: 'backend.ready', backend: BACKEND, serving: true })
    for (const device of this.#devices.keys()) this.#emit({ type: 'device.reachable', device })
    for (const [trunk, state] of this.#trunks) this.#emit(trunkEvent(trunk, state))
  }

  execute(command: CallCommand): void {
    if (command.type === 'dial') return this.#dial(command)
    const leg = this.#legs.get(command.call)
    if (leg) return executeCommand(command, leg, this.#surroundings)
    this.#emit({
      type: 'command.failed',
      call: command.call,
      command: command.id,
      reason: 'no-such-call',
      detail: `there is no call ${command.call}`,
    })
  }

  async stop(): Promise<void> {
    for (const leg of this.#legs.values()) {
      leg.end({ cause: leg.state === 'answered' ? 'normal' : 'cancelled', by: 'local' })
    }
    this.#deliver()
    this.#receive = undefined
  }

  /** Somebody calls us. */
  incoming({
    from,
    to,
    device,
    trunk,
    identity,
    headers = {},
    call = `caller-${++this.#callers}`,
  }: IncomingCall): SimulatedParty {
    const leg = this.#newLeg('inbound', call)
    const party = new SimulatedParty(leg, from, headers, () => undefined)
    if (this.#failed) {
      leg.drop()
      return party
    }
    this.#parties.set(call, party)
    this.#emit({
      type: 'call.offered',
      call,
      from,
      to,
      headers,
      ...(device !== undefined && { device }),
      ...(trunk !== undefined && { trunk }),
      ...(identity && { identity }),
    })
    return party
  }

  /** A phone registers, or registers again and behaves differently from now on. */
  register(device: string, behaviour: Behaviour = ringsOn): void {
    const isNew = !this.#devices.has(device)
    this.#devices.set(device, behaviour)
    if (isNew) this.#emit({ type: 'device.reachable', device })
  }

  unregister(device: string): void {
    if (!this.#devices.delete(device)) return
    this.#emit({ type: 'device.unreachable', device, reason: 'unregistered' })
  }

  /** Somebody outside who can be dialled by this SIP URI. */
  reachable(uri: string, behaviour: Behaviour = ringsOn): void {
    this.#uris.set(uri, behaviour)
  }

  /** Somebody outside who can be dialled by number, over any trunk that is up. */
  subscriber(number: string, behaviour: Behaviour = ringsOn): void {
    this.#numbers.set(number, behaviour)
  }

  /** A trunk comes up, goes down, or is up and carries no call (`fails`: what is dialled over it meets a 503). */
  trunk(trunk: string, state: SimulatedTrunk): void {
    const before = this.#trunks.get(trunk)
    this.#trunks.set(trunk, state)
    if ((before === 'down') !== (state === 'down') || before === undefined)
      this.#emit(trunkEvent(trunk, state))
  }

  /** The machinery fails: every call that is up ends, and none comes or goes until `recover`. */
  fail(detail = 'simulated failure'): void {
    if (this.#failed) return
    this.#failed = true
    this.#emit({ type: 'backend.lost', backend: BACKEND, serving: false, detail })
    for (const leg of this.#legs.values()) leg.end({ cause: 'backend-lost', by: 'network' })
  }

  recover(): void {
    if (!this.#failed) return
    this.#failed = false
    this.#emit({ type: 'backend.ready', backend: BACKEND, serving: true })
    for (const device of this.#devices.keys()) this.#emit({ type: 'device.reachable', device })
    for (const [trunk, state] of this.#trunks) this.#emit(trunkEvent(trunk, state))
  }

  /** The far end of a call that is going on. */
  party(call: CallId): SimulatedParty | undefined {
    return this.#parties.get(call)
  }

  readonly #surroundings = {
    leg: (call: CallId): Leg | undefined => this.#legs.get(call),
    dial: (command: Extract<CallCommand, { type: 'dial' }>): void => this.#dial(command),
  }

  #dial(command: Extract<CallCommand, { type: 'dial' }>): void {
    const { id, call, target, from, ringMs, headers = {} } = command
    if (this.#legs.has(call)) return this.#legs.get(call)?.fail(id, `the call id ${call} is in use`)
    const leg = this.#newLeg('outbound', call)
    if (this.#failed) return leg.end({ cause: 'backend-lost', by: 'network' })
    const trunk =
      'number' in target ? target.trunks.find((each) => this.#trunks.get(each) === 'up') : undefined
    const behaviour = this.#behaviourOf(target, trunk)
    if (!behaviour) return leg.end({ cause: 'unreachable', by: 'network' })
    const ringing = leg.after(ringMs, () => leg.end({ cause: 'no-answer', by: 'network', status: 408 }))
    const party = new SimulatedParty(leg, from, headers, () => {
      ringing()
      leg.answered(id, trunk)
    })
    this.#parties.set(call, party)
    leg.after(0, () => {
      leg.emit({ type: 'call.progress', call, kind: 'ringing' })
      behaviour(party)
    })
  }

  #behaviourOf(target: DialTarget, trunk: string | undefined): Behaviour | undefined {
    if ('device' in target) return this.#devices.get(target.device)
    if ('uri' in target) return this.#uris.get(target.uri)
    return trunk === undefined ? undefined : this.#numbers.get(target.number)
  }

  #newLeg(direction: 'inbound' | 'outbound', call: CallId): Leg {
    const leg = new Leg(
      {
        clock: this.#clock,
        mediaLostAfterMs: this.#mediaLostAfterMs,
        emit: (event) => this.#emit(event),
        forget: (over) => {
          this.#legs.delete(over.call)
          this.#parties.delete(over.call)
        },
      },
      direction,
      call,
    )
    this.#legs.set(call, leg)
    return leg
  }

  /** One delivery for everything that happens at once: the order is kept on any clock. */
  #emit(event: CallEvent): void {
    if (!this.#receive) return
    this.#outbox.push(event)
    if (this.#outbox.length === 1) this.#clock.after(0, () => this.#deliver())
  }

  #deliver(): void {
    for (const event of this.#outbox.splice(0)) this.#receive?.(event)
  }
}

function trunkEvent(trunk: string, state: SimulatedTrunk): CallEvent {
  if (state !== 'down') return { type: 'trunk.up', trunk }
  return { type: 'trunk.down', trunk, reason: 'unanswered', detail: 'simulated' }
}
