import type { CallId } from '../../call/call.ts'
import type { CallEvent } from '../../call/events.ts'
import type { Established } from './established.ts'
import { Leg, type LegSurroundings } from './leg.ts'
import type { MediaEvent } from './media/protocol.ts'
import { receiveMediaEvent } from './media-events.ts'

/** Every leg that is up, by call id and by media session. */
export class Calls {
  readonly dialogs = new Map<string, Established>()
  readonly #byId = new Map<CallId, Leg>()
  readonly #bySession = new Map<number, Leg>()
  readonly #around: LegSurroundings
  #lastSession = 0
  #inbound = 0
  #emptied: (() => void) | undefined

  constructor(around: Omit<LegSurroundings, 'forget'>) {
    this.#around = {
      ...around,
      emit: (event: CallEvent) => around.emit(event),
      forget: (leg) => this.#forget(leg),
    }
  }

  get size(): number {
    return this.#byId.size
  }

  /** How many of them somebody made to us. */
  get inbound(): number {
    return this.#inbound
  }

  leg(id: CallId): Leg | undefined {
    return this.#byId.get(id)
  }

  make(direction: 'inbound' | 'outbound', id: CallId): Leg {
    const leg = new Leg(this.#around, direction, id, ++this.#lastSession)
    this.#byId.set(id, leg)
    this.#bySession.set(leg.session, leg)
    if (direction === 'inbound') this.#inbound++
    return leg
  }

  receive(event: MediaEvent): void {
    const leg = this.#bySession.get(event.session)
    if (leg) receiveMediaEvent(leg, event)
  }

  hangUpAll(): void {
    for (const leg of this.#byId.values()) {
      leg.hangUp({ cause: leg.state === 'answered' ? 'normal' : 'cancelled', by: 'local' }, 503)
    }
  }

  /** Resolves when no leg and no dialog is left. */
  async empty(): Promise<void> {
    if (this.size === 0 && this.dialogs.size === 0) return
    await new Promise<void>((resolve) => {
      this.#emptied = resolve
    })
  }

  /** A leg or a dialog has gone. */
  checkEmpty(): void {
    if (this.size === 0 && this.dialogs.size === 0) this.#emptied?.()
  }

  #forget(leg: Leg): void {
    if (!this.#byId.delete(leg.id)) return
    this.#bySession.delete(leg.session)
    if (leg.direction === 'inbound') this.#inbound--
    this.checkEmpty()
  }
}
