/** How often Asterisk is asked for its registrations, played by a server that answers at once. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, expect, it } from 'vitest'
import { SimulatedClock } from '../../../src/clock/simulated-clock.ts'
import { type RegistrationState, Registrations } from '../../../src/telephony/asterisk/registrations.ts'
import { until } from '../../support/until.ts'

const server = createServer()
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

it('once a second at most, however many events there are of phones', async () => {
  const asked: string[] = []
  server.on('request', (request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      const action = new URLSearchParams(body).get('action')
      if (action !== null) asked.push(action)
      response.end('Response: Success\r\n\r\nEvent: ContactStatus\r\nURI: sip:ana@10.0.0.7\r\n\r\n')
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const clock = new SimulatedClock()
  const told: ReadonlyMap<string, RegistrationState>[] = []
  const registrations = new Registrations({
    clock,
    logger: pino({ level: 'silent' }),
    url: `http://127.0.0.1:${port}`,
    username: 'switchroom',
    password: 'secret',
    changed: (states) => told.push(states),
    unknown: () => undefined,
  })
  registrations.start()
  await until('the first events', () => asked.length >= 4)
  // Time for many more questions to the same server, and no second on the clock.
  for (let other = 0; other < 20; other++) await (await fetch(`http://127.0.0.1:${port}`)).text()
  expect(asked).toEqual(['Login', 'WaitEvent', 'PJSIPShowRegistrationsOutbound', 'WaitEvent'])
  clock.advance(1_000)
  await until('the second answer', () => told.length === 2)
  registrations.stop()
  await until('no timer', () => clock.pending === 0)
})
