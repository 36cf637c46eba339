import { describe, expect, test } from 'vitest'
import { type OpeningHours, stateAt } from '../../../src/calendars/opening-hours.ts'

const nineToFive = [{ from: 540, to: 1020 }]
const office: OpeningHours = {
  timeZone: 'America/New_York',
  open: [[], nineToFive, nineToFive, nineToFive, nineToFive, nineToFive, []],
  holidays: { '2026-11-26': [], '2026-11-28': [{ from: 600, to: 1440 }] },
  emergency: false,
}

const newYork = (text: string): number => Date.parse(text)

describe('opening hours', () => {
  test.each([
    ['2026-11-23T08:59:59-05:00', 'closed'],
    ['2026-11-23T09:00:00-05:00', 'open'],
    ['2026-11-23T16:59:59-05:00', 'open'],
    ['2026-11-23T17:00:00-05:00', 'closed'],
    ['2026-11-22T12:00:00-05:00', 'closed'],
    ['2026-11-26T12:00:00-05:00', 'closed'],
    ['2026-11-28T23:59:00-05:00', 'open'],
    ['2026-11-29T00:00:00-05:00', 'closed'],
  ])('%s is %s', (time, state) => {
    expect(stateAt(office, newYork(time))).toBe(state)
  })

  test.each([
    ['the morning after the clocks go forward', '2026-03-09T13:00:00Z', 'open'],
    ['an hour before it', '2026-03-09T12:59:00Z', 'closed'],
    ['the morning after the clocks go back', '2026-11-02T14:00:00Z', 'open'],
    ['an hour before that', '2026-11-02T13:59:00Z', 'closed'],
  ])('wall clock time counts on %s', (_, time, state) => {
    expect(stateAt(office, Date.parse(time))).toBe(state)
  })

  test('always, never and emergency', () => {
    const at = Date.parse('2026-11-22T03:00:00Z')
    expect(stateAt({ ...office, open: 'always', holidays: {} }, at)).toBe('open')
    expect(stateAt({ ...office, open: 'never' }, at)).toBe('closed')
    expect(stateAt({ ...office, open: 'always', emergency: true }, at)).toBe('emergency')
  })
})
