import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SortedList } from '../../../src/acd/sorted-list.ts'

test('whatever is added and deleted, it holds the rest in order', () => {
  const steps = fc.array(fc.record({ add: fc.boolean(), value: fc.integer({ min: 0, max: 3_000 }) }), {
    maxLength: 4_000,
    size: 'max',
  })
  fc.assert(
    fc.property(steps, (all) => {
      const list = new SortedList<number>((one, other) => one - other)
      const model = new Set<number>()
      for (const { add, value } of all) {
        if (!add) expect(list.delete(value)).toBe(model.delete(value))
        else if (!model.has(value)) {
          list.add(value)
          model.add(value)
        }
      }
      const sorted = [...model].sort((one, other) => one - other)
      expect([...list]).toEqual(sorted)
      expect(list.size).toBe(sorted.length)
      expect(list.first).toBe(sorted[0])
    }),
    { numRuns: 50 },
  )
})
