/** How many requests of ours to a real Asterisk a caller waits for before a phone rings, and for which answers. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { FarPhone } from '../conformance/telephony/far-phone.ts'
import { AsteriskBackend } from '../support/asterisk-backend.ts'
import { startShippedAsterisk } from '../support/asterisk-shipped.ts'
import { describeWith } from '../support/describe-with.ts'
import { freePort } from '../support/ports.ts'
import { until } from '../support/until.ts'

/** Less than a request may take (5 s): after that, an answer that is held counts as lost and the call goes on. */
const BEFORE_DEADLINE_MS = 4_000

describeWith(['asterisk'], 'between a call and the phone that it is put through to', () => {
  it('are an answer and an originate, one after the other; nobody waits for a subscription', async () => {
    await using asterisk = await startShippedAsterisk()
    await using ari = await listenIn(Number(new URL(asterisk.url).port))
    const [caller, phone] = [new FarPhone(`127.0.0.1:${asterisk.sipPort}`), new FarPhone('')]
    await Promise.all([caller.start(), phone.start()])
    const from = { uri: 'sip:5550100@here', number: '5550100' }
    const target = { uri: `sip:100@${phone.address()}` }
    const backend: AsteriskBackend = new AsteriskBackend([{ url: `http://127.0.0.1:${ari.port}` }], {
      allowedUris: [phone.address()],
      heard: (event) => {
        if (event.type === 'call.offered') backend.execute({ type: 'answer', call: event.call })
        if (event.type === 'call.answered') {
          backend.execute({ type: 'dial', call: 'out', beside: event.call, target, from, ringMs: 10_000 })
        }
      },
    })
    try {
      await backend.start()
      await backend.event('backend.ready')
      ari.requests.length = 0
      caller.call('5550100', '100')
      await until('the phone to ring', async () => phone.incoming !== undefined, BEFORE_DEADLINE_MS)
      const asked = ari.requests.map((request) => request.replaceAll(/[\w.-]+-[\w.-]+|\d+\.\d+/g, '<id>'))
      expect(asked.toSorted()).toEqual([
        'POST /ari/applications/switchroom/subscription',
        'POST /ari/channels',
        'POST /ari/channels/<id>/answer',
      ])
      expect(asked.findIndex((each) => each.endsWith('/answer'))).toBeLessThan(
        asked.indexOf('POST /ari/channels'),
      )
    } finally {
      await backend.telephony.stop()
      await Promise.all([caller.stop(), phone.stop()])
    }
  })
})

interface Listener extends AsyncDisposable {
  readonly port: number
  /** Method and path of each, as they passed. */
  readonly requests: string[]
}

/** Passes everything on but the answer to a subscription: that one waits until a channel was asked for. */
async function listenIn(target: number): Promise<Listener> {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  let held: Socket | undefined
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (data) => {
      const [, request] = /^([A-Z]+ [^ ?]+)\S* HTTP\/1\.1\r\n/.exec(data.toString('latin1')) ?? []
      if (request !== undefined) requests.push(request)
      if (request?.endsWith('/applications/switchroom/subscription')) {
        held = far
        far.unpipe(near)
      }
      if (request === 'POST /ari/channels') held?.pipe(near)
      far.write(data)
    })
    far.pipe(near)
  })
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port,
    requests,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
