import type { CommandId } from '../../call/call.ts'
import type { Line } from './line.ts'

/** A leg as the bridge sees it. */
export interface PairedLine extends Line {
  /** Whom it is bridged with, or about to be. */
  pair: Pair | undefined
  readonly player: { cut(): void }
}

/**
 * Two legs that are bridged, or are about to be: a mixing bridge at Asterisk. Whoever is on hold leaves Asterisk's
 * bridge and stays in the pair.
 */
export class Pair {
  readonly #legs: readonly [PairedLine, PairedLine]
  readonly #command: CommandId
  /** Its name at Asterisk. */
  readonly bridge: string
  /** Who is in Asterisk's bridge. */
  readonly #inside = new Set<PairedLine>()
  #state: 'joining' | 'joined' | 'parting' | 'over' = 'joining'
  #parting: CommandId | undefined

  constructor(one: PairedLine, other: PairedLine, command: CommandId) {
    this.#legs = [one, other]
    this.#command = command
    this.bridge = one.server.newId('bridge')
    one.pair = this
    other.pair = this
    one.player.cut()
    other.player.cut()
    void this.#join(one, other)
  }

  get isJoined(): boolean {
    return this.#state === 'joined'
  }

  /** Asterisk says that the leg has entered the bridge. */
  entered(leg: PairedLine, bridge: string): void {
    if (bridge !== this.bridge) return
    this.#inside.add(leg)
    if (this.#state !== 'joining' || this.#inside.size < 2) return
    this.#state = 'joined'
    const [one, other] = this.#legs
    one.emit({ type: 'call.bridged', calls: [one.call, other.call], command: this.#command })
  }

  /** Asterisk says that the leg has left it. */
  exited(leg: PairedLine, bridge: string): void {
    if (bridge !== this.bridge) return
    this.#inside.delete(leg)
    if (this.#state === 'parting' && this.#inside.size === 0) this.#parted(leg)
  }

  /** Parts the two by command. */
  part(leg: PairedLine, command: CommandId): void {
    this.#state = 'parting'
    this.#parting = command
    void leg.ask(
      async () => {
        await leg.server.ari.destroyBridge(this.bridge)
        if (this.#inside.size === 0) this.#parted(leg)
      },
      (error) => {
        if (error.kind === 'gone') return this.#parted(leg)
        if (this.#state !== 'parting') return
        this.#state = 'joined'
        leg.fail(command, 'failed', error.message)
      },
    )
  }

  /** One of the two has hung up. */
  over(leg: PairedLine): void {
    if (this.#state === 'over') return
    const [one, other] = this.#legs
    const wasJoining = this.#state === 'joining'
    if (!wasJoining) return this.#parted(leg)
    this.#close(leg)
    // The end of the call that was to be bridged ends its command; the other one's end does not.
    if (leg === other)
      one.fail(this.#command, 'no-such-call', 'the other call ended before the two were bridged')
  }

  /** The connection is back, and what was under way was not told. */
  reconcile(leg: PairedLine): void {
    if (this.#state === 'parting') return this.#parted(leg)
    if (this.#state !== 'joining') return
    const [one] = this.#legs
    this.#close(leg)
    one.fail(this.#command, 'failed', 'the connection to Asterisk was lost before the two were bridged')
  }

  /** The leg is put on hold: it leaves, and the other one hears silence. */
  async remove(leg: PairedLine): Promise<void> {
    await leg.ask((channel) => leg.server.ari.removeFromBridge(this.bridge, channel))
  }

  /** The leg's hold is over. @returns when it has been asked for */
  async restore(leg: PairedLine): Promise<void> {
    if (this.#state !== 'joined') return
    await leg.ask((channel) => leg.server.ari.addToBridge(this.bridge, [channel]))
  }

  async #join(one: PairedLine, other: PairedLine): Promise<void> {
    const failed = (error: Error): void => {
      if (this.#state !== 'joining') return
      this.#close(one)
      one.fail(this.#command, 'failed', error.message)
    }
    // What was asked for the other one before must be done before.
    const ready = other.idle()
    await one.ask(async (channel) => {
      await ready
      const otherChannel = other.channel
      if (this.#state !== 'joining' || otherChannel === undefined) return
      await one.server.ari.createBridge(this.bridge)
      await one.server.ari.addToBridge(this.bridge, [channel, otherChannel])
    }, failed)
  }

  #parted(leg: PairedLine): void {
    if (this.#state === 'over') return
    const [one, other] = this.#legs
    const peer = leg === one ? other : one
    const command = this.#parting
    this.#close(leg)
    leg.emit({
      type: 'call.unbridged',
      calls: [leg.call, peer.call],
      ...(command !== undefined && { command }),
    })
  }

  #close(leg: PairedLine): void {
    const wasParting = this.#state === 'parting'
    this.#state = 'over'
    for (const each of this.#legs) if (each.pair === this) each.pair = undefined
    // With a bridge that was destroyed already, this finds none.
    if (!wasParting) leg.server.ari.destroyBridge(this.bridge).catch(() => undefined)
  }
}
