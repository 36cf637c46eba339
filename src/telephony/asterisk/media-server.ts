import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { SAMPLES_PER_MS, type Sound, TELEPHONE_RATE } from '../../audio/sound.ts'
import { encodeWav, readTelephoneWav, soundOf } from '../../audio/wav.ts'
import type { PlayItem } from '../../call/commands.ts'
import { messageOf, SwitchroomError } from '../../errors.ts'

/** Asterisk cannot play a file round and round: it is given one that lasts so long, and then again. */
const LOOP_MS = 300_000
/** Asterisk keeps what it fetched for so long without asking again; another content has another name. */
const KEEP_SECONDS = 31_536_000

/** Sentences with names and numbers in them are files too: those that were not played for longest are forgotten. */
const MOST_FILES = 5_000

interface Entry {
  readonly name: string
  readonly modifiedMs: number
  readonly bytes: number
}

/** How the bytes behind a name are made again. */
type Source = () => Promise<Buffer>

/**
 * Gives Asterisk our audio: each file under a name made of its content, so that its media cache
 * (res_http_media_cache) fetches every content once and never an old one. Files become 16-bit WAV at 8 kHz, the one
 * kind of WAV that every Asterisk plays. See docs/decisions/009-asterisk-knows-nothing.md.
 */
export class MediaServer {
  readonly #logger: Logger
  readonly #options: { readonly host: string; readonly port: number; readonly publicUrl?: string }
  readonly #entries = new Map<string, Entry>()
  readonly #sources = new Map<string, Source>()
  readonly #server: Server
  #base = ''

  constructor(
    logger: Logger,
    options: { readonly host: string; readonly port: number; readonly publicUrl?: string },
  ) {
    this.#logger = logger
    this.#options = options
    this.#server = createServer((request, response) => {
      void this.#serve(request.method ?? '', request.url ?? '', response)
    })
  }

  /** @throws SwitchroomError PORT_TAKEN or ADDRESS_UNAVAILABLE */
  async start(): Promise<void> {
    const { host, port, publicUrl } = this.#options
    try {
      this.#server.listen(port, host)
      await once(this.#server, 'listening')
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      throw new SwitchroomError(
        taken ? 'PORT_TAKEN' : 'ADDRESS_UNAVAILABLE',
        `audio for Asterisk cannot be served on ${host}:${port}: ${messageOf(error)}`,
        { cause: error, remedy: 'Change asterisk.mediaHost or asterisk.mediaPort.' },
      )
    }
    const address = this.#server.address() as AddressInfo
    this.#base = publicUrl ?? `http://${host}:${address.port}`
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  /**
   * What Asterisk plays for this piece, as a media URI of ARI.
   * @throws SwitchroomError PROMPT_MISSING when the file cannot be read or is not a WAV file that we play
   */
  async mediaOf(item: PlayItem): Promise<string> {
    if ('silenceMs' in item) return this.#silence(Math.round(item.silenceMs))
    return this.#publish(item.file, 'once', (sound) => sound)
  }

  /** The file repeated for minutes. @throws like `mediaOf` */
  async loopOf(file: string): Promise<string> {
    return this.#publish(file, 'loop', looped)
  }

  async #publish(file: string, kind: 'once' | 'loop', shape: (sound: Sound) => Sound): Promise<string> {
    const key = `${kind} ${file}`
    const { mtimeMs: modifiedMs, size: bytes } = await readable(file, () => stat(file))
    const known = this.#entries.get(key)
    // Last in, last out.
    this.#entries.delete(key)
    if (known?.modifiedMs === modifiedMs && known.bytes === bytes) {
      this.#entries.set(key, known)
      return this.#urlOf(known.name)
    }
    const load = async (): Promise<Buffer> => {
      const content = await readable(file, () => readFile(file))
      return encodeWav(shape(soundOf(readTelephoneWav(content, file))))
    }
    const name = nameOf(await load())
    this.#sources.set(name, load)
    this.#entries.set(key, { name, modifiedMs, bytes })
    this.#shrink()
    return this.#urlOf(name)
  }

  #shrink(): void {
    if (this.#entries.size <= MOST_FILES) return
    for (const [key, { name }] of this.#entries) {
      this.#entries.delete(key)
      // Two files may have the same content.
      if (![...this.#entries.values()].some((entry) => entry.name === name)) this.#sources.delete(name)
      return
    }
  }

  #silence(ms: number): string {
    const name = `silence-${ms}.wav`
    this.#sources.set(name, async () =>
      encodeWav({ rate: TELEPHONE_RATE, samples: new Int16Array(ms * SAMPLES_PER_MS) }),
    )
    return this.#urlOf(name)
  }

  #urlOf(name: string): string {
    return `sound:${this.#base}/${name}`
  }

  async #serve(method: string, path: string, response: ServerResponse): Promise<void> {
    const name = path.slice(1)
    const load = this.#sources.get(name)
    try {
      if (!load || (method !== 'GET' && method !== 'HEAD')) {
        this.#logger.warn({ method, path }, 'Asterisk asked for audio that is not there')
        response.writeHead(404).end()
        return
      }
      const body = await load()
      if (!name.startsWith('silence-') && nameOf(body) !== name) {
        this.#sources.delete(name)
        response.writeHead(410).end()
        return
      }
      const headers = {
        'content-type': 'audio/wav',
        'content-length': body.length,
        'cache-control': `public, max-age=${KEEP_SECONDS}, immutable`,
        etag: `"${name}"`,
      }
      response.writeHead(200, headers).end(method === 'HEAD' ? undefined : body)
    } catch (err) {
      this.#logger.error({ err, path }, 'audio for Asterisk cannot be read')
      if (!response.headersSent) response.writeHead(500)
      response.end()
    }
  }
}

function nameOf(content: Buffer): string {
  return `${createHash('sha256').update(content).digest('hex')}.wav`
}

function looped({ rate, samples }: Sound): Sound {
  if (samples.length === 0) return { rate, samples }
  const times = Math.max(1, Math.ceil((LOOP_MS * SAMPLES_PER_MS) / samples.length))
  const all = new Int16Array(samples.length * times)
  for (let at = 0; at < all.length; at += samples.length) all.set(samples, at)
  return { rate, samples: all }
}

/** @throws SwitchroomError PROMPT_MISSING */
async function readable<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    throw new SwitchroomError('PROMPT_MISSING', `${file} cannot be played: ${messageOf(error)}`, {
      cause: error,
    })
  }
}
