import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { Customer } from '../../../src/api/contract/index.ts'
import { Dossiers } from '../../../src/api/live/dossiers.ts'

const customer = (id: string, version = 1): Customer => ({
  id,
  version,
  name: id,
  tier: 'standard',
  fields: {},
  identities: [],
  accounts: [],
  createdAt: 1,
  updatedAt: 1,
})

function dossiers() {
  const reads: string[] = []
  const sources = {
    customer: async (id: string) => {
      reads.push(id)
      if (id === 'broken') throw new Error('no database')
      return id === 'nobody' ? undefined : customer(id)
    },
    history: async () => [],
  }
  return { reads, store: new Dossiers(sources, pino({ level: 'silent' })) }
}

test('a record is read once for all contacts that need it, and dropped with the last', async () => {
  const { reads, store } = dossiers()
  const subject = { customer: 'dana', candidates: [] }
  store.need('c1', 'dana')
  store.need('c1', 'dana')
  store.need('c2', 'dana')
  expect(store.isComplete(subject)).toBe(false)
  expect(await store.complete('c2', subject)).toEqual({ customers: [customer('dana')], history: [] })
  expect(store.isComplete(subject)).toBe(true)
  store.release('c1')
  expect(store.isComplete(subject)).toBe(true)
  store.release('c2')
  expect(store.of(subject)).toEqual({ customers: [] })
  expect(reads).toEqual(['dana'])
})

test('candidates are all read, and have no history until one of them is settled', async () => {
  const { store } = dossiers()
  expect(await store.complete('c1', { candidates: ['rosa', 'theo'] })).toEqual({
    customers: [customer('rosa'), customer('theo')],
    history: [],
  })
})

test('a change replaces what is in memory', async () => {
  const { store } = dossiers()
  await store.complete('c1', { customer: 'dana', candidates: [] })
  store.replace(customer('dana', 2))
  store.replace(customer('somebody', 2))
  expect(store.of({ customer: 'dana', candidates: ['somebody'] }).customers).toEqual([customer('dana', 2)])
})

test('what cannot be read is left out, and tried again for the next who needs it', async () => {
  const { reads, store } = dossiers()
  const subject = { candidates: ['broken', 'nobody', 'dana'] }
  expect(await store.complete('c1', subject)).toEqual({ customers: [customer('dana')], history: [] })
  await store.complete('c2', subject)
  expect(reads.filter((id) => id === 'broken')).toHaveLength(2)
})

test('an unknown caller needs nothing', () => {
  const { store } = dossiers()
  expect(store.isComplete({ candidates: [] })).toBe(true)
})
