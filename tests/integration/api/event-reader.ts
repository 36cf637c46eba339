import { WebSocket } from 'ws'
import type { LiveMessage, LiveMessageType } from '../../../src/api/contract/index.ts'

type Message<Type extends LiveMessageType> = Extract<LiveMessage, { type: Type }>

/** What has come from a stream, and what is to come. */
export class Inbox {
  readonly all: LiveMessage[] = []
  #waiting: (() => boolean)[] = []

  push(text: string): void {
    this.all.push(JSON.parse(text))
    this.#waiting = this.#waiting.filter((arrived) => !arrived())
  }

  /** The first message of this type, from message number `from` on; waits for it. */
  next<Type extends LiveMessageType>(type: Type, from = 0): Promise<Message<Type>> {
    return new Promise((resolve) => {
      const arrived = (): boolean => {
        const found = this.all.slice(from).find((message): message is Message<Type> => message.type === type)
        if (found) resolve(found)
        return found !== undefined
      }
      if (!arrived()) this.#waiting.push(arrived)
    })
  }

  types(): string[] {
    return this.all.map(({ type }) => type)
  }
}

export interface Listening {
  readonly inbox: Inbox
  readonly socket: WebSocket
  say(message: object): void
  /** Close code and reason. */
  readonly closed: Promise<string>
}

/** Opens a WebSocket; with a token it says who it is as its first message. */
export function listenByWebSocket(
  http: string,
  { token, cursor, headers }: { token?: string; cursor?: string; headers?: Record<string, string> } = {},
): Listening {
  const socket = new WebSocket(`${http.replace('http', 'ws')}/v1/events`, { ...(headers && { headers }) })
  const inbox = new Inbox()
  const say = (message: object): void => socket.send(JSON.stringify(message))
  socket.on(
    'open',
    () => token && say({ type: 'authenticate', token, ...(cursor !== undefined && { cursor }) }),
  )
  socket.on('message', (data: Buffer) => inbox.push(data.toString()))
  const closed = new Promise<string>((resolve, reject) => {
    socket.on('close', (code, reason) => resolve(`${code} ${reason.toString()}`))
    socket.on('error', reject)
  })
  closed.catch(() => undefined)
  return { inbox, socket, say, closed }
}

/** Opens a stream of server-sent events. */
export async function listenBySse(http: string, token: string, headers: Record<string, string> = {}) {
  const stop = new AbortController()
  const answer = await fetch(`${http}/v1/events`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: stop.signal,
  })
  const inbox = new Inbox()
  const ids: string[] = []
  const read = async (): Promise<void> => {
    let text = ''
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString()
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        const fields = new Map(event.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]))
        const [id, data] = [fields.get('id'), fields.get('data')]
        if (id !== undefined) ids.push(id)
        if (data !== undefined) inbox.push(data)
      }
    }
  }
  const ended = read().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error
  })
  return { answer, inbox, ids, ended, stop: () => stop.abort() }
}
