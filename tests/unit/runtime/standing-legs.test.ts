import { describe, expect, test } from 'vitest'
import type { CallCommand } from '../../../src/call/commands.ts'
import { answersAfter, refusesAfter, ringsOn } from '../../../src/telephony/simulated/behaviours.ts'
import type { SimulatedParty } from '../../../src/telephony/simulated/party.ts'
import { expectGapless, Stage, type StageOptions, segmentsOf } from './stage.ts'

const STANDING = { autoAnswer: true, standing: true }
const BY_KEY = { autoAnswer: false, standing: true }

function dials({ commands }: Stage): Extract<CallCommand, { type: 'dial' }>[] {
  return commands.filter((command) => command.type === 'dial')
}

/** Ana on a standing call, and nobody else. */
async function standing(options: StageOptions = {}): Promise<{ stage: Stage; ana: SimulatedParty }> {
  const stage = await Stage.open({ agents: ['ana'], phones: { ana: STANDING }, wrapUpMs: 0, ...options })
  await stage.agent('ana', answersAfter(0))
  await stage.pass(10)
  return { stage, ana: stage.dialled() }
}

const deviceOf = (stage: Stage) => stage.center.floor.agent('ana')?.device

describe('an agent with a standing call', () => {
  test('is called once at sign-in, and can be offered nothing before', async () => {
    const stage = await Stage.open({ agents: ['ana'], phones: { ana: STANDING } })
    await stage.agent('ana', ringsOn)
    expect(dials(stage)).toHaveLength(1)
    expect(deviceOf(stage)).toBe('unregistered')
    await stage.call()
    await stage.pass(1000)
    expect(stage.types()).not.toContain('offer.made')
    stage.dialled().answer()
    await stage.pass(10)
    expect(deviceOf(stage)).toBe('ok')
    expect(stage.types()).toContain('contact.connected')
  })

  test('gets one contact after the other on it, and no phone rings', async () => {
    const { stage, ana } = await standing()
    for (const round of [1, 2, 3]) {
      const caller = await stage.call()
      expect(ana.heard.at(-1), `round ${round}`).toMatchObject({ what: 'party', call: caller.call })
      expect(caller.heard.at(-1)).toMatchObject({ what: 'party', call: ana.call })
      await stage.pass(3000)
      caller.hangup()
      const goneAt = stage.clock.now()
      await stage.pass(10)
      expect(segmentsOf(stage.last)).toEqual([
        'ivr queued',
        'ring accepted',
        'queue connected',
        'talk caller-hung-up',
      ])
      expectGapless(stage.last, goneAt)
      expect(ana.state).toBe('talking')
    }
    expect(dials(stage)).toHaveLength(1)
    expect(stage.ended).toHaveLength(3)
    expect(stage.center.sizes()).toEqual({ legs: 1, contacts: 0, offers: 0, wrapUps: 0 })
  })

  test('who is idle gets the caller who waits without a moment between', async () => {
    const { stage, ana } = await standing()
    const first = await stage.call()
    const second = await stage.call()
    first.hangup()
    const freeAt = stage.clock.now()
    await stage.pass(20)
    expect(second.heard.at(-1)).toMatchObject({ what: 'party', call: ana.call, at: freeAt })
  })

  test('hears music between talks where that is set', async () => {
    const { stage, ana } = await standing({ standing: { music: 'hold' } })
    expect(ana.heard.at(-1)).toMatchObject({ what: 'music' })
    const caller = await stage.call()
    expect(ana.heard.at(-1)).toMatchObject({ what: 'party' })
    caller.hangup()
    await stage.pass(10)
    expect(ana.heard.at(-1)).toMatchObject({ what: 'music' })
  })

  test('who hangs up the contact at the desk keeps the call, and the caller goes on', async () => {
    const { stage, ana } = await standing({
      flow: 'line: { type: queue, queue: billing, next: after }\nafter: { type: play, prompt: { audio: a }, next: bye }\nbye: { type: hangup }',
    })
    const caller = await stage.call()
    stage.center.floor.hangUp(stage.contact, 'ana')
    await stage.pass(10)
    expect(ana.state).toBe('talking')
    expect(ana.heard.at(-1)).toMatchObject({ what: 'silence' })
    expect(caller.state).toBe('talking')
    await stage.pass(3000)
    expect(segmentsOf(stage.last)).toContain('talk agent-hung-up')
    expect(stage.last.outcome).toBe('handled')
  })

  test('ends a talk with a key, and keeps the call', async () => {
    const { stage, ana } = await standing()
    await stage.call()
    ana.press('5')
    await stage.pass(10)
    expect(stage.types()).not.toContain('talk.ended')
    ana.press('*')
    await stage.pass(10)
    expect(stage.types()).toContain('talk.ended')
    expect(ana.state).toBe('talking')
  })

  test('who hangs up the phone in a talk ends it, is signed off, and is not called again before they work', async () => {
    const { stage, ana } = await standing()
    await stage.call()
    ana.hangup()
    await stage.pass(20_000)
    expect(segmentsOf(stage.last)).toContain('talk agent-hung-up')
    expect(deviceOf(stage)).toBe('unregistered')
    expect(dials(stage)).toHaveLength(1)
    stage.center.floor.setAvailable('ana')
    await stage.pass(10)
    expect(dials(stage)).toHaveLength(2)
    expect(deviceOf(stage)).toBe('ok')
  })

  test('whose call is lost in an offer has a fault, the caller keeps the place, and the call is made again', async () => {
    const { stage, ana } = await standing({ phones: { ana: BY_KEY } })
    await stage.call()
    const { contact } = stage
    const joinedAt = stage.center.acd.engine.contact(contact)?.joinedAt
    stage.center.receive({ type: 'call.ended', call: ana.call, cause: 'media-lost', by: 'network' })
    expect(stage.events.find(({ type }) => type === 'offer.ended')).toMatchObject({
      outcome: 'device-failed',
    })
    expect(stage.center.acd.engine.contact(contact)).toMatchObject({ state: 'waiting', joinedAt })
    expect(deviceOf(stage)).toBe('unregistered')
    await stage.pass(4900)
    expect(dials(stage)).toHaveLength(1)
    await stage.pass(200)
    expect(dials(stage)).toHaveLength(2)
    expect(deviceOf(stage)).toBe('ok')
  })

  test('who does not take the call is not called again and again', async () => {
    const stage = await Stage.open({ agents: ['ana'], phones: { ana: STANDING } })
    await stage.agent('ana', refusesAfter(100, 'rejected'))
    await stage.pass(60_000)
    expect(dials(stage)).toHaveLength(1)
    stage.telephony.register('ana', answersAfter(0))
    stage.center.floor.setAvailable('ana')
    await stage.pass(10)
    expect(deviceOf(stage)).toBe('ok')
  })

  test('is let go at sign-out, after the talk that goes on', async () => {
    const { stage, ana } = await standing()
    const caller = await stage.call()
    stage.center.floor.signOut('ana')
    await stage.pass(1000)
    expect(ana.state).toBe('talking')
    caller.hangup()
    await stage.pass(10)
    expect(ana.state).toBe('gone')
    expect(stage.center.sizes()).toEqual({ legs: 0, contacts: 0, offers: 0, wrapUps: 0 })
  })

  test('is let go where it is turned off, and made where it is turned on, without a new sign-in', async () => {
    const { stage, ana } = await standing()
    stage.phones['ana'] = {}
    await stage.center.floor.peopleChanged()
    await stage.pass(10)
    expect(ana.state).toBe('gone')
    expect(deviceOf(stage)).toBe('ok')
    stage.phones['ana'] = STANDING
    await stage.center.floor.peopleChanged()
    await stage.pass(10)
    expect(dials(stage)).toHaveLength(2)
    expect(deviceOf(stage)).toBe('ok')
  })

  test('is not let go in the middle of a talk where it is turned off, but after it', async () => {
    const { stage, ana } = await standing()
    const caller = await stage.call()
    stage.phones['ana'] = {}
    await stage.center.floor.peopleChanged()
    await stage.pass(1000)
    expect([caller.state, ana.state]).toEqual(['talking', 'talking'])
    caller.hangup()
    await stage.pass(10)
    expect(ana.state).toBe('gone')
    expect(segmentsOf(stage.last)).toContain('talk caller-hung-up')
    expect(deviceOf(stage)).toBe('ok')
  })

  test('stays where it is turned off and on again in one talk', async () => {
    const { stage, ana } = await standing()
    const caller = await stage.call()
    stage.phones['ana'] = {}
    await stage.center.floor.peopleChanged()
    stage.phones['ana'] = STANDING
    await stage.center.floor.peopleChanged()
    caller.hangup()
    await stage.pass(10)
    expect(ana.state).toBe('talking')
    expect(dials(stage)).toHaveLength(1)
  })

  test('is made again when a backend that was lost is back', async () => {
    const { stage } = await standing()
    stage.telephony.fail()
    await stage.pass(20_000)
    expect(deviceOf(stage)).toBe('unregistered')
    expect(dials(stage)).toHaveLength(1)
    stage.telephony.recover()
    await stage.pass(10)
    expect(dials(stage)).toHaveLength(2)
    expect(deviceOf(stage)).toBe('ok')
  })

  test('is let go when the server stops', async () => {
    const { stage, ana } = await standing()
    await stage.center.drain(1000)
    await stage.pass(10)
    expect(ana.state).toBe('gone')
    expect(stage.center.sizes()).toMatchObject({ legs: 0 })
  })

  test('is asked to answer by itself only where auto-answer is on', async () => {
    const { stage } = await standing()
    expect(dials(stage)[0]?.headers).toMatchObject({ 'Answer-Mode': 'Auto' })
    const { stage: other } = await standing({ phones: { ana: BY_KEY } })
    expect(dials(other)[0]?.headers).toEqual({})
  })
})

