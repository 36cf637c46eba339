/**
 * baresip, unmodified, as a phone: a configuration folder of its own, loopback only, steered over its control
 * port (JSON in netstrings). It sends a WAV file and writes what it hears to another one.
 */
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { program } from './peers.ts'
import { freePort, freePortBlock } from './ports.ts'
import { type RunningProgram, start } from './process.ts'
import { tempFolder } from './temp-folder.ts'
import { until } from './until.ts'

/** Of the recording: 8 kHz, 16 bit. */
const BYTES_PER_SECOND = 16_000
const MODULES = '/usr/lib/baresip/modules'

export interface BaresipOptions {
  /** `host:port` of the server. */
  readonly server: string
  readonly user: string
  /** It registers with this password; without one, it only calls. */
  readonly password?: string
  /** What it does with a call (default `manual`: the test says `accept`). */
  readonly answers?: 'manual' | 'auto'
  /** What it sends: a WAV file, 8 kHz mono 16 bit. It must last as long as the call. */
  readonly sound: string
}

/** An event as baresip reports it: `REGISTER_OK`, `CALL_INCOMING`, `CALL_ESTABLISHED`, `CALL_CLOSED`, ... */
export interface BaresipEvent {
  readonly type: string
  /** The far end of a call. */
  readonly peeruri?: string
  /** Reason of an end. */
  readonly param?: string
}

export interface Baresip extends AsyncDisposable {
  readonly events: readonly BaresipEvent[]
  readonly sipPort: number
  /** The first event of this type that no earlier `event` call has returned. */
  event(type: string, timeoutMs?: number): Promise<BaresipEvent>
  /** Runs a command of its menu: `dial 100`, `accept`, `hangup`, `sndcode 1`, `hold`, `resume`. */
  command(name: string, parameters?: string): Promise<string>
  dial(number: string): Promise<void>
  accept(): Promise<void>
  hangUp(): Promise<void>
  press(digits: string): Promise<void>
  /** Resolves when it has heard this much of its present call, whatever it was. */
  hears(seconds?: number): Promise<void>
  /** Ends it; then the recording of what it heard is complete. */
  stop(): Promise<void>
  /** The WAV file with what it heard in its last call, after `stop`. Gone after `remove`. */
  heard(): Promise<string | undefined>
  remove(): Promise<void>
}

/** Starts baresip; with a password, it has registered when this resolves. */
export async function startBaresip(options: BaresipOptions): Promise<Baresip> {
  const folder = await tempFolder('baresip')
  // It takes the next port for SIP over TLS.
  const sipPort = await freePort(2)
  const controlPort = await freePort()
  const recordings = join(folder.path, 'recordings')
  await mkdir(recordings)
  await writeFile(
    join(folder.path, 'config'),
    config(options, sipPort, controlPort, await freePortBlock(8), recordings),
  )
  await writeFile(join(folder.path, 'accounts'), `${account(options)}\n`)
  await writeFile(join(folder.path, 'contacts'), '')

  const process = start(program('baresip'), ['-f', folder.path])
  try {
    await process.line(/baresip is ready/)
    const phone = new ControlledPhone(
      process,
      await connected(controlPort),
      sipPort,
      folder.remove,
      async () => {
        const name = (await readdir(recordings)).sort().findLast((file) => file.endsWith('-dec.wav'))
        return name === undefined ? undefined : join(recordings, name)
      },
    )
    if (options.password !== undefined) await process.line(/ 200 OK .*\[\d+ bindings?\]/)
    return phone
  } catch (error) {
    await process.kill()
    await folder.remove()
    throw error
  }
}

class ControlledPhone implements Baresip {
  readonly events: BaresipEvent[] = []
  readonly sipPort: number
  readonly heard: () => Promise<string | undefined>
  readonly #process: RunningProgram
  readonly #control: Socket
  readonly #removeFolder: () => Promise<void>
  readonly #taken = new Set<BaresipEvent>()
  readonly #answers = new Map<string, { readonly ok: boolean; readonly data: string }>()
  #received = Buffer.alloc(0)
  #commands = 0

