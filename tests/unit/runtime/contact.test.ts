import { describe, expect, test, vi } from 'vitest'
import { answersAfter, refusesAfter, ringsOn } from '../../../src/telephony/simulated/behaviours.ts'
import { expectGapless, QUEUE, Stage, segmentsOf } from './stage.ts'

const idle = { legs: 0, contacts: 0, offers: 0, wrapUps: 0 }

describe('a contact', () => {
  test('is gapless from the first signal to the end of the call', async () => {
    const stage = await Stage.open()
    await stage.agent('ana', answersAfter(1000))
    const caller = await stage.call()
    await stage.pass(5000)
    caller.hangup()
    const goneAt = stage.clock.now()
    await stage.pass(100)
    stage.center.floor.finishWrapUp(stage.contact, 'ana', { disposition: 'resolved' })
    await stage.pass(100)
    expect(stage.last.outcome).toBe('handled')
    expect(segmentsOf(stage.last)).toEqual([
      'ivr queued',
      'ring accepted',
      'queue connected',
      'talk caller-hung-up',
      'wrap-up resolved',
    ])
    expectGapless(stage.last, goneAt)
    expect(stage.center.sizes()).toEqual(idle)
  })

  test('goes on in the flow when the agent hangs up, and is still handled', async () => {
    const stage = await Stage.open({
      flow: 'line: { type: queue, queue: billing, next: after }\nafter: { type: play, prompt: { audio: a }, next: bye }\nbye: { type: hangup }',
    })
    await stage.agent('ana', answersAfter(1000))
    const caller = await stage.call()
    await stage.pass(2000)
    stage.dialled().hangup()
    await stage.pass(500)
    caller.hangup()
    const goneAt = stage.clock.now()
    await stage.pass(40_000)
    expect(stage.last.outcome).toBe('handled')
    expect(segmentsOf(stage.last)).toEqual([
      'ivr queued',
      'ring accepted',
      'queue connected',
      'talk agent-hung-up',
      'ivr caller-hung-up',
      'wrap-up timed-out',
    ])
    expectGapless(stage.last, goneAt)
  })

  test('keeps both wrap-ups when a second agent takes the caller while the first still wraps up', async () => {
    const stage = await Stage.open({
      flow: 'line: { type: queue, queue: billing, next: again }\nagain: { type: queue, queue: billing, next: bye }\nbye: { type: hangup }',
    })
    await stage.agent('ana', answersAfter(100))
    const caller = await stage.call()
    await stage.pass(1000)
    const contact = stage.contact
    await stage.agent('ben', answersAfter(100))
    stage.center.floor.hangUp(contact, 'ana')
    await stage.pass(1000)
    expect(() => stage.center.floor.hangUp(contact, 'ana')).toThrow(/is not talking/)
    caller.hangup()
    await stage.pass(100)
    stage.center.floor.finishWrapUp(contact, 'ana', { disposition: 'passed-on' })
    await stage.pass(40_000)
    const { segments } = stage.last
    expect(segments.filter(({ kind }) => kind === 'talk').map(({ agent }) => agent)).toEqual(['ana', 'ben'])
    expect(
      segments.filter(({ kind }) => kind === 'wrap-up').map(({ agent, result }) => `${agent} ${result}`),
    ).toEqual(['ana passed-on', 'ben timed-out'])
    expect(stage.center.sizes()).toEqual(idle)
  })

  test.each([
    [
      'in the flow',
      'a: { type: play, prompt: { audio: a }, next: bye }\nbye: { type: hangup }',
      'abandoned-in-ivr',
    ],
    ['in the queue', QUEUE, 'abandoned-in-queue'],
  ])('hung up %s', async (_, flow, outcome) => {
    const stage = await Stage.open({ flow })
    const caller = await stage.call()
    await stage.pass(500)
    caller.hangup()
    const goneAt = stage.clock.now()
    await stage.pass(100)
    expect(stage.last.outcome).toBe(outcome)
    expectGapless(stage.last, goneAt)
    expect(stage.center.sizes()).toEqual(idle)
  })

  test('of a caller who leaves the queue takes the figures of the queue along', async () => {
    const stage = await Stage.open()
    const caller = await stage.call()
    await stage.pass(500)
    expect(stage.center.floor.queues()[0]).toMatchObject({ waiting: 1 })
    caller.hangup()
    await stage.pass(10)
    expect(stage.events.findLast(({ type }) => type === 'queue.changed')).toMatchObject({
      queue: { queue: 'billing', waiting: 0 },
    })
  })

  test('has no figures of queues worked out that nobody watches', async () => {
    const stage = await Stage.open()
    await stage.agent('ana', answersAfter(1000))
    const views = vi.spyOn(stage.center.acd.engine, 'queues')
    const talkAndLeave = async (): Promise<void> => {
      views.mockClear()
      const caller = await stage.call()
      await stage.pass(5000)
      caller.hangup()
      await stage.pass(100)
      stage.center.floor.finishWrapUp(stage.contact, 'ana', { disposition: 'resolved' })
      await stage.pass(100)
    }
    await talkAndLeave()
    expect(views).toHaveBeenCalled()
    stage.watchesQueues = false
    await talkAndLeave()
    expect(views).not.toHaveBeenCalled()
  })

  test('hung up while it rings is nobody to blame, and nobody keeps ringing', async () => {
    const stage = await Stage.open()
    await stage.agent('ana', ringsOn)
    const caller = await stage.call()
    await stage.pass(1000)
    const phone = stage.dialled()
    caller.hangup()
    await stage.pass(10)
    expect(phone.state).toBe('gone')
    expect(stage.last.outcome).toBe('abandoned-in-ring')
    expect(segmentsOf(stage.last)).toEqual(['ivr queued', 'ring cancelled-by-caller', 'queue abandoned'])
    expect(stage.center.floor.agent('ana')).toMatchObject({ slot: 'free', device: 'ok' })
    expect(stage.center.sizes()).toEqual(idle)
  })

  test('of a caller who was gone before the agent could hear them is not handled, and leaves no wrap-up', async () => {
    const stage = await Stage.open({
      command: (command) => (command.type === 'bridge' ? undefined : command),
    })
    await stage.agent('ana', answersAfter(500))
    const caller = await stage.call()
    await stage.pass(2000)
    caller.hangup()
    await stage.pass(10)
    expect(stage.last.outcome).toBe('abandoned-in-ring')
    expect(stage.last.segments.map(({ kind }) => kind)).not.toContain('wrap-up')
    expect(stage.center.floor.agent('ana')).toMatchObject({ slot: 'free' })
    expect(stage.center.sizes()).toEqual(idle)
  })

  test('that cannot be bridged has its place back, and the next agent is asked', async () => {
    let bridges = 0
    const stage = await Stage.open({
      command: (command) =>
        command.type === 'bridge' && bridges++ === 0 ? { ...command, with: 'nobody' } : command,
    })
    await stage.agent('ana', answersAfter(500))
    const caller = await stage.call()
    const { contact } = stage
    const joinedAt = stage.center.acd.engine.contact(contact)?.joinedAt
    await stage.pass(600)
    expect(stage.center.floor.agent('ana')).toMatchObject({ slot: 'free', device: 'failed' })
    expect(stage.center.acd.engine.contact(contact)).toMatchObject({ state: 'waiting', joinedAt })
    expect(stage.commands.at(-1)).toMatchObject({ type: 'music.start', call: caller.call })
    await stage.agent('ben', answersAfter(500))
    await stage.pass(1000)
    expect(stage.center.floor.contact(contact)).toMatchObject({ state: 'talking', agent: 'ben' })
    caller.hangup()
    const goneAt = stage.clock.now()
    await stage.pass(40_000)
    expect(stage.last.outcome).toBe('handled')
    expectGapless(stage.last, goneAt)
    expect(stage.center.sizes()).toEqual(idle)
  })

  test('whose audio stopped for good while waiting counts as abandoned', async () => {
    const stage = await Stage.open()
    const caller = await stage.call()
    await stage.pass(500)
    stage.center.receive({ type: 'call.ended', call: caller.call, cause: 'media-lost', by: 'network' })
    expect(stage.last).toMatchObject({ outcome: 'abandoned-in-queue' })
  })

  test('that the backend loses has failed', async () => {
    const stage = await Stage.open()
    const caller = await stage.call()
    await stage.pass(500)
    stage.center.receive({ type: 'call.ended', call: caller.call, cause: 'failed', by: 'network' })
    expect(stage.last).toMatchObject({ outcome: 'failed' })
  })

  test('has no outcome on disk while the caller is there, and everything that went on until then', async () => {
    const stage = await Stage.open()
    await stage.agent('ana', answersAfter(500))
    await stage.call()
    await stage.pass(5000)
    const kept = stage.kept.at(-1)
    expect(kept).not.toHaveProperty('outcome')
    expect(kept && segmentsOf(kept)).toEqual([
      'ivr queued',
      'ring accepted',
      'queue connected',
      'talk system-failure',
    ])
  })

  test('of a number that is not in the plan is refused, and recorded', async () => {
    const stage = await Stage.open()
    const caller = await stage.call('999')
    expect(caller.state).toBe('gone')
    expect(stage.last).toMatchObject({ outcome: 'refused', to: { number: '999' }, segments: [] })
    expect(stage.center.sizes()).toEqual(idle)
  })
})

