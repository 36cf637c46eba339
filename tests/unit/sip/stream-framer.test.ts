import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StreamFramer } from '../../../src/telephony/embedded/sip/stream-framer.ts'

function message(body: string, length = Buffer.byteLength(body)): string {
  return `OPTIONS sip:x SIP/2.0\r\nContent-Length: ${length}\r\n\r\n${body}`
}

function frames(...chunks: string[]): string[] {
  const framer = new StreamFramer()
  return chunks.flatMap((chunk) =>
    [...framer.push(Buffer.from(chunk))].map((frame) =>
      frame.type === 'message' ? frame.data.toString() : frame.type,
    ),
  )
}

describe('a stream is cut into messages', () => {
  test('however it is chopped', () => {
    const messages = [message(''), message('one'), message('zwei\r\n\r\nü')]
    const whole = Buffer.from(messages.join(''))
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length)), (cuts) => {
        const framer = new StreamFramer()
        const edges = [0, ...cuts.toSorted((a, b) => a - b), whole.length]
        const found = edges.slice(1).flatMap((edge, at) => [...framer.push(whole.subarray(edges[at], edge))])
        expect(found.map((each) => each.type === 'message' && each.data.toString())).toEqual(messages)
      }),
    )
  })

  test('a double CRLF between messages asks for an answer, a single one does not', () => {
    expect(frames('\r\n\r\n', message('a'), '\r\n', message('b'))).toEqual([
      'ping',
      message('a'),
      message('b'),
    ])
  })

  test.each([
    ['no Content-Length', 'OPTIONS sip:x SIP/2.0\r\n\r\n'],
    ['two', 'OPTIONS sip:x SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\nab'],
    ['a negative one', message('', -1)],
    ['more than we take', message('', 70_000)],
    ['a head that never ends', 'x'.repeat(70_000)],
  ])('with %s nobody knows where the next begins', (_, text) => {
    expect(frames(text)).toEqual(['fault'])
  })
})
