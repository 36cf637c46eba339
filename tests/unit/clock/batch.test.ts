import { expect, test } from 'vitest'
import { Batch } from '../../../src/clock/batch.ts'

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('what is said in one turn is handed on together, in order; what is taken back is not', async () => {
  const said: (readonly number[])[] = []
  const batch = new Batch<number>((items) => said.push(items))
  batch.add(1)
  await Promise.resolve()
  for (const item of [2, 3, 4]) batch.add(item)
  batch.remove((item) => item === 3)
  expect([said, batch.waiting]).toEqual([[], [1, 2, 4]])
  await endOfTurn()
  expect(said).toEqual([[1, 2, 4]])
  batch.add(5)
  await endOfTurn()
  expect(said).toEqual([[1, 2, 4], [5]])
})

test('where everything was taken back, nothing is handed on', async () => {
  const said: (readonly string[])[] = []
  const batch = new Batch<string>((items) => said.push(items))
  batch.add('a')
  batch.remove(() => true)
  await endOfTurn()
  batch.add('b')
  batch.remove(() => true)
  batch.add('c')
  await endOfTurn()
  expect(said).toEqual([['c']])
})
