import type { Client } from 'ari-client'
import { AriError } from './ari-error.ts'
import type { Connection } from './connection.ts'

/** A channel that exists at Asterisk, as far as it concerns us. */
export interface FoundChannel {
  readonly id: string
  /** `Stasis` while it is in an application. */
  readonly application: string
  readonly applicationData: string
}

/** An outbound channel to make. */
export interface Origination {
  readonly channel: string
  /** For example `PJSIP/alice`. */
  readonly endpoint: string
  /** `"name" <number>`. */
  readonly callerId: string
  readonly timeoutSeconds: number
  readonly variables: Readonly<Record<string, string>>
}

export interface RecordingRequest {
  readonly channel: string
  readonly name: string
  readonly maxSeconds: number
  /** 0: silence does not end it. */
  readonly maxSilenceSeconds: number
}

/** The requests of ARI that we make, each by what it does. All throw AriError. */
export class Ari {
  readonly #connection: Connection
  readonly #application: string

  constructor(connection: Connection, application: string) {
    this.#connection = connection
    this.#application = application
  }

  async answer(channel: string): Promise<void> {
    await this.#ask('answer', (client) => client.channels.answer({ channelId: channel }))
  }

  async hangUp(channel: string): Promise<void> {
    await this.#ask('hang up', (client) => client.channels.hangup({ channelId: channel }))
  }

