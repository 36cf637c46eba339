import { expect, test } from 'vitest'
import { PastOffers } from '../../../src/runtime/past-offers.ts'
import { explanation } from '../../integration/api/samples.ts'

test('forgets the oldest contacts that are over, and none that goes on', () => {
  const past = new PastOffers()
  const offer = (contact: string, id: string): void => past.made(id, { ...explanation, contact })
  offer('long', 'long-1')
  past.ended('long-1', 'rejected')
  offer('long', 'long-2')
  for (let at = 0; at < 1_001; at++) {
    offer(`c${at}`, `o${at}`)
    past.ended(`o${at}`, 'accepted')
    past.contactEnded(`c${at}`)
  }
  expect(past.of('long').map(({ offer: id, outcome }) => [id, outcome])).toEqual([
    ['long-1', 'rejected'],
    ['long-2', undefined],
  ])
  expect(past.why('o0')).toBeUndefined()
  expect(past.of('c0')).toEqual([])
  expect(past.why('o1000')?.contact).toBe('c1000')
})
