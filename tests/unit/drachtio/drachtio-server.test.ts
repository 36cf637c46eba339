import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { RealClock } from '../../../src/clock/real-clock.ts'
import { DrachtioServer } from '../../../src/telephony/drachtio/drachtio-server.ts'
import { CutOff } from '../../support/cut-off.ts'
import { freePort } from '../../support/ports.ts'
import { FakeDrachtio } from './fake-drachtio.ts'

vi.setConfig({ testTimeout: 30_000 })
const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function connection(port: number) {
  const said: string[] = []
  const server = new DrachtioServer(
    { host: '127.0.0.1', port, secret: 'any' },
    new RealClock(),
    pino({ level: 'silent' }),
  )
  closing.push(() => server.stop())
  const start = (): Promise<void> =>
    server.start({
      ready: (contacts) => said.push(`ready ${contacts.join(' ')}`),
      lost: () => said.push('lost'),
    })
  return { server, said, start }
}

test('nothing that listens is said so, with the setting to look at', async () => {
  const { start } = connection(await freePort())
  await expect(start()).rejects.toMatchObject({
    code: 'BACKEND_UNREACHABLE',
    remedy: expect.stringContaining('drachtio.secret'),
  })
})

test('a connection that is cut is lost once, and found again when it is back', async () => {
  const fake = new FakeDrachtio()
  closing.push(() => fake.close())
  const network = new CutOff({ host: '127.0.0.1', port: await fake.listen() })
  await network.open()
  closing.push(() => network.close())
  const { server, said, start } = connection(network.port)
  await start()
  expect(said).toEqual(['ready udp/127.0.0.1:5060'])
  await network.close()
  await expect.poll(() => said).toEqual(['ready udp/127.0.0.1:5060', 'lost'])
  expect(server.ready).toBe(false)
  await network.open()
  await expect.poll(() => said.at(-1), { timeout: 10_000 }).toBe('ready udp/127.0.0.1:5060')
  expect(said).toHaveLength(3)
})

test('a connection over which nothing is answered any more is lost', async () => {
  const fake = new FakeDrachtio()
  closing.push(() => fake.close())
  const { said, start } = connection(await fake.listen())
  await start()
  fake.silent = true
  await expect.poll(() => said.at(-1), { timeout: 10_000 }).toBe('lost')
})