  /** Hands the channel to the dialplan. */
  async continueAt(channel: string, context: string, extension: string): Promise<void> {
    await this.#ask('continue in the dialplan', (client) =>
      client.channels.continueInDialplan({ channelId: channel, context, extension, priority: 1 }),
    )
  }

  /** Asks to be told of this channel also when it has left the application. */
  async watch(channel: string): Promise<void> {
    await this.#ask('subscribe', (client) =>
      client.applications.subscribe({
        applicationName: this.#application,
        eventSource: `channel:${channel}`,
      }),
    )
  }

  async originate({ channel, endpoint, callerId, timeoutSeconds, variables }: Origination): Promise<void> {
    await this.#ask('originate', (client) =>
      client.channels.originate({
        channelId: channel,
        endpoint,
        app: this.#application,
        appArgs: 'dialled',
        callerId,
        timeout: timeoutSeconds,
        variables,
      }),
    )
  }

  async play(channel: string, playback: string, media: readonly string[]): Promise<void> {
    await this.#ask('play', (client) =>
      client.channels.playWithId({ channelId: channel, playbackId: playback, media: [...media] }),
    )
  }

  async stopPlayback(playback: string): Promise<void> {
    await this.#ask('stop a playback', (client) => client.playbacks.stop({ playbackId: playback }))
  }

  async isPlaying(playback: string): Promise<boolean> {
    return this.#exists('find a playback', (client) => client.playbacks.get({ playbackId: playback }))
  }

  async sendDigits(channel: string, digits: string, onMs: number, offMs: number): Promise<void> {
    await this.#ask('send digits', (client) =>
      client.channels.sendDTMF({
        channelId: channel,
        dtmf: digits,
        before: 0,
        between: offMs,
        duration: onMs,
        after: 0,
      }),
    )
  }

  /** A channel that hears what the far end of `channel` says. It enters the application by itself. */
  async listenTo(channel: string, snoop: string): Promise<void> {
    await this.#ask('snoop', (client) =>
      client.channels.snoopChannelWithId({
        channelId: channel,
        snoopId: snoop,
        spy: 'in',
        app: this.#application,
        appArgs: 'snoop',
      }),
    )
  }

  /** A channel whose sound is mixed into what the far end of `channel` hears. It enters the application by itself. */
  async whisperTo(channel: string, snoop: string): Promise<void> {
    await this.#ask('whisper', (client) =>
      client.channels.snoopChannelWithId({
        channelId: channel,
        snoopId: snoop,
        whisper: 'out',
        app: this.#application,
        appArgs: 'snoop',
      }),
    )
  }

  async record({ channel, name, maxSeconds, maxSilenceSeconds }: RecordingRequest): Promise<void> {
    await this.#ask('record', (client) =>
      client.channels.record({
        channelId: channel,
        name,
        format: 'wav',
        maxDurationSeconds: maxSeconds,
        maxSilenceSeconds,
        ifExists: 'overwrite',
        beep: false,
        terminateOn: 'none',
      }),
    )
  }

  async stopRecording(name: string): Promise<void> {
    await this.#ask('stop a recording', (client) => client.recordings.stop({ recordingName: name }))
  }

  async isRecording(name: string): Promise<boolean> {
    return this.#exists('find a recording', (client) => client.recordings.getLive({ recordingName: name }))
  }

  /** Content of a finished recording. */
  async storedRecording(name: string): Promise<Buffer> {
    const file: unknown = await this.#ask('fetch a recording', (client) =>
      client.recordings.getStoredFile({ recordingName: name }),
    )
    if (Buffer.isBuffer(file)) return file
    throw new AriError('refused', `expected the file of the recording ${name}, found ${typeof file}`)
  }

  async deleteRecording(name: string): Promise<void> {
    await this.#ask('delete a recording', (client) => client.recordings.deleteStored({ recordingName: name }))
  }

  async createBridge(bridge: string): Promise<void> {
    await this.#ask('make a bridge', (client) =>
      client.bridges.createWithId({ bridgeId: bridge, type: 'mixing,dtmf_events' }),
    )
  }

  async addToBridge(bridge: string, channels: readonly string[]): Promise<void> {
    await this.#ask('bridge', (client) =>
      client.bridges.addChannel({ bridgeId: bridge, channel: channels.join(',') }),
    )
  }

  async removeFromBridge(bridge: string, channel: string): Promise<void> {
    await this.#ask('leave a bridge', (client) => client.bridges.removeChannel({ bridgeId: bridge, channel }))
  }

  async destroyBridge(bridge: string): Promise<void> {
    await this.#ask('end a bridge', (client) => client.bridges.destroy({ bridgeId: bridge }))
  }

  /** Which events the application is not told. */
  async filterOut(application: string, types: readonly string[]): Promise<void> {
    const filter = { disallowed: types.map((type) => ({ type })) }
    await this.#filter(application, filter)
  }

  /** Which events the application is told, all others not. */
  async filterFor(application: string, types: readonly string[]): Promise<void> {
    await this.#filter(application, { allowed: types.map((type) => ({ type })) })
  }

  async watchEndpoints(application: string): Promise<void> {
    await this.#ask('subscribe to endpoints', (client) =>
      client.applications.subscribe({ applicationName: application, eventSource: 'endpoint:PJSIP' }),
    )
  }

  /** Writes an object of pjsip.conf into Asterisk's memory. */
  async configure(type: string, id: string, fields: Readonly<Record<string, string>>): Promise<void> {
    const tuples = Object.entries(fields).map(([attribute, value]) => ({ attribute, value }))
    await this.#ask(`configure ${type} ${id}`, (client) =>
      client.asterisk.updateObject({ configClass: 'res_pjsip', objectType: type, id, fields: tuples }),
    )
  }

  /** Removes it there; what is not there need not be removed. */
  async unconfigure(type: string, id: string): Promise<void> {
    await this.#exists(`remove ${type} ${id}`, (client) =>
      client.asterisk.deleteObject({ configClass: 'res_pjsip', objectType: type, id }),
    )
  }

  /** Account code of an endpoint; undefined when there is no such endpoint. */
  async endpointMark(id: string): Promise<string | undefined> {
    try {
      const fields = await this.#ask(`read endpoint ${id}`, (client) =>
        client.asterisk.getObject({ configClass: 'res_pjsip', objectType: 'endpoint', id }),
      )
      return fields.find(({ attribute }) => attribute === 'accountcode')?.value
    } catch (error) {
      if (error instanceof AriError && error.kind === 'gone') return undefined
      throw error
    }
  }

  /** PJSIP endpoints and whether anybody is registered there. */
  async endpoints(): Promise<readonly { readonly name: string; readonly online: boolean }[]> {
    const found = await this.#ask('list endpoints', (client) =>
      client.endpoints.listByTech({ tech: 'PJSIP' }),
    )
    return found.map(({ resource, state }) => ({ name: resource, online: state === 'online' }))
  }

  async channels(): Promise<readonly FoundChannel[]> {
    const found: unknown = await this.#ask('list channels', (client) => client.channels.list())
    return Array.isArray(found) ? found.flatMap(foundChannel) : []
  }

  /** Ids of the bridges that ARI applications made. */
  async bridges(): Promise<readonly string[]> {
    const found = await this.#ask('list bridges', (client) => client.bridges.list())
    return found.map(({ id }) => id)
  }

  async #exists(what: string, send: (client: Client) => Promise<unknown>): Promise<boolean> {
    try {
      await this.#ask(what, send)
      return true
    } catch (error) {
      if (error instanceof AriError && error.kind === 'gone') return false
      throw error
    }
  }

  async #filter(application: string, filter: object): Promise<void> {
    await this.#ask('filter events', (client) =>
      client.applications.filter({ applicationName: application, filter: { ...filter } }),
    )
  }

  #ask<Answer>(what: string, send: (client: Client) => Promise<Answer>): Promise<Answer> {
    return this.#connection.ask(what, send)
  }
}

function foundChannel(channel: unknown): FoundChannel[] {
  if (typeof channel !== 'object' || channel === null || !('id' in channel) || !('dialplan' in channel))
    return []
  const { id, dialplan } = channel
  if (typeof id !== 'string' || typeof dialplan !== 'object' || dialplan === null) return []
  const text = (key: string): string => {
    const value: unknown = Object.hasOwn(dialplan, key) ? Reflect.get(dialplan, key) : undefined
    return typeof value === 'string' ? value : ''
  }
  return [{ id, application: text('app_name'), applicationData: text('app_data') }]
}
