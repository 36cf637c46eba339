import { describe, expect, test } from 'vitest'
import { answersAfter } from '../../../src/telephony/simulated/behaviours.ts'
import { QUEUE, Stage, segmentsOf } from './stage.ts'

/** Whether a promise has resolved by now. */
function watched(promise: Promise<void>): { readonly done: () => boolean } {
  let done = false
  promise.then(
    () => {
      done = true
    },
    () => undefined,
  )
  return { done: () => done }
}

describe('draining', () => {
  test('refuses new calls with 503 and Retry-After, and records them', async () => {
    const stage = await Stage.open()
    await stage.call()
    const drain = watched(stage.center.drain(30_000))
    const late = await stage.call()
    expect(stage.commands.findLast(({ call }) => call === late.call)).toMatchObject({
      type: 'reject',
      cause: 'overloaded',
      retryAfterSeconds: 60,
    })
    expect(stage.ended.map(({ outcome }) => outcome)).toContain('refused')
    await stage.pass(5000)
    expect(drain.done()).toBe(true)
  })

  test('tells those who wait, takes them out of the queue and ends them', async () => {
    const stage = await Stage.open()
    const caller = await stage.call()
    await stage.pass(1000)
    const drain = watched(stage.center.drain(30_000))
    await stage.pass(100)
    expect(caller.state).toBe('talking')
    expect(stage.center.floor.queues()[0]).toMatchObject({ waiting: 0 })
    await stage.pass(3000)
    expect(caller.state).toBe('gone')
    expect(stage.last.outcome).toBe('drained')
    expect(segmentsOf(stage.last)).toEqual(['ivr queued', 'queue drained', 'ivr hung-up'])
    expect(drain.done()).toBe(true)
  })

  test('lets a talk go on; then the caller is told, and put into no queue again', async () => {
    const stage = await Stage.open({
      flow: `first: { type: queue, queue: billing, next: line }\n${QUEUE}`,
      wrapUpMs: 0,
    })
    await stage.agent('ana', answersAfter(100))
    await stage.call()
    await stage.pass(1000)
    const { contact } = stage
    const drain = watched(stage.center.drain(30_000))
    await stage.pass(10_000)
    expect(stage.center.floor.contact(contact)?.state).toBe('talking')
    stage.center.floor.hangUp(contact, 'ana')
    await stage.pass(100)
    expect(stage.center.floor.contact(contact)?.state).toBe('ivr')
    await stage.pass(3000)
    expect(stage.last.outcome).toBe('handled')
    expect(drain.done()).toBe(true)
  })

  test('ends talks and wrap-ups when its time is up', async () => {
    const stage = await Stage.open()
    await stage.agent('ana', answersAfter(100))
    const caller = await stage.call()
    await stage.pass(1000)
    const drain = watched(stage.center.drain(20_000))
    await stage.pass(19_000)
    expect(caller.state).toBe('talking')
    await stage.pass(1100)
    expect(caller.state).toBe('gone')
    expect(drain.done()).toBe(true)
    expect(stage.center.sizes()).toEqual({ legs: 0, contacts: 0, offers: 0, wrapUps: 0 })
  })

  test('waits for a message that is being left, and until it is listed', async () => {
    const listed = Promise.withResolvers<void>()
    const stage = await Stage.open({
      flow: 'mail: { type: voicemail, mailbox: general, silence: 3s, next: bye, empty: bye }\nbye: { type: hangup }',
      keep: () => listed.promise,
    })
    const caller = await stage.call()
    await stage.pass(3000)
    caller.speak(4000)
    const drain = watched(stage.center.drain(30_000))
    await stage.pass(15_000)
    expect(stage.last.outcome).toBe('voicemail')
    expect(stage.discarded).toEqual([])
    expect(drain.done()).toBe(false)
    listed.resolve()
    await stage.pass(10)
    expect(drain.done()).toBe(true)
  })

  test('gives up a leg that never ends, after saying so', async () => {
    const stage = await Stage.open({
      command: (command) => (command.type === 'hangup' ? undefined : command),
    })
    await stage.call()
    await stage.pass(1000)
    const drain = watched(stage.center.drain(1000))
    await stage.pass(11_500)
    expect(drain.done()).toBe(true)
  })
})
