import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LiveMessage } from '../../../src/api/contract/index.ts'
import { LiveConnection } from '../../../src/desktop/connection/live-connection.ts'

/** The other end of a WebSocket, in the hands of the test. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1
  static readonly all: FakeSocket[] = []
  readonly sent: unknown[] = []
  readyState = 0

  constructor(url: string) {
    super()
    expect(url).toBe('ws://desk/v1/events')
    FakeSocket.all.push(this)
  }

  static get last(): FakeSocket {
    const last = FakeSocket.all.at(-1)
    if (!last) throw new Error('nobody has connected')
    return last
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  close(): void {
    this.readyState = 2
  }

  accept(): void {
    this.readyState = FakeSocket.OPEN
    this.dispatchEvent(new Event('open'))
  }

  say(message: object): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(message) }))
  }

  end(code: number): void {
    this.readyState = 3
    this.dispatchEvent(Object.assign(new Event('close'), { code }))
  }
}

const heartbeat = { type: 'heartbeat', cursor: 'e:7', at: 0 }

let cursor: string | undefined
let received: LiveMessage[]
let told: string[]
let connection: LiveConnection

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  FakeSocket.all.length = 0
  cursor = undefined
  received = []
  told = []
  connection = new LiveConnection('ws://desk/v1/events', 'token', () => cursor, {
    receive: (message) => received.push(message),
    lost: () => told.push('lost'),
    signedOut: () => told.push('signed out'),
  })
  connection.open()
  FakeSocket.last.accept()
})

afterEach(() => {
  connection.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('live connection', () => {
  it('says who it is, and hands on what it hears', () => {
    expect(FakeSocket.last.sent).toEqual([{ type: 'authenticate', token: 'token' }])
    FakeSocket.last.say(heartbeat)
    FakeSocket.last.dispatchEvent(Object.assign(new Event('message'), { data: 'noise' }))
    expect(received).toEqual([heartbeat])
  })

  it('connects again with its cursor, later and later', () => {
    cursor = 'e:7'
    const waits: number[] = []
    for (let attempt = 0; attempt < 8; attempt++) {
      const before = FakeSocket.all.length
      FakeSocket.last.end(1006)
      let waited = 0
      while (FakeSocket.all.length === before) {
        vi.advanceTimersByTime(50)
        waited += 50
      }
      waits.push(waited)
    }
    FakeSocket.last.accept()
    expect(FakeSocket.last.sent).toEqual([{ type: 'authenticate', token: 'token', cursor: 'e:7' }])
    expect(told).toEqual(Array.from({ length: 8 }, () => 'lost'))
    expect(waits[0]).toBeLessThanOrEqual(500)
    expect(waits[7]).toBeGreaterThanOrEqual(5000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000)
  })

  it('gives up a line that is silent', () => {
    vi.advanceTimersByTime(39_000)
    FakeSocket.last.say(heartbeat)
    vi.advanceTimersByTime(39_000)
    expect(told).toEqual([])
    vi.advanceTimersByTime(2000)
    expect(told).toEqual(['lost'])
    expect(FakeSocket.all).toHaveLength(2)
  })

  it('does not try again when the session has ended', () => {
    FakeSocket.last.end(4401)
    vi.advanceTimersByTime(60_000)
    expect(told).toEqual(['signed out'])
    expect(FakeSocket.all).toHaveLength(1)
  })

  it('does not wait when the network is back', () => {
    FakeSocket.last.end(1006)
    connection.hurry()
    expect(FakeSocket.all).toHaveLength(2)
    connection.hurry()
    expect(FakeSocket.all).toHaveLength(2)
  })

  it('acknowledges an offer, and is still when it is closed', () => {
    connection.acknowledge('o1')
    expect(FakeSocket.last.sent).toContainEqual({ type: 'acknowledge', offer: 'o1' })
    connection.close()
    FakeSocket.last.end(1006)
    vi.advanceTimersByTime(60_000)
    expect(told).toEqual([])
  })
})
