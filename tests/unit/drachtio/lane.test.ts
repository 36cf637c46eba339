import { expect, test } from 'vitest'
import { Lane, runInBoth } from '../../../src/telephony/drachtio/lane.ts'

test('one thing after the other, also after one that failed', async () => {
  const lane = new Lane()
  const done: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = lane.run(async () => {
    await gate.promise
    done.push('first')
    throw new Error('first')
  })
  const second = lane.run(async () => {
    done.push('second')
  })
  await Promise.resolve()
  expect(done).toEqual([])
  gate.resolve()
  await expect(first).rejects.toThrow('first')
  await second
  expect(done).toEqual(['first', 'second'])
  expect(lane.busy).toBe(false)
})

test('two that need both lanes, from either side, do not wait for each other for ever', async () => {
  const [one, other] = [new Lane(), new Lane()]
  const done: string[] = []
  const work = (name: string) => async (): Promise<void> => {
    done.push(`${name} begins`)
    await Promise.resolve()
    done.push(`${name} ends`)
  }
  await Promise.all([
    runInBoth(one, other, work('a')),
    runInBoth(other, one, work('b')),
    one.run(work('c')),
    other.run(work('d')),
  ])
  expect(done.slice(0, 4)).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  expect(done).toHaveLength(8)
})
