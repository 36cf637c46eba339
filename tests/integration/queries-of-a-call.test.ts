/** What a call asks of the database, from its offer to its record: each question costs two threads a message. */
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { answersAfter } from '../../src/telephony/simulated/behaviours.ts'
import { SimulatedCenter } from '../support/simulated-center.ts'

let center: SimulatedCenter
beforeEach(async () => {
  center = await SimulatedCenter.open()
}, 60_000)
afterEach(async () => {
  vi.restoreAllMocks()
  await center.close()
}, 60_000)

/** First words of what the database's thread is asked from now on. */
function watchQueries(): () => string[] {
  const sent = vi.spyOn(Worker.prototype, 'postMessage')
  return () =>
    sent.mock.calls.flatMap(([message]: readonly unknown[]) =>
      typeof message === 'object' && message !== null && 'sql' in message
        ? String(message.sql).trim().split(/\s+/).slice(0, 2).join(' ')
        : [],
    )
}

/** A menu, a queue, an agent, a wrap-up. @returns what the database was asked */
async function handledCall(number: string): Promise<string[]> {
  center.available({ bob: answersAfter(2_000) })
  const queries = watchQueries()
  const caller = center.call('100', number)
  await center.until('the menu', () => center.app.center.floor.contacts().at(-1)?.node === 'menu')
  caller.press('1')
  const { contact } = await center.event('contact.connected')
  center.clock.advance(30_000)
  caller.hangup()
  await center.event('wrap-up.started')
  center.app.center.floor.finishWrapUp(contact, 'bob', { disposition: 'resolved' })
  await center.event('contact.ended')
  await center.until('the record is written', () => queries().some((query) => query.startsWith('with batch')))
  return queries()
}

// Nothing for the offer, the talk, the wrap-up; nothing for the screen pop while no desk is open to show it.
test('a call of a customer with a queue, an agent and a wrap-up costs three queries', async () => {
  const [isAnybodys, whose, contact, ...others] = await handledCall('+12025550117')
  expect([isAnybodys, whose, contact]).toEqual(['select 1', 'select "customers"."id",', 'with batch'])
  expect(others).toEqual([])
})

test('that of a caller whom nobody knows costs two', async () => {
  expect(await handledCall('+12025550199')).toEqual(['select 1', 'with batch'])
})

test('contacts that end within half a second are written by one query, and a caller nobody looks up costs none', async () => {
  const queries = watchQueries()
  const callers = Array.from({ length: 20 }, () => center.call('no such number'))
  await center.until('all to be refused', () => callers.every(({ state }) => state === 'gone'))
  center.clock.advance(1_000)
  await center.until('the records are written', () => queries().length > 0)
  expect(queries()).toEqual(['with batch'])
})
