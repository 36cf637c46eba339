import { expect, test } from 'vitest'
import { timerOfAnswer, timerOfOffer } from '../../../src/telephony/drachtio/session-timers.ts'

test('a caller that knows timers refreshes the session, in its own time where that is shorter', () => {
  expect(timerOfAnswer({ supported: ['100rel, timer'] }, 1_800)).toEqual({
    headers: { Supported: 'timer', Require: 'timer', 'Session-Expires': '1800;refresher=uac' },
  })
  const asked = { supported: ['timer'], 'session-expires': ['600'] }
  expect(timerOfAnswer(asked, 1_800)).toMatchObject({ headers: { 'Session-Expires': '600;refresher=uac' } })
  const asksUs = { supported: ['timer'], 'session-expires': ['3600;refresher=uas'] }
  expect(timerOfAnswer(asksUs, 1_800)).toEqual({
    headers: { Supported: 'timer', 'Session-Expires': '1800;refresher=uas' },
  })
})

test('a caller that knows no timers gets none, and too short a session is refused (RFC 4028 5)', () => {
  expect(timerOfAnswer({}, 1_800)).toEqual({ headers: {} })
  expect(timerOfAnswer({ supported: ['timer'], 'session-expires': ['30'] }, 1_800)).toEqual({
    refused: { 'Min-SE': '90' },
  })
  expect(timerOfAnswer({ supported: ['timer'], 'session-expires': ['soon'] }, 1_800)).toMatchObject({
    headers: { 'Session-Expires': '1800;refresher=uac' },
  })
})

test('whom we call refreshes the session', () => {
  expect(timerOfOffer(1_800)['Session-Expires']).toBe('1800;refresher=uas')
})
