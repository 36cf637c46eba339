import { describe, expect, test } from 'vitest'
import { causes, nonsense } from './acd-nonsense.ts'

const SEEDS = 40
const INPUTS = 1_000
/** Seeds per test, so that a failure names a small range. */
const BATCH = 4

/** A million inputs take minutes: `node tests/simulation/acd-fuzz.ts --inputs 1000000`. */
describe('whatever happens in whatever order, the floor stays in order', () => {
  const kinds = new Map<string, number>()

  test.each(Array.from({ length: SEEDS / BATCH }, (_, batch) => batch * BATCH))('seeds from %i', (first) => {
    for (let seed = first; seed < first + BATCH; seed++) {
      for (const [kind, count] of nonsense(seed, INPUTS)) kinds.set(kind, (kinds.get(kind) ?? 0) + count)
    }
  })

  test('and everything that can happen has happened', () => {
    const expected = [
      'offer.made',
      'offer.ended',
      'contact.connected',
      'contact.unserved',
      'contact.moved',
      'contact.exited',
      'contact.turned-away',
      'contact.resumed',
      'contact.assigned',
      'contact.reprioritised',
      'callback.kept',
      'callback.refused',
      'callback.dial',
      'callback.retry',
      'answered',
      'exhausted',
      'expired',
      'cancelled',
      'called-again',
      'wrap-up.extended',
      'wrap-up.started',
      'wrap-up.ended',
      'timer.start',
      'timer.stop',
      'accepted',
      ...causes,
      'cancelled-by-caller',
      'rescinded',
    ]
    for (const kind of expected) expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(20)
  })
})
