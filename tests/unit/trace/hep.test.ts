import { createSocket } from 'node:dgram'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { HepListener } from '../../../src/telephony/trace/hep-listener.ts'
import { readHep } from '../../../src/telephony/trace/hep-packet.ts'
import type { TracedMessage } from '../../../src/telephony/trace.ts'
import { type HepFields, hep } from './hep.ts'

const INVITE = 'INVITE sip:100@192.0.2.1 SIP/2.0\r\ni: 1@far\r\nCSeq: 1 INVITE\r\n\r\n'
const SIP_PORT = 5060

describe('a HEP packet', () => {
  test('is read', () => {
    expect(readHep(hep({ payload: INVITE, password: 'x' }))).toEqual({
      source: { host: '198.51.100.7', port: 5070 },
      destination: { host: '192.0.2.1', port: 5060 },
      transport: 'udp',
      at: 1_767_600_000_123.456,
      password: 'x',
      text: INVITE,
    })
  })

  test('over TCP, with IPv6 and packed content, too', () => {
    const source = '2001:0db8:0000:0000:0000:0000:0000:0007'
    const packed = { payload: deflateSync(INVITE), payloadType: 16 }
    expect(readHep(hep({ ...packed, source, destination: source, protocol: 6 }))).toMatchObject({
      source: { host: '2001:db8::7' },
      transport: 'tcp',
      text: INVITE,
    })
  })

  test.each([
    ['of RTCP', { kind: 5 }],
    ['over an unknown protocol', { protocol: 1 }],
    ['packed wrongly', { payloadType: 16 }],
    ['that unpacks to more than a message', { payloadType: 16, payload: deflateSync('x'.repeat(1_000_000)) }],
    ['without content', { payloadType: 99 }],
  ])('%s is passed over', (_, fields: HepFields) => {
    expect(readHep(hep({ payload: INVITE, ...fields }))).toBeUndefined()
  })

  test('cut anywhere is no packet, and whatever comes nothing is thrown', () => {
    const whole = hep({ payload: INVITE })
    for (let end = 0; end < whole.length; end++) expect(readHep(whole.subarray(0, end))).toBeUndefined()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(whole.length - 1), (noise, at) => {
        const spoilt = Buffer.from(whole)
        spoilt.set(noise.subarray(0, whole.length - at), at)
        readHep(spoilt)
        readHep(Buffer.concat([Buffer.from('HEP3'), noise]))
      }),
    )
  })
})

/** A listener, and what it gave to the trace after `send` was called with packets. */
async function listening(password = '') {
  const messages: TracedMessage[] = []
  let told: () => void = () => undefined
  const trace = {
    message: (each: TracedMessage) => {
      messages.push(each)
      told()
    },
    leg: () => undefined,
  }
  const logger = pino({ level: 'silent' })
  const listener = new HepListener({ logger, trace, host: '127.0.0.1', port: 0, password, sipPort: SIP_PORT })
  const port = await listener.start()
  const socket = createSocket('udp4')
  onTestFinished(async () => {
    socket.close()
    await listener.stop()
  })
  return {
    port,
    messages,
    send: async (...packets: HepFields[]): Promise<void> => {
      const expected = messages.length + 1
      const { promise, resolve } = Promise.withResolvers<void>()
      told = () => messages.length >= expected && resolve()
      for (const fields of packets) socket.send(hep({ payload: INVITE, ...fields }), port, '127.0.0.1')
      await promise
    },
  }
}

describe('the listener', () => {
  test('tells the trace what it is sent; what is no SIP message of a dialog is passed over', async () => {
    const { messages, send } = await listening()
    await send({ payload: 'OPTIONS sip:x SIP/2.0\r\n\r\n' }, { kind: 5 }, {})
    expect(messages).toEqual([
      {
        sipCallId: '1@far',
        direction: 'received',
        transport: 'udp',
        source: { host: '198.51.100.7', port: 5070 },
        destination: { host: '192.0.2.1', port: 5060 },
        at: 1_767_600_000_123.456,
        text: INVITE,
      },
    ])
  })

  test.each([
    ['the server has the sender’s address', { source: '127.0.0.1', sourcePort: 5080, destinationPort: 5090 }],
    [
      'both ends have it, and the server its port',
      { source: '127.0.0.1', destination: '127.0.0.1', sourcePort: 5060, destinationPort: 5070 },
    ],
    ['neither has it, and the server its port', { sourcePort: 5060, destinationPort: 5070 }],
  ])('knows what was sent: %s', async (_, fields) => {
    const { messages, send } = await listening()
    await send(fields)
    expect(messages[0]?.direction).toBe('sent')
  })

  test('with a password takes nothing without it', async () => {
    const { messages, send } = await listening('secret')
    await send({}, { password: 'wrong' }, { password: 'secret', micros: 0 })
    expect(messages.map(({ at }) => at)).toEqual([1_767_600_000_000])
  })

  test('names the setting when its port is taken, or its address is not ours', async () => {
    const { port } = await listening()
    const parts = {
      logger: pino({ level: 'silent' }),
      trace: { message: () => undefined, leg: () => undefined },
    }
    const start = (host: string): Promise<number> =>
      new HepListener({ ...parts, host, port, password: '', sipPort: SIP_PORT }).start()
    await expect(start('127.0.0.1')).rejects.toThrow(/trace\.hepPort \d+ on 127\.0\.0\.1 is in use/)
    await expect(start('192.0.2.1')).rejects.toThrow(/trace\.hepHost 192\.0\.2\.1/)
  })
})
