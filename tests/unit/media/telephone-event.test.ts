import { beforeEach, describe, expect, it } from 'vitest'
import { emptyHeader } from '../../../src/telephony/embedded/media/rtp.ts'
import { TelephoneEventReceiver } from '../../../src/telephony/embedded/media/telephone-event-receiver.ts'
import {
  isDialable,
  TelephoneEventSender,
} from '../../../src/telephony/embedded/media/telephone-event-sender.ts'

let heard: string[]
let receiver: TelephoneEventReceiver
let now: number

beforeEach(() => {
  heard = []
  now = 1000
  receiver = new TelephoneEventReceiver({
    digitBegun: (digit) => heard.push(`${digit} down`),
    digitEnded: (digit, durationMs) => heard.push(`${digit} up after ${durationMs}`),
  })
})

interface Sent {
  readonly event: number
  readonly timestamp: number
  readonly duration: number
  readonly end?: boolean
  readonly marker?: boolean
}

function receive({ event, timestamp, duration, end = false, marker = false }: Sent): void {
  const packet = Buffer.from([event, end ? 0x8a : 0x0a, duration >> 8, duration & 0xff])
  now += 20
  receiver.receive(packet, { ...emptyHeader(), timestamp, marker, start: 0, end: 4 }, now)
}

describe('keys heard (RFC 4733)', () => {
  it('says a press once, at its first packet, and its end once, though the end comes three times', () => {
    receive({ event: 5, timestamp: 8000, duration: 160, marker: true })
    expect(heard).toEqual(['5 down'])
    receive({ event: 5, timestamp: 8000, duration: 320 })
    for (let times = 0; times < 3; times++) receive({ event: 5, timestamp: 8000, duration: 800, end: true })
    expect(heard).toEqual(['5 down', '5 up after 100'])
  })

  it('hears a press of which only the last end arrived', () => {
    receive({ event: 11, timestamp: 8000, duration: 800, end: true })
    expect(heard).toEqual(['# down', '# up after 100'])
  })

  it('hears the same key twice when it is pressed twice, though the first end was lost', () => {
    receive({ event: 1, timestamp: 8000, duration: 640, marker: true })
    receive({ event: 1, timestamp: 10_000, duration: 160, marker: true })
    receive({ event: 1, timestamp: 10_000, duration: 800, end: true })
    expect(heard).toEqual(['1 down', '1 up after 80', '1 down', '1 up after 100'])
  })

  it('hears it twice also when the marked packet was lost with the end', () => {
    receive({ event: 1, timestamp: 8000, duration: 640, marker: true })
    receive({ event: 1, timestamp: 10_000, duration: 320 })
    expect(heard).toEqual(['1 down', '1 up after 80', '1 down'])
  })

  it('ends a press by itself when its packets cease', () => {
    receive({ event: 3, timestamp: 8000, duration: 480, marker: true })
    receiver.expire(now + 150)
    expect(heard).toEqual(['3 down'])
    receiver.expire(now + 250)
    expect(heard).toEqual(['3 down', '3 up after 60'])
  })

  it('is not fooled by an end of the press before, arriving late', () => {
    receive({ event: 1, timestamp: 8000, duration: 800, end: true })
    receive({ event: 2, timestamp: 9600, duration: 160, marker: true })
    receive({ event: 1, timestamp: 8000, duration: 800, end: true })
    receive({ event: 2, timestamp: 9600, duration: 800, end: true })
    expect(heard).toEqual(['1 down', '1 up after 100', '2 down', '2 up after 100'])
  })

  it('joins the segments of a press longer than eight seconds (RFC 4733 2.5.1.3)', () => {
    receive({ event: 10, timestamp: 8000, duration: 65_535, marker: true })
    receive({ event: 10, timestamp: 8000 + 65_535, duration: 160 })
    receive({ event: 10, timestamp: 8000 + 65_535, duration: 14_465, end: true })
    expect(heard).toEqual(['* down', '* up after 10000'])
  })

  it('takes a timestamp that counts on with every packet for one press', () => {
    receive({ event: 7, timestamp: 8000, duration: 160, marker: true })
    receive({ event: 7, timestamp: 8160, duration: 160 })
    receive({ event: 7, timestamp: 8320, duration: 160, end: true })
    expect(heard).toEqual(['7 down', '7 up after 60'])
  })

  it('works across the wrap of the timestamp', () => {
    receive({ event: 1, timestamp: 0xffffff00, duration: 800, end: true })
    receive({ event: 1, timestamp: 0x400, duration: 800, end: true })
    expect(heard).toHaveLength(4)
  })

  it('begins anew with a new source, whatever its timestamps', () => {
    receive({ event: 1, timestamp: 800_000, duration: 160, marker: true })
    receiver.startSource()
    receive({ event: 2, timestamp: 799_000, duration: 160, marker: true })
    expect(heard).toEqual(['1 down', '1 up after 20', '2 down'])
  })

  it('passes over events that are no keys, and packets that are too short', () => {
    receive({ event: 16, timestamp: 8000, duration: 160, marker: true })
    receiver.receive(Buffer.from([1, 0]), { ...emptyHeader(), start: 0, end: 2 }, now)
    expect(heard).toEqual([])
  })
})

describe('keys sent (RFC 4733)', () => {
  it('sends 100 ms on, the end three times, and at least 70 ms off', () => {
    const sender = new TelephoneEventSender('5#')
    const turns = []
    while (!sender.done) {
      const packet = sender.next()
      const payload = packet?.payload
      turns.push(
        payload && {
          event: payload[0],
          end: payload[1]! >= 0x80,
          duration: payload.readUInt16BE(2),
          marker: packet.marker,
        },
      )
    }
    const press = (event: number) => [
      { event, end: false, duration: 160, marker: true },
      { event, end: false, duration: 320, marker: false },
      { event, end: false, duration: 480, marker: false },
      { event, end: false, duration: 640, marker: false },
      { event, end: true, duration: 800, marker: false },
      { event, end: true, duration: 800, marker: false },
      { event, end: true, duration: 800, marker: false },
      undefined,
      undefined,
    ]
    expect(turns).toEqual([...press(5), ...press(11)])
  })

  it('knows what a key is', () => {
    expect(['0123456789*#ABCD', 'abcd'].every(isDialable)).toBe(true)
    expect(['', '1 2', '+1', 'E'].some(isDialable)).toBe(false)
  })
})
