import { expect, test } from 'vitest'
import { SignInLimiter } from '../../../src/api/sign-in-limiter.ts'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'

function limiter() {
  const clock = new SimulatedClock()
  const limits = new SignInLimiter(clock)
  /** Whether the attempt is let through. */
  const attempt = (source: string, username: string): boolean => {
    try {
      limits.attempt(source, username)
      return true
    } catch (error) {
      expect(error).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' })
      return false
    }
  }
  return { clock, limits, attempt }
}

test('after five failures each further one doubles the wait, up to a quarter of an hour', () => {
  const { clock, attempt } = limiter()
  for (let count = 0; count < 5; count += 1) expect(attempt('10.0.0.1', 'alice')).toBe(true)
  for (const seconds of [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]) {
    expect(attempt('10.0.0.1', 'ALICE')).toBe(false)
    clock.advance(seconds * 1000 - 1)
    expect(attempt('10.0.0.1', 'alice')).toBe(false)
    clock.advance(1)
    expect(attempt('10.0.0.1', 'alice')).toBe(true)
  }
})

test('nobody locks a colleague out from elsewhere', () => {
  const { attempt } = limiter()
  for (let count = 0; count < 6; count += 1) attempt('10.0.0.1', 'alice')
  expect(attempt('10.0.0.1', 'alice')).toBe(false)
  expect(attempt('10.0.0.2', 'alice')).toBe(true)
  expect(attempt('10.0.0.1', 'bob')).toBe(true)
})

test('one address that tries many names has to wait too', () => {
  const { attempt } = limiter()
  for (let count = 0; count < 200; count += 1) expect(attempt('10.0.0.1', `user${count}`)).toBe(true)
  expect(attempt('10.0.0.1', 'alice')).toBe(false)
})

test('an office that signs in in the morning does not', () => {
  const { limits, attempt } = limiter()
  for (let count = 0; count < 200; count += 1) {
    expect(attempt('10.0.0.1', `user${count}`)).toBe(true)
    limits.succeeded('10.0.0.1', `user${count}`)
  }
})

test('failures are forgotten after an hour without one', () => {
  const { clock, attempt } = limiter()
  for (let count = 0; count < 5; count += 1) attempt('10.0.0.1', 'alice')
  clock.advance(60 * 60_000)
  for (let count = 0; count < 5; count += 1) expect(attempt('10.0.0.1', 'alice')).toBe(true)
})
