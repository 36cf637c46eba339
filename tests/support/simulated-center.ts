/** The real server, from settings to database, on simulated telephony and a simulated clock. */
import { join } from 'node:path'
import { type App, openApp } from '../../src/app.ts'
import type { Interaction } from '../../src/call/interaction.ts'
import { SimulatedClock } from '../../src/clock/simulated-clock.ts'
import { loadSettings } from '../../src/config/load-settings.ts'
import { readInteraction } from '../../src/database/interactions.ts'
import type { FloorEvent } from '../../src/runtime/floor.ts'
import type { SimulatedParty } from '../../src/telephony/simulated/party.ts'
import { SimulatedTelephony } from '../../src/telephony/simulated/simulated-telephony.ts'
import { copyTestDatabase } from './database.ts'
import { type TempFolder, tempFolder } from './temp-folder.ts'

/**
 * Virtual time that passes between two looks. It must not run far ahead of the real time in which the database
 * answers, or a flow would give up waiting for it.
 */
const STEP_MS = 2
const PATIENCE_MS = 20_000

export class SimulatedCenter {
  readonly clock: SimulatedClock
  readonly telephony: SimulatedTelephony
  readonly app: App
  readonly events: FloorEvent[] = []
  readonly #folder: TempFolder

  private constructor(clock: SimulatedClock, telephony: SimulatedTelephony, app: App, folder: TempFolder) {
    this.#folder = folder
    this.clock = clock
    this.telephony = telephony
    this.app = app
    app.center.floor.subscribe((event) => this.events.push(event))
  }

  /**
   * @param from the center folder, else that of the demo; and the data that another one has left (`stop`)
   */
  static async open(
    sets: readonly string[] = [],
    from: { readonly center?: string; readonly data?: TempFolder } = {},
  ): Promise<SimulatedCenter> {
    const folder = from.data ?? (await tempFolder('center'))
    if (!from.data) await copyTestDatabase(join(folder.path, 'database'))
    const clock = new SimulatedClock()
    const telephony = new SimulatedTelephony(clock)
    const configuration = await loadSettings(
      [
        `data.dir=${folder.path}`,
        'http.port=0',
        'flows.watch=false',
        'log.level=warn',
        'shutdown.drain=1',
        ...sets,
      ],
      from.center,
      {},
    )
    const app = await openApp(configuration, {
      clock,
      progress: () => undefined,
      telephony: () => Object.assign(telephony, { address: () => ({ host: '127.0.0.1', port: 5060 }) }),
    })
    return new SimulatedCenter(clock, telephony, app, folder)
  }

  /** `data.dir`, by which commands find this server. */
  get dataFolder(): string {
    return this.#folder.path
  }

  /** Signs agents in and makes their phones ring like this. */
  available(agents: Record<string, (party: SimulatedParty) => void>): void {
    for (const [agent, behaviour] of Object.entries(agents)) {
      this.telephony.register(agent, behaviour)
      this.app.center.floor.signIn(agent)
      this.app.center.floor.setAvailable(agent)
    }
  }

  call(number: string, from?: string): SimulatedParty {
    return this.telephony.incoming({
      from: { uri: `sip:${from ?? 'anonymous'}@caller.invalid`, ...(from !== undefined && { number: from }) },
      to: { uri: `sip:${number}@127.0.0.1`, number },
    })
  }

  /** Lets time pass until there is something. */
  async until<Found>(what: string, look: () => Found | undefined | false): Promise<Found> {
    const end = Date.now() + PATIENCE_MS
    for (;;) {
      const found = look()
      if (found !== undefined && found !== false) return found
      if (Date.now() > end)
        throw new Error(`waited in vain for ${what}; last: ${JSON.stringify(this.events.slice(-5))}`)
      this.clock.advance(STEP_MS)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }

  /** The first event of this type from here on that fits. */
  async event<Type extends FloorEvent['type']>(
    type: Type,
    fits: (event: Extract<FloorEvent, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<FloorEvent, { type: Type }>> {
    return this.until(type, () => {
      const at = this.events.findIndex(
        (event) => event.type === type && fits(event as Extract<FloorEvent, { type: Type }>),
      )
      return at < 0
        ? undefined
        : (this.events.splice(0, at + 1).at(-1) as Extract<FloorEvent, { type: Type }>)
    })
  }

  /** The record of a contact, once the database has it. */
  async interaction(id: string): Promise<Interaction> {
    let found: Interaction | undefined
    await this.until(`interaction ${id}`, () => {
      if (found) return true
      readInteraction(this.app.database, id).then(
        (interaction) => {
          found = interaction
        },
        () => undefined,
      )
      return false
    })
    if (!found) throw new Error('unreachable')
    return found
  }

  async close(): Promise<void> {
    await (await this.stop()).remove()
  }

  /** The server is gone, and its data are left. */
  async stop(): Promise<TempFolder> {
    const stopped = this.app.stop()
    let over = false
    stopped.then(
      () => {
        over = true
      },
      () => {
        over = true
      },
    )
    await this.until('the server to stop', () => over)
    await stopped
    return this.#folder
  }
}
