import { expect, test, vi } from 'vitest'
import { type Audience, type Frame, Hub, type LiveEvent, type Viewer } from '../../../src/api/live/hub.ts'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'

const supervisor: Viewer = { queues: new Set() }
const snapshot = (): LiveEvent => ({ type: 'snapshot', agents: [], queues: [], contacts: [] })
const ended = (contact: string): LiveEvent => ({ type: 'wrap-up.ended', contact, agent: 'alice' })

function reader(viewer: Viewer = supervisor) {
  const frames: Frame[] = []
  const said = () =>
    frames.map(({ json }) => {
      const { type, contact } = JSON.parse(json.toString())
      return contact ?? type
    })
  return { viewer, frames, said, send: (frame: Frame) => void frames.push(frame) }
}

test('an event is written once for all who read it', () => {
  const hub = new Hub(new SimulatedClock(5), 'epoch')
  const [one, other] = [reader(), reader()]
  for (const each of [one, other]) hub.join(each, undefined, snapshot)
  hub.publish(ended('c1'), 'everybody')
  const last = one.frames.at(-1)
  expect(other.frames.at(-1)).toBe(last)
  expect(last?.sse).toBe(other.frames.at(-1)?.sse)
  const json = '{"cursor":"epoch:1","at":5,"type":"wrap-up.ended","contact":"c1","agent":"alice"}'
  expect(last?.json.toString()).toBe(json)
  expect(last?.sse.toString()).toBe(`id: epoch:1\nevent: wrap-up.ended\ndata: ${json}\n\n`)
})

test.each<[string, Viewer, Audience, boolean]>([
  ['an agent sees own things', { agent: 'a', queues: new Set() }, { agents: ['b', 'a'] }, true],
  ['not those of others', { agent: 'a', queues: new Set() }, { agents: ['b'] }, false],
  ['those of own queues', { agent: 'a', queues: new Set(['q']) }, { agents: [], queues: ['p', 'q'] }, true],
  [
    'not those of other queues',
    { agent: 'a', queues: new Set(['r']) },
    { agents: [], queues: ['p', 'q'] },
    false,
  ],
  ['and what is for everybody', { agent: 'a', queues: new Set() }, 'everybody', true],
  ['a supervisor sees all', supervisor, { agents: [] }, true],
])('%s', (_name, viewer, audience, isSeen) => {
  const hub = new Hub(new SimulatedClock(), 'epoch')
  const one = reader(viewer)
  hub.join(one, undefined, snapshot)
  hub.publish(ended('c1'), audience)
  expect(one.said()).toEqual(isSeen ? ['snapshot', 'c1'] : ['snapshot'])
  const back = reader(viewer)
  hub.join(back, 'epoch:0', snapshot)
  expect(back.said()).toEqual(isSeen ? ['resumed', 'c1'] : ['resumed'])
})

test.each([
  ['epoch:5', ['resumed']],
  ['epoch:4', ['resumed', 'c5']],
  ['epoch:2', ['resumed', 'c3', 'c4', 'c5']],
  ['epoch:1', ['snapshot']],
  ['epoch:6', ['snapshot']],
  ['other:4', ['snapshot']],
  ['epoch:-1', ['snapshot']],
  ['epoch:', ['snapshot']],
  ['nonsense', ['snapshot']],
])('of five events three are kept: %s gets %j', (cursor, said) => {
  const hub = new Hub(new SimulatedClock(), 'epoch', 3)
  hub.join(reader(), undefined, snapshot)()
  for (const contact of ['c1', 'c2', 'c3', 'c4', 'c5']) hub.publish(ended(contact), 'everybody')
  const one = reader()
  const leave = hub.join(one, cursor, snapshot)
  hub.publish(ended('c6'), 'everybody')
  leave()
  hub.publish(ended('c7'), 'everybody')
  expect(one.said()).toEqual([...said, 'c6'])
})

test('what makes an event is asked only where somebody reads', () => {
  const hub = new Hub(new SimulatedClock(), 'epoch')
  const make = vi.fn(() => ended('c1'))
  hub.publish(make, 'everybody')
  expect(make).not.toHaveBeenCalled()
  const one = reader()
  hub.join(one, undefined, snapshot)
  hub.publish(make, 'everybody')
  expect(make).toHaveBeenCalledOnce()
  expect(one.said()).toEqual(['snapshot', 'c1'])
})

test('where nobody has read for ten minutes, nothing is kept for those who come back', () => {
  const clock = new SimulatedClock()
  const hub = new Hub(clock, 'epoch')
  const leave = hub.join(reader(), undefined, snapshot)
  clock.advance(20 * 60_000)
  hub.publish(ended('c1'), 'everybody')
  leave()
  clock.advance(10 * 60_000)
  hub.publish(ended('c2'), 'everybody')
  const soon = reader()
  hub.join(soon, 'epoch:0', snapshot)()
  expect(soon.said()).toEqual(['resumed', 'c1', 'c2'])
  clock.advance(10 * 60_000 + 1)
  hub.publish(ended('c3'), 'everybody')
  const late = reader()
  hub.join(late, 'epoch:1', snapshot)
  expect(late.said()).toEqual(['snapshot'])
  hub.publish(ended('c4'), 'everybody')
  const back = reader()
  hub.join(back, 'epoch:3', snapshot)
  expect(back.said()).toEqual(['resumed', 'c4'])
})
