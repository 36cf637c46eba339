import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { CallEvent } from '../../../src/call/events.ts'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { bridge } from '../../../src/telephony/drachtio/joining.ts'
import { Leg } from '../../../src/telephony/drachtio/leg.ts'
import type { PlaybackWatch } from '../../../src/telephony/drachtio/media-endpoint.ts'
import type { MediaServer } from '../../../src/telephony/drachtio/media-server.ts'
import type { MediaServers } from '../../../src/telephony/drachtio/media-servers.ts'

/** A channel that has gone says nothing more, not even how its playback ended. */
class Channel {
  gone = false
  /** FreeSWITCH has been asked to bridge, and has not done it yet. */
  bridging: () => void = () => undefined
  #playback: PlaybackWatch | undefined

  listen(): void {
    // Nothing happens on it by itself.
  }

  play(_path: string, watch: PlaybackWatch): void {
    this.#playback = watch
    watch.started()
  }

  break(): void {
    this.#end()
  }

  async bridge(other: Channel): Promise<void> {
    this.bridging()
    for (const each of [this, other]) each.#end()
  }

  async parked(): Promise<void> {
    // Waits for commands again at once.
  }

  async report(): Promise<undefined> {
    return undefined
  }

  destroy(): void {
    this.gone = true
  }

  #end(): void {
    const playback = this.#playback
    this.#playback = undefined
    if (!this.gone) playback?.ended('played')
  }
}

function set() {
  const events: CallEvent[] = []
  const around = {
    clock: new SimulatedClock(),
    logger: pino({ level: 'silent' }),
    servers: {} as MediaServers,
    mediaLostAfterMs: 5_000,
    mediaTimeoutMs: 0,
    emit: (event: CallEvent) => events.push(event),
    forget: () => undefined,
  }
  const server = {} as MediaServer
  const leg = (id: string): { leg: Leg; channel: Channel } => {
    const channel = new Channel()
    const made = new Leg(around, 'inbound', id)
    made.place({ server, endpoint: channel as never })
    made.answered(`answer-${id}`)
    made.player.play({
      kind: 'music',
      path: 'music.wav',
      begun: () => undefined,
      ended: () => undefined,
      failed: () => undefined,
    })
    return { leg: made, channel }
  }
  return { events, leg }
}

test('a channel that goes while two are joined leaves the other one free for the next', async () => {
  const { events, leg } = set()
  const [caller, agent, next] = [leg('caller'), leg('agent'), leg('next')]
  caller.channel.bridging = () => {
    agent.channel.gone = true
    agent.leg.hangUp({ cause: 'normal', by: 'remote' })
  }
  await bridge(caller.leg, agent.leg, 'bridge-1')
  expect(events).toContainEqual(expect.objectContaining({ type: 'command.failed', command: 'bridge-1' }))
  caller.channel.bridging = () => undefined
  await bridge(caller.leg, next.leg, 'bridge-2')
  expect(events.at(-1)).toEqual({ type: 'call.bridged', calls: ['caller', 'next'], command: 'bridge-2' })
})

test('what was to end by joining two is broken off where FreeSWITCH does not join them', async () => {
  const { events, leg } = set()
  const [caller, agent] = [leg('caller'), leg('agent')]
  caller.channel.bridging = () => {
    throw new Error('no such channel')
  }
  await bridge(caller.leg, agent.leg, 'bridge-1')
  expect(events.at(-1)).toMatchObject({ type: 'command.failed', command: 'bridge-1', reason: 'failed' })
  await caller.leg.player.idle()
  await agent.leg.player.idle()
})
