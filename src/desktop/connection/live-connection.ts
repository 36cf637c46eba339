import type { ClientMessage, LiveMessage } from '../../api/contract/index.ts'

/** The server beats every 15 s; without a word for this long the connection is dead. */
const SILENCE_MS = 40_000
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 10_000
/** Close code: the session has ended. */
const NOT_SIGNED_IN = 4401

export interface LiveListener {
  receive(message: LiveMessage): void
  /** There is no connection; it is being tried again. */
  lost(): void
  /** The session has ended; there is no further try. */
  signedOut(): void
}

/**
 * The stream of live events: connects, says who it is and where it was, and when the line is lost connects again,
 * later and later, at times that differ from desk to desk so that a restarted server is not stormed.
 */
export class LiveConnection {
  readonly #url: string
  readonly #token: string
  readonly #cursor: () => string | undefined
  readonly #listener: LiveListener
  #socket: WebSocket | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #tries = 0
  #isClosed = false

  /** @param cursor where the desk is: the cursor of the last message that it took in */
  constructor(url: string, token: string, cursor: () => string | undefined, listener: LiveListener) {
    this.#url = url
    this.#token = token
    this.#cursor = cursor
    this.#listener = listener
  }

  open(): void {
    if (this.#isClosed) return
    const socket = new WebSocket(this.#url)
    this.#socket = socket
    this.#expectWord(socket)
    socket.addEventListener('open', () => {
      const cursor = this.#cursor()
      this.#say({ type: 'authenticate', token: this.#token, ...(cursor !== undefined && { cursor }) })
    })
    socket.addEventListener('message', ({ data }) => {
      if (socket !== this.#socket) return
      this.#tries = 0
      this.#expectWord(socket)
      const message = parse(data)
      if (message) this.#listener.receive(message)
    })
    socket.addEventListener('close', ({ code }) => this.#lost(socket, code))
  }

  /** The screen pop of this offer is shown. */
  acknowledge(offer: string): void {
    this.#say({ type: 'acknowledge', offer })
  }

  /** The network is back: no need to wait for the next try. */
  hurry(): void {
    if (this.#socket !== undefined || this.#isClosed) return
    clearTimeout(this.#timer)
    this.open()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#socket?.close()
  }

  #say(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  #expectWord(socket: WebSocket): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      socket.close()
      // A dead line does not tell that it is closed.
      this.#lost(socket, 1006)
    }, SILENCE_MS)
  }

  #lost(socket: WebSocket, code: number): void {
    if (socket !== this.#socket || this.#isClosed) return
    this.#socket = undefined
    clearTimeout(this.#timer)
    if (code === NOT_SIGNED_IN) {
      this.#isClosed = true
      this.#listener.signedOut()
      return
    }
    this.#listener.lost()
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#tries)
    this.#tries += 1
    this.#timer = setTimeout(() => this.open(), longest * (0.5 + Math.random() / 2))
  }
}

function parse(data: unknown): LiveMessage | undefined {
  try {
    const message: LiveMessage = JSON.parse(String(data))
    return typeof message.type === 'string' && typeof message.cursor === 'string' ? message : undefined
  } catch {
    return undefined
  }
}
