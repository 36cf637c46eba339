import { expect, test } from 'vitest'
import { AUTO_ANSWER, answersAfterMs } from '../../../src/telephony/auto-answer.ts'

const lowerCase = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

test.each([
  ['what we send', lowerCase(AUTO_ANSWER), 0],
  ['RFC 5373', { 'answer-mode': 'Auto' }, 0],
  ['RFC 5373 with a parameter', { 'answer-mode': 'auto;require' }, 0],
  ['Call-Info with a delay', { 'call-info': '<sip:a@b>; answer-after=3' }, 3000],
  [
    'Call-Info before Alert-Info',
    { 'call-info': '<sip:a@b>;answer-after=2', 'alert-info': '<x>;info=alert-autoanswer' },
    2000,
  ],
  ['Alert-Info', { 'alert-info': '<http://example.invalid>;info=alert-autoanswer' }, 0],
  ['Alert-Info with a delay', { 'alert-info': '<x>; info=alert-autoanswer; delay=5' }, 5000],
  ['Manual', { 'answer-mode': 'Manual' }, undefined],
  ['another Alert-Info', { 'alert-info': '<x>;info=alert-external;delay=0' }, undefined],
  ['nothing', {}, undefined],
])('%s', (_, headers, ms) => {
  expect(answersAfterMs(headers)).toBe(ms)
})