describe('who calls', () => {
  const june = { id: 'june', name: 'June', tier: 'standard' }

  test('is told as soon as it is known, also when the phone rings already', async () => {
    const found = Promise.withResolvers<[typeof june]>()
    const stage = await Stage.open({ customers: () => found.promise })
    await stage.agent('ana', ringsOn)
    await stage.call()
    await stage.pass(500)
    expect(stage.center.floor.offerFor('ana')).not.toHaveProperty('customer')
    found.resolve([june])
    await stage.pass(10)
    expect(stage.center.floor.offerFor('ana')).toMatchObject({ customer: 'june' })
  })

  test('stays what the agent has said, whatever a late look-up finds', async () => {
    const found = Promise.withResolvers<[typeof june]>()
    const stage = await Stage.open({ customers: () => found.promise })
    await stage.agent('ana', answersAfter(100))
    await stage.call()
    await stage.pass(500)
    stage.center.floor.setCustomer(stage.contact, 'somebody-else')
    found.resolve([june])
    await stage.pass(10)
    expect(stage.center.floor.contact(stage.contact)).toMatchObject({ customer: 'somebody-else' })
  })

  test('who is gone before the look-up answers, leaves nothing behind', async () => {
    const found = Promise.withResolvers<[typeof june]>()
    const stage = await Stage.open({ customers: () => found.promise })
    const caller = await stage.call()
    caller.hangup()
    await stage.pass(10)
    const told = stage.events.length
    found.resolve([june])
    await stage.pass(10)
    expect(stage.events).toHaveLength(told)
  })
})