  constructor(
    process: RunningProgram,
    control: Socket,
    sipPort: number,
    removeFolder: () => Promise<void>,
    heard: () => Promise<string | undefined>,
  ) {
    this.#process = process
    this.#control = control
    this.sipPort = sipPort
    this.#removeFolder = removeFolder
    this.heard = heard
    control.on('data', (chunk) => this.#receive(chunk))
    control.on('error', () => {})
  }

  async event(type: string, timeoutMs = 15_000): Promise<BaresipEvent> {
    const seen = (): BaresipEvent | undefined =>
      this.events.find((event) => event.type === type && !this.#taken.has(event))
    try {
      const event = await until(`baresip reports ${type}`, seen, timeoutMs)
      this.#taken.add(event)
      return event
    } catch (error) {
      throw new Error(`${String(error)}\nso far: ${JSON.stringify(this.events)}\n${this.#process.output}`, {
        cause: error,
      })
    }
  }

  async command(name: string, parameters = ''): Promise<string> {
    const token = String(++this.#commands)
    const message = JSON.stringify({ command: name, params: parameters, token })
    this.#control.write(`${Buffer.byteLength(message)}:${message},`)
    const answer = await until(`baresip answers ${name}`, () => this.#answers.get(token))
    if (!answer.ok) throw new Error(`baresip refused ${name} ${parameters}: ${answer.data}`)
    return answer.data
  }

  async dial(number: string): Promise<void> {
    await this.command('dial', number)
  }

  async accept(): Promise<void> {
    await this.command('accept')
  }

  async hangUp(): Promise<void> {
    await this.command('hangup')
  }

  async press(digits: string): Promise<void> {
    await this.command('sndcode', digits)
  }

  async hears(seconds = 1): Promise<void> {
    await until(`baresip has heard ${seconds} s`, async () => {
      const file = await this.heard()
      return file !== undefined && (await stat(file)).size >= seconds * BYTES_PER_SECOND
    })
  }

  async stop(): Promise<void> {
    this.#control.destroy()
    await this.#process.stop()
  }

  async remove(): Promise<void> {
    await this.stop()
    await this.#removeFolder()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remove()
  }

  /** Netstrings: `<length>:<bytes>,` (https://cr.yp.to/proto/netstrings.txt). */
  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    for (;;) {
      const colon = this.#received.indexOf(':')
      const length = Number(this.#received.subarray(0, Math.max(colon, 0)).toString())
      if (colon < 0 || this.#received.length < colon + 1 + length + 1) return
      const text = this.#received.subarray(colon + 1, colon + 1 + length).toString()
      this.#received = this.#received.subarray(colon + 1 + length + 1)
      this.#message(JSON.parse(text) as ControlMessage)
    }
  }

  #message(message: ControlMessage): void {
    if (message.event === true) {
      const { type = '', peeruri, param } = message
      this.events.push({ type, ...(peeruri && { peeruri }), ...(param && { param }) })
    } else if (message.token !== undefined) {
      this.#answers.set(message.token, { ok: message.ok === true, data: message.data ?? '' })
    }
  }
}

interface ControlMessage {
  readonly event?: boolean
  readonly type?: string
  readonly peeruri?: string
  readonly param?: string
  readonly response?: boolean
  readonly token?: string
  readonly ok?: boolean
  readonly data?: string
}

function account({ user, server, password, answers = 'manual' }: BaresipOptions): string {
  const registration =
    password === undefined ? 'regint=0' : `auth_user=${user};auth_pass=${password};regint=60`
  return `<sip:${user}@${server}>;${registration};answermode=${answers};audio_codecs=pcmu`
}

/** The bridge device is a player that nobody listens to; the sndfile filter in front of it writes the recording. */
function config(
  options: BaresipOptions,
  sipPort: number,
  controlPort: number,
  rtpPort: number,
  recordings: string,
): string {
  return [
    'poll_method epoll',
    'call_max_calls 4',
    `sip_listen 127.0.0.1:${sipPort}`,
    'net_interface 127.0.0.1',
    `rtp_ports ${rtpPort}-${rtpPort + 7}`,
    'audio_player aubridge,ears',
    `audio_source aufile,${options.sound}`,
    'audio_alert aubridge,bell',
    'jitter_buffer_delay 1-5',
    `module_path ${MODULES}`,
    'module g711.so',
    'module aufile.so',
    'module aubridge.so',
    'module sndfile.so',
    'module_tmp account.so',
    'module_app contact.so',
    'module_app menu.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    `snd_path ${recordings}`,
    '',
  ].join('\n')
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(socket)).once('error', reject)
  })
}
