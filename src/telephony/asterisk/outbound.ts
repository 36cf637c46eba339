import type { CommandId, EndCause } from '../../call/call.ts'
import type { Ending } from '../endings.ts'
import { bestStatus, causeOfStatus } from '../status-causes.ts'
import { ariErrorOf } from './ari-error.ts'
import { causeOfRefusal } from './causes.ts'
import type { AriEvent } from './events.ts'
import type { Leg, Ringing } from './leg.ts'

/** How an outbound leg is made. */
export interface DialPlan {
  readonly command: CommandId
  readonly ringMs: number
  /** Is it a registered phone? Then it rings at once or not at all. */
  readonly isDevice: boolean
  /** One after the other, while one could not carry the call. */
  readonly attempts: readonly Attempt[]
}

export interface Attempt {
  /** Each is rung at the same time, for example `PJSIP/alice`. */
  readonly endpoints: readonly string[]
  /** `"name" <number>`, as Asterisk takes it. */
  readonly callerId: string
  readonly variables: Readonly<Record<string, string>>
  /** The trunk that it goes over. */
  readonly trunk?: string
}

/** If we are not there to cancel, Asterisk gives up so much later, seconds. */
const SPARE_SECONDS = 5

interface Branch {
  readonly attempt: Attempt
  /** It was answered and has not entered our application. */
  answered: boolean
  over: boolean
  cause: number
  status: number | undefined
}

/**
 * The ringing of an outbound leg: one channel for each place where the callee may be, until one answers; over trunks
 * one after the other, until one carries the call.
 */
export class Outbound implements Ringing {
  readonly #leg: Leg
  readonly #plan: DialPlan
  readonly #attempts: Attempt[]
  readonly #branches = new Map<string, Branch>()
  readonly #told = new Set<'ringing' | 'early-media'>()
  #decided = false

  constructor(leg: Leg, plan: DialPlan) {
    this.#leg = leg
    this.#plan = plan
    this.#attempts = [...plan.attempts]
    leg.ringing = this
    leg.after(plan.ringMs, () => this.#late())
    this.#next()
  }

  /** A phone that has not even rung is not one that nobody picks up. */
  #late(): void {
    if (this.#decided) return
    const cause = this.#plan.isDevice && this.#told.size === 0 ? 'unreachable' : 'no-answer'
    this.#leg.hangUp({ cause, by: 'network', status: 408 })
  }

  cancel(): void {
    this.#decided = true
    this.#letGo(undefined)
    this.#checkOver()
  }

  reconcile(channels: ReadonlySet<string>, answered: ReadonlySet<string>): void {
    for (const [channel, branch] of this.#branches) {
      if (branch.over) continue
      if (answered.has(channel)) this.#answered(channel)
      else if (!channels.has(channel)) this.#over(channel, 0, undefined)
    }
  }

  #next(): void {
    const attempt = this.#attempts.shift()
    if (!attempt) return this.#checkOver()
    this.#branches.clear()
    for (const endpoint of attempt.endpoints) this.#ring(attempt, endpoint)
  }

  #ring(attempt: Attempt, endpoint: string): void {
    const { server } = this.#leg
    const { callerId, variables } = attempt
    const channel = server.newId('call')
    this.#branches.set(channel, { attempt, answered: false, over: false, cause: 0, status: undefined })
    server.own(channel, (event) => this.#receive(channel, event))
    const timeoutSeconds = Math.ceil(this.#plan.ringMs / 1000) + SPARE_SECONDS
    server.ari.originate({ channel, endpoint, callerId, timeoutSeconds, variables }).then(
      () => {
        // It was withdrawn while it was being made.
        if (this.#decided && this.#leg.channel !== channel) this.#hangUp(channel)
      },
      (thrown: unknown) => {
        const error = ariErrorOf(thrown)
        this.#leg.logger.info({ call: this.#leg.call, endpoint, reason: error.message }, 'cannot be rung')
        if (error.kind === 'unreachable') this.#perhapsRings(channel)
        else this.#over(channel, UNREACHABLE, undefined)
      },
    )
  }

  /**
   * Nobody said whether it was made. Ringing the next one could ring two; what cannot be hung up now is ended after
   * the reconnect, as a channel that nobody owns.
   */
  #perhapsRings(channel: string): void {
    if (this.#decided) {
      this.#hangUp(channel)
      return this.#over(channel, 0, undefined)
    }
    this.#decided = true
    this.#letGo(undefined)
    for (const [each, branch] of this.#branches) {
      branch.over = true
      this.#leg.server.disown(each)
    }
    this.#leg.finish({ cause: 'backend-lost', by: 'network' })
  }

  #receive(channel: string, event: AriEvent): void {
    if ('sipCallId' in event) this.#leg.server.traces(this.#leg.call, event.sipCallId)
    if (event.type === 'ringing' || event.type === 'early-media') this.#progress(event.type)
    else if (event.type === 'answered') this.#pickedUp(channel)
    else if (event.type === 'entered') this.#answered(channel)
    else if (event.type === 'destroyed') this.#over(channel, event.cause, event.status)
  }

