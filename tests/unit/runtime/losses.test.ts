import { describe, expect, test } from 'vitest'
import { answersAfter, ringsOn } from '../../../src/telephony/simulated/behaviours.ts'
import { Stage, segmentsOf } from './stage.ts'

const idle = { legs: 0, contacts: 0, offers: 0, wrapUps: 0 }

describe('when the backend is lost', () => {
  test('no contact stays open and no agent stays reserved, and nobody has missed a call', async () => {
    const stage = await Stage.open()
    await stage.agent('ana', ringsOn)
    await stage.call()
    await stage.pass(1000)
    expect(stage.center.acd.engine.agent('ana')).toMatchObject({ slot: 'offered' })
    stage.telephony.fail()
    await stage.pass(100)
    expect(stage.center.sizes()).toEqual(idle)
    expect(stage.last.outcome).toBe('failed')
    expect(stage.center.acd.engine.agent('ana')).toMatchObject({
      slot: 'free',
      presence: 'available',
      device: 'unregistered',
    })
    stage.telephony.recover()
    await stage.pass(100)
    expect(stage.center.acd.engine.agent('ana')).toMatchObject({ presence: 'available', device: 'ok' })
  })

  test('whoever is being rung is free again at once, also where the calls live on', async () => {
    const stage = await Stage.open()
    await stage.agent('ana', ringsOn)
    await stage.call()
    await stage.pass(1000)
    const phone = stage.dialled()
    stage.center.receive({ type: 'backend.lost', backend: 'one', serving: false, detail: 'reset' })
    await stage.pass(100)
    expect(phone.state).toBe('gone')
    expect(stage.center.acd.engine.agent('ana')).toMatchObject({ slot: 'free', device: 'unregistered' })
    await stage.pass(30_000)
    const offers = stage.events.filter(({ type }) => type === 'offer.made')
    expect(offers, 'nobody is offered anything meanwhile').toHaveLength(1)
    stage.center.receive({ type: 'backend.ready', backend: 'one', serving: true })
    await stage.pass(500)
    expect(stage.center.acd.engine.agent('ana')).toMatchObject({ slot: 'offered' })
  })

  test('nobody of those who are free is offered what rang at another', async () => {
    const agents = ['ana', 'ben', 'cid', 'dan']
    const stage = await Stage.open({ agents })
    for (const name of agents) await stage.agent(name, ringsOn)
    await stage.call()
    await stage.pass(1000)
    stage.center.receive({ type: 'backend.lost', backend: 'one', serving: false, detail: 'reset' })
    await stage.pass(30_000)
    const offers = stage.events.filter(({ type }) => type === 'offer.made')
    expect(offers).toHaveLength(1)
    stage.center.receive({ type: 'backend.ready', backend: 'one', serving: true })
    await stage.pass(500)
    expect(stage.center.sizes()).toMatchObject({ contacts: 1, offers: 1 })
  })

  test('an agent whose leg goes with it is asked again, and the caller keeps the place', async () => {
    const stage = await Stage.open({
      command: (command) => (command.type === 'bridge' ? undefined : command),
    })
    await stage.agent('ana', answersAfter(100))
    await stage.call()
    await stage.pass(1000)
    const call = stage.dialled().call
    stage.center.receive({ type: 'call.ended', call, cause: 'backend-lost', by: 'network' })
    await stage.pass(100)
    expect(stage.center.acd.engine.agent('ana')).toMatchObject({ device: 'ok', slot: 'free' })
    expect(stage.center.sizes()).toMatchObject({ contacts: 1 })
  })

  test('what is down is known, and what came back is up', async () => {
    const stage = await Stage.open()
    const { lines } = stage.center
    await stage.pass(10)
    expect([lines.serving, [...lines.backends]]).toEqual([true, [['simulated', undefined]]])
    stage.telephony.fail('pulled the plug')
    stage.telephony.trunk('provider', 'down')
    await stage.pass(10)
    expect([lines.serving, [...lines.backends]]).toEqual([false, [['simulated', 'pulled the plug']]])
    expect([...lines.trunks]).toEqual([['provider', 'unanswered: simulated']])
    stage.telephony.trunk('provider', 'up')
    stage.telephony.recover()
    await stage.pass(10)
    expect([lines.serving, lines.backends.get('simulated')]).toEqual([true, undefined])
    expect([...lines.trunks]).toEqual([['provider', undefined]])
  })
})

describe('an agent whose phone holds us', () => {
  const holdOrders = (stage: Stage): string[] =>
    stage.commands.filter(({ type }) => /hold/.test(type)).map(({ type, call }) => `${type} ${call}`)

  test('lets the caller hear music, until they are taken back', async () => {
    const stage = await Stage.open()
    await stage.agent('ana', answersAfter(100))
    const caller = await stage.call()
    await stage.pass(1000)
    stage.dialled().hold()
    await stage.pass(100)
    expect(caller.heard.at(-1)).toMatchObject({ what: 'music' })
    stage.dialled().unhold()
    await stage.pass(100)
    expect(caller.heard.at(-1)).toMatchObject({ what: 'party' })
    expect(holdOrders(stage)).toEqual([`hold ${caller.call}`, `unhold ${caller.call}`])
  })

  test('and hangs up, leaves no caller on hold', async () => {
    const stage = await Stage.open({
      flow: 'line: { type: queue, queue: billing, next: after }\nafter: { type: play, prompt: { audio: a }, next: bye }\nbye: { type: hangup }',
    })
    await stage.agent('ana', answersAfter(100))
    const caller = await stage.call()
    await stage.pass(1000)
    stage.dialled().hold()
    await stage.pass(100)
    stage.dialled().hangup()
    await stage.pass(40_000)
    expect(holdOrders(stage)).toEqual([`hold ${caller.call}`, `unhold ${caller.call}`])
    expect(caller.state).toBe('gone')
    expect(segmentsOf(stage.last)).toContain('talk agent-hung-up')
    expect(stage.last.outcome).toBe('handled')
  })
})
