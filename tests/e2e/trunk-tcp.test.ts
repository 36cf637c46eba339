/** A trunk over TCP between two embedded servers, one of which is the provider: registration, digest, both directions. */
import { expect, test } from 'vitest'
import { trunkTo } from '../unit/sip/support.ts'
import { answerAll, PASSWORD, startSipServer } from './sip-server.ts'

test('calls go both ways over the connection of a trunk that registers over TCP', async () => {
  await using provider = await startSipServer(answerAll)
  const { port } = provider.telephony.address()
  await using ours = await startSipServer(answerAll, {
    trunks: [
      trunkTo(
        'provider',
        { port },
        {
          transport: 'tcp',
          credentials: { username: 'alice', password: PASSWORD },
          registration: { expires: 300 },
          health: { everyMs: 30_000, failures: 2, successes: 1 },
        },
      ),
    ],
  })
  await ours.event('trunk.up')
  await provider.event('device.reachable')

  const from = { uri: 'sip:+12025550123@us.test', number: '+12025550123' }
  const target = { number: '+12025550177', trunks: ['provider'] }
  ours.execute({ type: 'dial', call: 'out', target, from, ringMs: 10_000 })
  expect(await ours.event('call.answered')).toMatchObject({ call: 'out', trunk: 'provider' })
  expect(await provider.event('call.offered')).toMatchObject({
    from: { number: '+12025550123' },
    to: { number: '+12025550177' },
  })
  await provider.event('call.answered')
  ours.execute({ type: 'hangup', call: 'out' })
  expect(await provider.event('call.ended')).toMatchObject({ cause: 'normal', by: 'remote' })

  provider.execute({ type: 'dial', call: 'in', target: { device: 'alice' }, from, ringMs: 10_000 })
  expect(await provider.event('call.answered')).toMatchObject({ call: 'in' })
  expect(await ours.event('call.offered')).toMatchObject({ trunk: 'provider', to: { number: 'alice' } })
  provider.execute({ type: 'hangup', call: 'in' })
  expect(await provider.event('call.ended')).toMatchObject({ call: 'in', by: 'local' })
  expect(provider.telephony.sizes().connections).toBe(1)
})
