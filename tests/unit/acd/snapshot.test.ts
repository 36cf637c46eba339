import { expect, test } from 'vitest'
import { Engine } from '../../../src/acd/engine.ts'
import { FloorTalk, offerIn, rules } from './floor.ts'

test('an engine restored from a snapshot that went through JSON goes on as the one that was written down', () => {
  const floor = new FloorTalk(rules('billing'), rules('sales'))
  floor.ready('ana', { billing: 3 })
  floor.ready('ben', { billing: 3, sales: 1 })
  floor.ready('cleo', { sales: 2 })
  floor.connect('talk', 'billing')
  const { offer } = offerIn(floor.queue('ring', 'sales'))
  floor.queue('wait', 'billing', { priority: 2 })
  const restored = Engine.restore(JSON.parse(JSON.stringify(floor.engine.snapshot())))
  expect(restored.agents()).toEqual(floor.engine.agents())
  expect(restored.contacts()).toEqual(floor.engine.contacts())
  expect(restored.queues(floor.now)).toEqual(floor.engine.queues(floor.now))
  expect(restored.timers()).toEqual(floor.engine.timers())
  const input = { type: 'offer.refused', offer, cause: 'busy' } as const
  expect(restored.handle(input, floor.now)).toEqual(floor.say(input))
})

test('a snapshot is not touched by what happens afterwards', () => {
  const floor = new FloorTalk(rules('billing'))
  floor.ready('ana', { billing: 3 })
  const snapshot = floor.engine.snapshot()
  const before = JSON.stringify(snapshot)
  floor.connect('c1', 'billing')
  Engine.restore(snapshot).handle({ type: 'agent.signed-out', agent: 'ana' }, floor.now)
  expect(JSON.stringify(snapshot)).toBe(before)
})

test('a snapshot of another version is refused by name', () => {
  const snapshot = { ...new Engine().snapshot(), version: 99 }
  expect(() => Engine.restore(snapshot)).toThrow('version 99')
})