describe('an offer on a standing call without auto-answer', () => {
  test('is announced, and taken by its key alone', async () => {
    const { stage, ana } = await standing({
      phones: { ana: BY_KEY },
      resolve: async () => [{ silenceMs: 300 }],
    })
    const caller = await stage.call()
    expect(stage.commands.at(-1)).toMatchObject({ type: 'play', call: ana.call })
    ana.press('9')
    await stage.pass(1000)
    expect(caller.heard.at(-1)).toMatchObject({ what: 'music' })
    ana.press('1')
    await stage.pass(10)
    expect(caller.heard.at(-1)).toMatchObject({ what: 'party', call: ana.call })
    expect(stage.commands.map(({ type }) => type)).not.toContain('whisper')
  })

  test('is taken at the desk, which cannot take what rings at a phone', async () => {
    const { stage, ana } = await standing({ phones: { ana: BY_KEY } })
    const caller = await stage.call()
    const offer = stage.center.floor.offerFor('ana')
    expect(offer).toMatchObject({ takenBy: 'key' })
    stage.center.floor.accept(offer?.offer ?? '', 'ana')
    await stage.pass(10)
    expect(caller.heard.at(-1)).toMatchObject({ what: 'party', call: ana.call })

    const plain = await Stage.open({ agents: ['ana'] })
    await plain.agent('ana', ringsOn)
    await plain.call()
    const ringing = plain.center.floor.offerFor('ana')?.offer ?? ''
    expect(() => plain.center.floor.accept(ringing, 'ana')).toThrow(/answering the phone/)
  })

  test('that nobody takes is a missed one, and the agent hears no more of it', async () => {
    const { stage, ana } = await standing({
      phones: { ana: BY_KEY },
      standing: { music: 'hold' },
      resolve: async () => [{ silenceMs: 60_000 }],
    })
    await stage.call()
    await stage.pass(30_000)
    expect(stage.events.find(({ type }) => type === 'offer.ended')).toMatchObject({ outcome: 'no-answer' })
    expect(ana.heard.at(-1)).toMatchObject({ what: 'music' })
    ana.press('1')
    await stage.pass(10)
    expect(stage.types()).not.toContain('contact.connected')
  })

  test('is over when the caller hangs up', async () => {
    const { stage, ana } = await standing({ phones: { ana: BY_KEY } })
    const caller = await stage.call()
    caller.hangup()
    await stage.pass(10)
    expect(stage.last.outcome).toBe('abandoned-in-ring')
    expect(ana.state).toBe('talking')
    expect(stage.center.floor.agent('ana')).toMatchObject({ slot: 'free', device: 'ok' })
  })
})

