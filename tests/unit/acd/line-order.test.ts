import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byPlace, placeOf } from '../../../src/acd/contact.ts'
import { KeyedHeap } from '../../../src/acd/keyed-heap.ts'
import { LineOrder } from '../../../src/acd/line-order.ts'
import type { Place } from '../../../src/acd/model.ts'
import { ANYONE } from '../../../src/acd/requirement.ts'

function place(arrival: number, joinedAt: number): Place {
  return placeOf({
    id: `c${arrival}`,
    arrival,
    channel: 'voice',
    requirement: ANYONE,
    named: undefined,
    steps: undefined,
    afterwards: undefined,
    priority: 5,
    customer: undefined,
    joinedAt,
    queue: 'q',
    queuedAt: joinedAt,
    peers: ANYONE,
    cameFrom: [],
    headStartMs: 0,
    adjustmentMs: 0,
    boostMs: 0,
    step: 0,
    stepSince: joinedAt,
    skipped: [],
    state: 'waiting',
    offers: [],
    refusedBy: [],
    front: undefined,
    callback: undefined,
    overdue: false,
    acts: [],
  })
}

/** Somebody comes with this key, or one of those who are there goes. */
const happenings = fc.array(
  fc.oneof(fc.record({ comes: fc.integer({ min: 0, max: 50 }) }), fc.record({ goes: fc.nat() })),
  { maxLength: 3_000, size: 'max' },
)

test('a line is what sorting everybody in it gives, and each knows how many are before', () => {
  fc.assert(
    fc.property(happenings, (all) => {
      const line = new LineOrder<Place>()
      const expected: Place[] = []
      for (const [arrival, each] of all.entries()) {
        if ('comes' in each) {
          const one = place(arrival, each.comes)
          line.add(one)
          expected.push(one)
        } else if (expected.length > 0) {
          const [gone] = expected.splice(each.goes % expected.length, 1)
          if (gone) expect(line.delete(gone) && !line.delete(gone)).toBe(true)
        }
      }
      expected.sort(byPlace)
      expect([...line]).toEqual(expected)
      expect(line.size).toBe(expected.length)
      for (const [index, one] of expected.entries()) expect(line.countBefore(one)).toBe(index)
    }),
    { numRuns: 20 },
  )
})

test('a heap gives those who are true, in order, whoever came, went and came again', () => {
  fc.assert(
    fc.property(happenings, (all) => {
      const true_ = new Map<Place, number>()
      const heap = new KeyedHeap<Place>((one, key) => true_.get(one) === key)
      const gone: Place[] = []
      for (const [arrival, each] of all.entries()) {
        if ('comes' in each) {
          const one = gone.pop() ?? place(arrival, each.comes)
          true_.set(one, each.comes)
          heap.add(one, each.comes)
        } else {
          const [one] = [...true_.keys()].slice(each.goes % Math.max(1, true_.size))
          if (!one) continue
          true_.delete(one)
          gone.push(one)
          heap.forget()
        }
        expect(heap.size).toBe(true_.size)
      }
      const expected = [...true_]
        .sort(([one, key], [other, later]) => key - later || one.arrival - other.arrival)
        .map(([one]) => one)
      expect(heap.first).toBe(expected[0])
      expect([...heap.inOrder()]).toEqual(expected)
      expect(heap.values()).toEqual(new Set(expected))
    }),
    { numRuns: 20 },
  )
})
