/** Trunks of ours at a real Asterisk: it registers where they say, and what becomes of that is told. */
import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CallEvent } from '../../src/call/events.ts'
import { RealClock } from '../../src/clock/real-clock.ts'
import { EmbeddedTelephony } from '../../src/telephony/embedded/embedded-telephony.ts'
import type { Trunk } from '../../src/telephony/trunk.ts'
import { AsteriskBackend, PATIENCE_MS, plainTrunk } from '../support/asterisk-backend.ts'
import { type ShippedAsterisk, startShippedAsterisk } from '../support/asterisk-shipped.ts'
import { describeWith } from '../support/describe-with.ts'
import { until } from '../support/until.ts'

const REALM = 'provider.test'

/** A provider that lets accounts register with their password, by digest: the embedded backend. */
class Provider {
  readonly events: CallEvent[] = []
  /** Whose credentials it was shown. */
  readonly asked = new Set<string>()
  password = 'secret'
  readonly #telephony = new EmbeddedTelephony({
    clock: new RealClock(),
    logger: pino({ level: 'silent' }),
    host: '127.0.0.1',
    port: 0,
    tcp: false,
    realm: REALM,
    digest: ['MD5'],
    allowedUris: [],
    isServed: () => true,
    findCredentials: async (device) => {
      this.asked.add(device)
      const ha1 = (algorithm: string): string =>
        createHash(algorithm).update(`${device}:${REALM}:${this.password}`).digest('hex')
      return { device, ha1: { md5: ha1('md5'), sha256: ha1('sha256') } }
    },
  })

  start(): Promise<void> {
    return this.#telephony.start((event) => this.events.push(event))
  }

  stop(): Promise<void> {
    return this.#telephony.stop()
  }

  trunk(name: string, more: Partial<Trunk> = {}): Trunk {
    return {
      ...plainTrunk(name, [`127.0.0.1:${this.#telephony.address().port}`]),
      credentials: { username: name, password: 'secret' },
      registration: { expires: 300 },
      ...more,
    }
  }
}

describeWith(['asterisk'], 'a trunk with registration', () => {
  const provider = new Provider()
  let asterisk: ShippedAsterisk
  let backend: AsteriskBackend
  beforeAll(async () => {
    ;[asterisk] = await Promise.all([startShippedAsterisk(), provider.start()])
    const trunks = [
      provider.trunk('account', { health: { everyMs: 5_000, failures: 2, successes: 1 } }),
      provider.trunk('right-realm', { realm: REALM }),
      provider.trunk('wrong-realm', { realm: 'elsewhere.test' }),
    ]
    backend = new AsteriskBackend([asterisk], { trunks })
    await backend.start()
  })
  afterAll(async () => {
    await backend.telephony.stop()
    await Promise.all([asterisk.stop(), provider.stop()])
  })

  const registerAgain = (): Promise<string> => asterisk.cli('pjsip send register trunk~switchroom~account~0')

  it('is registered with digest, and up when it is', async () => {
    await backend.event('trunk.up', ({ trunk }) => trunk === 'account')
    expect(provider.events).toContainEqual({ type: 'device.reachable', device: 'account' })
  })

  it('answers a challenge for its realm, and none for another', async () => {
    await backend.event('trunk.up', ({ trunk }) => trunk === 'right-realm')
    const down = await backend.event('trunk.down', ({ trunk }) => trunk === 'wrong-realm')
    expect(down).toMatchObject({ reason: 'unregistered' })
    expect([...provider.asked].toSorted()).toEqual(['account', 'right-realm'])
  })

  it('is down while it is refused, and no call goes over it; up again when it is let in', async () => {
    backend.events.length = 0
    provider.password = 'changed'
    await registerAgain()
    expect(await backend.event('trunk.down')).toMatchObject({ trunk: 'account', reason: 'unregistered' })
    const dial = { type: 'dial', from: { uri: 'sip:100@here', number: '100' }, ringMs: 5_000 } as const
    const target = { number: '+12025550123', trunks: ['account'] }
    backend.execute({ ...dial, call: 'nowhere', target })
    expect(await backend.event('call.ended')).toMatchObject({ call: 'nowhere', cause: 'unreachable' })
    expect(provider.events.map(({ type }) => type)).not.toContain('call.offered')
    provider.password = 'secret'
    await registerAgain()
    expect(await backend.event('trunk.up')).toMatchObject({ trunk: 'account' })
    backend.execute({ ...dial, call: 'there', target })
    await until(
      'the call',
      async () => provider.events.some(({ type }) => type === 'call.offered'),
      PATIENCE_MS,
    )
    backend.execute({ type: 'hangup', call: 'there' })
    await backend.event('call.ended', ({ call }) => call === 'there')
  })

  it('is not called registered when Asterisk has lost the account', async () => {
    backend.events.length = 0
    await asterisk.cli('pjsip send unregister trunk~switchroom~account~0')
    expect(await backend.event('trunk.down')).toMatchObject({ trunk: 'account', reason: 'unregistered' })
  })
})

describeWith(['asterisk'], 'an Asterisk without a user for us in manager.conf', () => {
  it('does not let us see registrations: OPTIONS alone tell whether a trunk is up', async () => {
    const provider = new Provider()
    await provider.start()
    const asterisk = await startShippedAsterisk({ 'manager_user.conf': '[switchroom](+)\nsecret=another' })
    const backend = new AsteriskBackend([asterisk], { trunks: [provider.trunk('account')] })
    try {
      await backend.start()
      await backend.event('trunk.up')
    } finally {
      await backend.telephony.stop()
      await Promise.all([asterisk.stop(), provider.stop()])
    }
  })
})