describe('the number for standing calls', () => {
  const dialIn = async (stage: Stage, device: string | undefined): Promise<SimulatedParty> => {
    const party = stage.telephony.incoming({
      from: { uri: 'sip:ana@here.invalid', number: 'ana' },
      to: { uri: 'sip:*99@here.invalid', number: '*99' },
      ...(device !== undefined && { device }),
    })
    await stage.pass(10)
    return party
  }

  test('signs an agent in who calls it, and out who hangs up', async () => {
    const stage = await Stage.open({ agents: ['ana'], wrapUpMs: 0, phones: { ana: { autoAnswer: true } } })
    const ana = await dialIn(stage, 'ana')
    expect(stage.center.floor.agent('ana')).toMatchObject({ presence: 'available', device: 'ok' })
    const caller = await stage.call()
    expect(caller.heard.at(-1)).toMatchObject({ what: 'party', call: ana.call })
    caller.hangup()
    await stage.pass(10)
    ana.hangup()
    await stage.pass(10)
    expect(stage.center.floor.agent('ana')).toMatchObject({ presence: 'logged-out', device: 'unregistered' })
    expect(dials(stage)).toEqual([])
  })

  test('is not for somebody who is no agent', async () => {
    const stage = await Stage.open({ agents: ['ana'] })
    expect((await dialIn(stage, undefined)).state).toBe('gone')
    expect((await dialIn(stage, 'fax')).state).toBe('gone')
    expect(stage.center.floor.agent('ana')).toMatchObject({ presence: 'logged-out' })
  })

  test('takes the place of the call that stands elsewhere, but not in a talk', async () => {
    const { stage, ana } = await standing()
    const second = await dialIn(stage, 'ana')
    expect([ana.state, second.state]).toEqual(['gone', 'talking'])
    expect(stage.center.floor.agent('ana')).toMatchObject({ presence: 'available', device: 'ok' })
    const caller = await stage.call()
    const third = await dialIn(stage, 'ana')
    expect([second.state, third.state]).toEqual(['talking', 'gone'])
    expect(caller.heard.at(-1)).toMatchObject({ what: 'party', call: second.call })
  })

  test('that takes the place of another gets the offer that was announced there, and nothing was missed', async () => {
    const { stage, ana } = await standing({ phones: { ana: BY_KEY } })
    const caller = await stage.call()
    const second = await dialIn(stage, 'ana')
    expect([ana.state, second.state]).toEqual(['gone', 'talking'])
    expect(stage.events.find(({ type }) => type === 'offer.ended')).toMatchObject({
      outcome: 'device-failed',
    })
    await stage.pass(100)
    expect(stage.center.floor.agent('ana')).toMatchObject({ presence: 'available', device: 'ok' })
    second.press('1')
    await stage.pass(10)
    expect(caller.heard.at(-1)).toMatchObject({ what: 'party', call: second.call })
  })

  test('that is lost in an offer to an agent whose phone could ring as well has a fault, and is not a missed one', async () => {
    const stage = await Stage.open({ agents: ['ana'], phones: { ana: { autoAnswer: false } } })
    stage.telephony.register('ana', ringsOn)
    const ana = await dialIn(stage, 'ana')
    await stage.call()
    stage.center.receive({ type: 'call.ended', call: ana.call, cause: 'media-lost', by: 'network' })
    expect(stage.events.find(({ type }) => type === 'offer.ended')).toMatchObject({
      outcome: 'device-failed',
    })
  })

  test('is refused to a second call where that is set', async () => {
    const { stage, ana } = await standing({ standing: { second: 'refuse' } })
    const second = await dialIn(stage, 'ana')
    expect([ana.state, second.state]).toEqual(['talking', 'gone'])
  })
})