  #progress(kind: 'ringing' | 'early-media'): void {
    if (this.#decided || this.#told.has(kind)) return
    this.#told.add(kind)
    this.#leg.emit({ type: 'call.progress', call: this.#leg.call, kind })
  }

  #answered(channel: string): void {
    if (this.#decided) return this.#hangUp(channel)
    this.#decided = true
    const trunk = this.#branches.get(channel)?.attempt.trunk
    this.#branches.delete(channel)
    this.#leg.own(channel)
    this.#leg.answered(this.#plan.command, trunk)
    this.#letGo(channel)
  }

  /** Hangs up every branch but one. */
  #letGo(winner: string | undefined): void {
    for (const [channel, { over }] of this.#branches) {
      if (channel !== winner && !over) this.#hangUp(channel)
    }
  }

  #hangUp(channel: string): void {
    this.#leg.server.ari.hangUp(channel).catch(() => undefined)
  }

  #over(channel: string, cause: number, status: number | undefined): void {
    const branch = this.#branches.get(channel)
    if (!branch || branch.over) return
    Object.assign(branch, { over: true, cause, status })
    this.#leg.server.disown(channel)
    if (branch.answered && !this.#decided) return this.#hungUpAtOnce(channel, branch)
    this.#checkOver()
  }

  #pickedUp(channel: string): void {
    const branch = this.#branches.get(channel)
    if (branch) branch.answered = true
  }

  /** Whoever answered has hung up before our application had the channel. */
  #hungUpAtOnce(channel: string, { attempt }: Branch): void {
    this.#decided = true
    this.#letGo(channel)
    this.#leg.answered(this.#plan.command, attempt.trunk)
    this.#leg.finish({ cause: 'normal', by: 'remote' })
  }

  #checkOver(): void {
    const branches = [...this.#branches.values()]
    if (this.#leg.channel !== undefined || branches.some(({ over }) => !over)) return
    if (!this.#decided && this.#told.size === 0 && this.#attempts.length > 0 && branches.every(notCarried)) {
      return this.#next()
    }
    this.#decided = true
    if (this.#leg.state === 'ending') this.#leg.lost()
    else this.#leg.finish(refusal(branches))
  }
}

/** Q.850: subscriber absent. */
const UNREACHABLE = 20

/** RFC 3263 4.3, RFC 5626 for 430, and our credentials: it says nothing of the callee. */
function notCarried({ status, cause }: Branch): boolean {
  if (status !== undefined && status >= 300)
    return [401, 407, 408, 430].includes(status) || Math.trunc(status / 100) === 5
  return causeOfRefusal(cause, undefined) === 'unreachable'
}

/** The ending that counts among those of all branches. */
function refusal(branches: readonly Branch[]): Ending {
  const statuses = branches.flatMap(({ status }) => (status !== undefined && status >= 300 ? [status] : []))
  if (statuses.length > 0) {
    const status = bestStatus(statuses)
    return { cause: causeOfStatus(status), by: 'remote', status }
  }
  const cause: EndCause = causeOfRefusal(branches[0]?.cause ?? UNREACHABLE, undefined)
  return { cause, by: cause === 'unreachable' || cause === 'failed' ? 'network' : 'remote' }
}