describe('a transfer', () => {
  const flow =
    'out: { type: transfer, to: "sip:bob@shop.invalid", ringTime: 20s, next: bye, busy: bye, noAnswer: bye, failed: bye }\nbye: { type: hangup }'

  test('that is answered is transferred', async () => {
    const stage = await Stage.open({ flow })
    stage.telephony.reachable('sip:bob@shop.invalid', answersAfter(1000))
    const caller = await stage.call()
    await stage.pass(5000)
    caller.hangup()
    const goneAt = stage.clock.now()
    await stage.pass(100)
    expect(stage.last.outcome).toBe('transferred')
    expect(segmentsOf(stage.last)).toEqual(['ivr transfer', 'transfer caller-hung-up'])
    expectGapless(stage.last, goneAt)
    expect(stage.center.sizes()).toEqual(idle)
  })

  test.each(['busy', 'rejected', 'no-answer', 'unreachable'] as const)(
    'that is %s goes on',
    async (cause) => {
      const stage = await Stage.open({ flow })
      stage.telephony.reachable('sip:bob@shop.invalid', refusesAfter(1000, cause))
      await stage.call()
      await stage.pass(5000)
      expect(segmentsOf(stage.last)).toEqual(['ivr transfer', `transfer ${cause}`, 'ivr hung-up'])
      expect(stage.center.sizes()).toEqual(idle)
    },
  )

  test('stops ringing when the caller goes, and hangs up on whoever answers in that moment', async () => {
    const stage = await Stage.open({ flow })
    stage.telephony.reachable('sip:bob@shop.invalid', ringsOn)
    const caller = await stage.call()
    await stage.pass(1000)
    const bob = stage.dialled()
    bob.answer()
    caller.hangup()
    await stage.pass(10)
    expect(bob.state).toBe('gone')
    expect(stage.last.outcome).not.toBe('transferred')
    expect(stage.center.sizes()).toEqual(idle)
  })

  test('that cannot be bridged has failed', async () => {
    const stage = await Stage.open({
      flow,
      command: (command) => (command.type === 'bridge' ? { ...command, with: 'nobody' } : command),
    })
    stage.telephony.reachable('sip:bob@shop.invalid', answersAfter(1000))
    await stage.call()
    await stage.pass(5000)
    expect(stage.last.outcome).not.toBe('transferred')
    expect(stage.center.sizes()).toEqual(idle)
  })

  test('that cannot even be dialled leaves no leg behind', async () => {
    const stage = await Stage.open({
      flow,
      command: (command) => {
        if (command.type !== 'dial') return command
        const { call, id } = command
        queueMicrotask(() =>
          stage.center.receive({
            type: 'command.failed',
            call,
            command: id,
            reason: 'unsupported',
            detail: 'no lines',
          }),
        )
        return undefined
      },
    })
    await stage.call()
    await stage.pass(1000)
    expect(segmentsOf(stage.last)).toEqual(['ivr transfer', 'transfer unsupported', 'ivr hung-up'])
    expect(stage.center.sizes()).toEqual(idle)
  })
})

describe('a voicemail', () => {
  const flow = 'mail: { type: voicemail, mailbox: general, next: bye, empty: bye }\nbye: { type: hangup }'

  test('counts when the caller hangs up after speaking', async () => {
    const stage = await Stage.open({ flow })
    const caller = await stage.call()
    await stage.pass(3000)
    caller.speak(8000)
    await stage.pass(5000)
    caller.hangup()
    const goneAt = stage.clock.now()
    await stage.pass(10)
    expect(stage.last.outcome).toBe('voicemail')
    expect(stage.voicemails).toHaveLength(1)
    expect(stage.discarded).toEqual([])
    expectGapless(stage.last, goneAt)
  })

  test('that is empty is deleted', async () => {
    const stage = await Stage.open({ flow })
    const caller = await stage.call()
    await stage.pass(2200)
    caller.hangup()
    await stage.pass(10)
    expect(stage.voicemails).toEqual([])
    expect(stage.discarded).toHaveLength(1)
    expect(stage.last.outcome).toBe('abandoned-in-ivr')
  })
})
