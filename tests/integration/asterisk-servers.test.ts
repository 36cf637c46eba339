/** Several Asterisk servers under one backend, and two programs that want one application. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AsteriskOptions } from '../../src/telephony/asterisk/options.ts'
import { FarPhone } from '../conformance/telephony/far-phone.ts'
import { AsteriskBackend, PATIENCE_MS, plainTrunk as trunk } from '../support/asterisk-backend.ts'
import { type ShippedAsterisk, startShippedAsterisk } from '../support/asterisk-shipped.ts'
import { describeWith } from '../support/describe-with.ts'
import { Relay } from '../support/relay.ts'
import { until } from '../support/until.ts'

describeWith(['asterisk'], 'two Asterisk servers', () => {
  let servers: [ShippedAsterisk, ShippedAsterisk]
  let backend: AsteriskBackend
  const phones: FarPhone[] = []
  const phone = async (server: ShippedAsterisk, device?: string): Promise<FarPhone> => {
    const made = new FarPhone(`127.0.0.1:${server.sipPort}`, device)
    phones.push(made)
    await made.start()
    return made
  }

  beforeAll(async () => {
    servers = await Promise.all([startShippedAsterisk(), startShippedAsterisk()])
    backend = new AsteriskBackend(servers)
    await backend.start()
  })
  afterAll(async () => {
    await backend.telephony.stop()
    await Promise.all(phones.map((each) => each.stop()))
    await Promise.all(servers.map((each) => each.stop()))
  })

  it('an agent registered at one is rung for a caller at the other, and they hear each other', async () => {
    const [one, other] = servers
    const agent = await phone(other, 'alice')
    await backend.event('device.reachable', ({ device }) => device === 'alice')
    const far = (await phone(one)).call('5550100', '100')
    const { call } = await backend.event('call.offered')
    backend.execute({ type: 'answer', call })
    await backend.event('call.answered', (event) => event.call === call)
    const from = { uri: 'sip:5550100@here', number: '5550100' }
    const dial = { type: 'dial', target: { device: 'alice' }, from, ringMs: 10_000 } as const
    backend.execute({ ...dial, call: 'agent', beside: call })
    await backend.event('call.progress', (event) => event.call === 'agent')
    const ringing = await until('the phone to ring', async () => agent.incoming, PATIENCE_MS)
    ringing.answer()
    await backend.event('call.answered', (event) => event.call === 'agent')
    backend.execute({ type: 'bridge', call, with: 'agent' })
    await backend.event('call.bridged')
    far.speak(3_000)
    await until('the caller to be heard', async () => ringing.hears() === 'voice' || undefined, PATIENCE_MS)
    expect(await one.cli('core show channels count')).toContain('2 active channels')
    backend.execute({ type: 'hangup', call })
    backend.execute({ type: 'hangup', call: 'agent' })
    await backend.event('call.ended', (event) => event.call === 'agent')
  })

  it('when one is lost the other stands in, and its phones can be rung', async () => {
    const [one, other] = servers
    await phone(one, 'bob')
    await backend.event('device.reachable', ({ device }) => device === 'bob')
    await other.kill()
    expect(await backend.event('backend.lost')).toMatchObject({
      backend: `asterisk ${new URL(other.url).host}`,
      serving: true,
    })
    await backend.event('device.unreachable', ({ device }) => device === 'alice')
    const from = { uri: 'sip:100@here', number: '100' }
    backend.execute({ type: 'dial', call: 'bob', target: { device: 'bob' }, from, ringMs: 10_000 })
    await backend.event('call.progress', (event) => event.call === 'bob')
    backend.execute({ type: 'hangup', call: 'bob' })
    await backend.event('call.ended', (event) => event.call === 'bob')
    backend.events.length = 0
    await other.restart()
    await backend.event('backend.ready', ({ backend: name }) => name.endsWith(new URL(other.url).host))
  })

  it('a wrong password and a server that is not there are told, tried again, and end nothing', async () => {
    const [one] = servers
    const stranger = new AsteriskBackend([one, { url: 'http://127.0.0.1:1' }], { password: 'wrong' })
    await stranger.start()
    try {
      const lost = (url: string) =>
        stranger.event('backend.lost', ({ backend: name }) => name === `asterisk ${new URL(url).host}`)
      expect(await lost(one.url)).toMatchObject({ detail: expect.stringContaining('asterisk.password') })
      expect(await lost('http://127.0.0.1:1')).toMatchObject({
        detail: expect.stringContaining('ECONNREFUSED'),
      })
      const from = { uri: 'sip:100@here' }
      stranger.execute({ type: 'dial', call: 'x', target: { device: 'alice' }, from, ringMs: 1_000 })
      expect(await stranger.event('call.ended')).toMatchObject({ cause: 'backend-lost', by: 'network' })
    } finally {
      await stranger.telephony.stop()
    }
  })

  it('a second program with the same application is reported by the first', async () => {
    const [one] = servers
    backend.events.length = 0
    const second = new AsteriskBackend([one])
    await second.start()
    try {
      const { detail } = await backend.event('backend.lost')
      expect(detail).toContain('another program uses the Stasis application')
      expect(second.events.map(({ type }) => type)).toContain('backend.ready')
    } finally {
      await second.telephony.stop()
    }
  })

  it('who left while we were away is removed at the next start; a name that Asterisk has already harms nobody', async () => {
    const [one] = servers
    expect(await one.cli('pjsip show endpoint alice')).toContain('switchroom')
    const next = new AsteriskBackend([one], { devices: ['bob', 'anonymous', 'not a name'] })
    await next.start()
    try {
      await next.event('backend.ready')
      expect(await one.cli('pjsip show endpoint alice')).toContain('Unable to find object alice')
      expect(await one.cli('pjsip show auth alice')).toContain('Unable to find object alice')
      expect(await one.cli('pjsip show endpoint bob')).toContain('switchroom')
      ;(await phone(one)).call('5550199', '100')
      await next.event('call.offered', ({ from }) => from.number === '5550199')
    } finally {
      await next.telephony.stop()
    }
  })

  it('a connection that is dead without a word is noticed and made anew', async () => {
    await using ari = await Relay.start(Number(new URL(servers[0].url).port))
    const through = new AsteriskBackend([{ url: `http://127.0.0.1:${ari.port}` }])
    await through.start()
    try {
      await through.event('backend.ready')
      through.events.length = 0
      ari.hang()
      expect(await through.event('backend.lost')).toMatchObject({
        detail: expect.stringContaining('has not answered a ping'),
      })
      await through.event('backend.ready')
    } finally {
      await through.telephony.stop()
    }
  })
})

describeWith(['asterisk'], 'two Switchrooms at one Asterisk', () => {
  let asterisk: ShippedAsterisk
  const phones: FarPhone[] = []
  const running: AsteriskBackend[] = []
  const start = async (application: string, options: Partial<AsteriskOptions>, device: string) => {
    const backend = new AsteriskBackend([asterisk], { application, devices: [device], ...options })
    running.push(backend)
    await backend.start()
    await backend.event('backend.ready')
    return backend
  }
  const stop = async (backend: AsteriskBackend): Promise<void> => {
    running.splice(running.indexOf(backend), 1)
    await backend.telephony.stop()
  }
  const shown = (what: string): Promise<string> => asterisk.cli(`pjsip show ${what}`)

  beforeAll(async () => {
    asterisk = await startShippedAsterisk()
  })
  afterAll(async () => {
    await Promise.all(running.map((each) => each.telephony.stop()))
    await Promise.all(phones.map((each) => each.stop()))
    await asterisk.stop()
  })

  it('neither touches the phones, trunks and calls of the other, though their names begin alike', async () => {
    const two = await start('switchroom-2', { trunks: [trunk('provider', ['127.0.0.1:1'])] }, 'dave')
    const dave = new FarPhone(`127.0.0.1:${asterisk.sipPort}`, 'dave')
    phones.push(dave)
    await dave.start()
    await two.event('device.reachable', ({ device }) => device === 'dave')
    const from = { uri: 'sip:100@here', number: '100' }
    two.execute({ type: 'dial', call: 'ringing', target: { device: 'dave' }, from, ringMs: 30_000 })
    await two.event('call.progress')
    const one = await start('switchroom', { trunks: [trunk('provider', ['127.0.0.1:2'])] }, 'carol')
    expect(await shown('endpoint dave')).toContain('switchroom-2')
    expect(await shown('endpoint carol')).toContain('switchroom')
    expect(await shown('aor trunk~switchroom-2~provider~0')).toContain('sip:127.0.0.1:1')
    expect(await shown('aor trunk~switchroom~provider~0')).toContain('sip:127.0.0.1:2')
    const ringing = await until('the phone to ring', async () => dave.incoming, PATIENCE_MS)
    ringing.answer()
    await two.event('call.answered')
    expect(two.events.map(({ type }) => type)).not.toContain('call.ended')
    await stop(one)
    await stop(two)
  })

  it('a trunk that is no longer in the configuration leaves nothing at Asterisk, nor does an old address', async () => {
    const credentials = { username: 'account', password: 'secret' }
    const before = [
      { ...trunk('old', ['127.0.0.1:3']), credentials, registration: { expires: 300 } },
      { ...trunk('provider', ['127.0.0.1:4', '127.0.0.1:5']), credentials, registration: { expires: 300 } },
    ]
    await stop(await start('switchroom', { trunks: before }, 'carol'))
    expect(await shown('registrations')).toContain('trunk~switchroom~old~0')
    await start('switchroom', { trunks: [trunk('provider', ['127.0.0.1:6'])] }, 'carol')
    expect(await shown('registrations')).not.toContain('trunk~switchroom~')
    expect(await shown('identifies')).not.toMatch(/trunk~switchroom~old|provider~1/)
    expect(await shown('endpoints')).not.toMatch(/trunk~switchroom~old|provider~1/)
    const aors = await shown('aors')
    expect(aors).toContain('sip:127.0.0.1:6')
    expect(aors).not.toMatch(/sip:127.0.0.1:[345]\b/)
  })

  it('a stranger who dials what is in no plan gets 404 and is never told of', async () => {
    const [one] = running
    if (one) await stop(one)
    const center = await start('switchroom', { isServed: (number) => number === '100' }, 'carol')
    const stranger = await start('switchroom-2', { allowedUris: ['*:*'] }, 'dave')
    const from = { uri: 'sip:5550166@here', number: '5550166' }
    const dial = (call: string, number: string): void => {
      const uri = `sip:${number}@127.0.0.1:${asterisk.sipPort}`
      stranger.execute({ type: 'dial', call, target: { uri }, from, ringMs: 10_000 })
    }
    dial('scan', '00972599000111')
    expect(await stranger.event('call.ended')).toMatchObject({ call: 'scan', status: 404 })
    dial('caller', '100')
    await center.event('call.offered')
    const offers = center.events.filter(({ type }) => type === 'call.offered')
    expect(offers).toMatchObject([{ to: { number: '100' } }])
  })
})
