import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Peer, request, SDP, TestServer } from './support.ts'
import { TORTURE } from './torture/messages.ts'

/** The first final response to what was sent, or `silence`. */
async function answerTo(server: TestServer, peer: Peer, text: string): Promise<number | 'silence'> {
  peer.send(text)
  for (const seen of await settled(server, peer)) {
    const status = Number(/^(\d{3}) /.exec(seen)?.[1])
    if (status >= 200) return status
  }
  return 'silence'
}

/** Look-ups and media answer in microtasks; two questions later all that was going to be said has been. */
async function settled(_server: TestServer, peer: Peer): Promise<string[]> {
  return [...(await peer.untilQuiet()), ...(await peer.untilQuiet())]
}

const answered = TORTURE.filter((each) => each.answer !== undefined)

test.each(answered)('$name is answered $answer', async ({ text, answer }) => {
  await using server = await TestServer.start()
  await using peer = await Peer.to(server)
  server.react = (event) => {
    if (event.type === 'call.offered') server.execute({ type: 'answer', call: event.call })
  }
  // Responses go to the source port (RFC 3581), whatever port the message claims.
  expect(await answerTo(server, peer, text)).toBe(answer)
})

/** Messages to begin with: every torture message and a few of our own. */
const SEEDS = [
  ...TORTURE.map((each) => each.text),
  'INVITE',
  'REGISTER',
  'BYE',
  'ACK',
  'CANCEL',
  'INFO',
] as const

const mutation = fc.record({
  seed: fc.nat(SEEDS.length - 1),
  cuts: fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), remove: fc.nat(40) }), {
    maxLength: 4,
  }),
  inserts: fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      text: fc.oneof(
        fc.constantFrom(
          '"',
          '<',
          '>',
          ';',
          ',',
          '\r\n',
          '\r\n ',
          '\r\n\r\n',
          ':',
          '%',
          '\0',
          '=',
          ' ',
          '@',
          '[',
          '\\',
          '-1',
          '4294967296',
        ),
        fc.string({ maxLength: 20 }),
      ),
    }),
    { maxLength: 6 },
  ),
})

test('no message, however broken, makes the server throw, leak a call, or stop answering', async () => {
  const errors: unknown[] = []
  const logger = { error: (...args: unknown[]) => errors.push(args), warn() {}, info() {}, debug() {} }
  await using server = await TestServer.start({
    logger: logger as never,
    throttle: { failures: 1e9, withinMs: 1, silenceMs: 1 },
  })
  await using peer = await Peer.to(server)
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 20 }), async (mutations) => {
      for (const { seed, cuts, inserts } of mutations) {
        const start = SEEDS[seed] ?? ''
        let text = /^[A-Z]+$/.test(start) ? request(peer, start, { body: SDP }) : start
        for (const { at, remove } of cuts) {
          const from = Math.floor(at * text.length)
          text = text.slice(0, from) + text.slice(from + remove)
        }
        for (const { at, text: inserted } of inserts) {
          const from = Math.floor(at * text.length)
          text = text.slice(0, from) + inserted + text.slice(from)
        }
        peer.send(Buffer.from(text))
      }
      await peer.untilQuiet()
    }),
    { numRuns: 300 },
  )
  expect(errors).toEqual([])
  for (const event of server.events) {
    if (event.type === 'call.offered') server.execute({ type: 'hangup', call: event.call })
  }
  await peer.untilQuiet()
  server.clock.advance(64_000)
  expect(server.telephony.sizes()).toMatchObject({ calls: 0, dialogs: 0 })
  // Only the question just asked is left, and nothing of it when its time is over.
  expect(server.telephony.sizes()).toMatchObject({ transactions: 0, timers: 0 })
})

test('binary noise of any length is met with silence', async () => {
  await using server = await TestServer.start()
  await using peer = await Peer.to(server)
  const noise = fc.uint8Array({ maxLength: 2_000 })
  await fc.assert(
    fc.asyncProperty(noise, async (bytes) => {
      if (bytes.length > 0) peer.send(Buffer.from(bytes))
      expect(await peer.untilQuiet()).toEqual([])
    }),
    { numRuns: 100 },
  )
})
