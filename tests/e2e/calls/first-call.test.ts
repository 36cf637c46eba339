/** The first call, on the demo center as it ships: what the caller hears, what the agent sees, what is kept. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Interaction } from '../../../src/api/contract/index.ts'
import type { PhoneCall } from '../../../src/cli/phone/phone-call.ts'
import {
  between,
  find,
  longestSound,
  loudness,
  milliseconds,
  readSamples,
  stretches,
  tone,
  toneShare,
  writeWav,
} from '../../support/audio.ts'
import { describeBackends } from '../../support/backends.ts'
import { type AgentAtDesk, CallCenter } from '../../support/call-center.ts'
import { root } from '../../support/server.ts'

/** Several starts of the server, or whole prompts, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 })

const JUNE_PARKER = '+12025550117'
const STRANGER = '+12025550101'
const SCHOOL_ACCOUNT = '4490550'
const TONE_MS = 1200
/** Of one packet. */
const FRAME_MS = 20
/** Shorter than the first sentence of each prompt. */
const SENTENCE_MS = 1500

describeBackends((backend) => {
  let center: CallCenter
  let thousand: string
  let sixHundred: string
  beforeAll(async () => {
    // The phone waits for the desk as long as can be, so that who comes first is not a matter of luck.
    center = await CallCenter.open({ backend, set: { 'desk.popLead': 3000 } })
    thousand = await writeWav(center.file('thousand'), tone(1000, TONE_MS))
    sixHundred = await writeWav(center.file('six-hundred'), tone(600, TONE_MS))
  })
  afterAll(() => center.close())
  afterEach(() => center.clear())

  const prompt = (name: string): Promise<Int16Array> =>
    readSamples(join(root, 'media/prompts/en', `${name}.wav`))

  /** Both speak one after the other; what each phone heard meanwhile is measured. */
  async function talk(caller: PhoneCall, agent: PhoneCall): Promise<void> {
    const atCaller = caller.record(center.file('at-caller'))
    const atAgent = agent.record(center.file('at-agent'))
    await caller.play(thousand)
    await agent.play(sixHundred)
    await Promise.all([atCaller.stop(), atAgent.stop()])
    for (const [file, hz] of [
      [atAgent.file, 1000],
      [atCaller.file, 600],
    ] as const) {
      const sound = longestSound(await readSamples(file))
      expect(milliseconds(sound)).toBeGreaterThanOrEqual(TONE_MS - 100)
      const middle = between(sound, 200, TONE_MS - 300)
      expect(toneShare(middle, hz)).toBeGreaterThan(0.98)
      expect(loudness(middle)).toBeCloseTo(-15, 0)
    }
  }

  /** A sentence of the prompt that has just begun has been heard: a pause at once is the end of the one before. */
  async function sentence(call: PhoneCall): Promise<void> {
    const began = performance.now()
    await call.next('heard', ({ what }) => what === 'paused' && performance.now() - began > SENTENCE_MS)
  }

  /** The caller is at the agent's phone, which has been answered. */
  async function connected(agent: AgentAtDesk): Promise<PhoneCall> {
    const { pop } = await agent.events.next('offer.made', ({ pop: { state } }) => state === 'offered')
    agent.events.say({ type: 'acknowledge', offer: pop.offer })
    const ringing = await agent.rings()
    await ringing.answer()
    await agent.events.next('contact.connected')
    return ringing
  }

  const kinds = ({ segments }: Interaction): string[] =>
    segments.map(({ kind, result }) => `${kind} ${result}`)

  /** Every segment lies within the contact and has a length; what follows the queue begins where the queue ends. */
  function expectTimes({ startedAt, endedAt, segments }: Interaction): void {
    for (const segment of segments) {
      expect(segment.startedAt).toBeGreaterThanOrEqual(startedAt)
      expect(segment.endedAt).toBeGreaterThanOrEqual(segment.startedAt)
      expect(segment.endedAt).toBeLessThanOrEqual(endedAt!)
    }
    const [ivr, queue, speech] = (['ivr', 'queue', 'talk'] as const).map((kind) =>
      segments.find((segment) => segment.kind === kind),
    )
    expect(ivr?.startedAt).toBe(startedAt)
    expect(queue?.startedAt).toBe(ivr?.endedAt)
    expect(speech?.startedAt).toBe(queue?.endedAt)
  }

  describe('the first call', () => {
    it('welcome, barge-in, account number, music, screen pop before the ring, tones both ways, complete record', async () => {
      const bob = await center.newAgent({ billing: 5, en: 5 })
      const call = await center.call(STRANGER, '100')
      const began = performance.now()
      const heard = call.record(center.file('heard'))
      const [welcome, menu, account] = await Promise.all(['welcome', 'menu', 'account-number'].map(prompt))

      await center.at('menu')
      await sentence(call)
      const pressedMs = performance.now() - began
      await call.press('1')
      await center.at('account')
      await sentence(call)
      await call.press(`${SCHOOL_ACCOUNT}#`)
      await call.next('heard', ({ what }) => what === 'unbroken')
      await heard.stop()

      const all = await readSamples(heard.file)
      const first = find(all, welcome!)
      expect(first.likeness).toBeGreaterThan(0.95)
      expect(loudness(between(all, first.startMs, first.startMs + milliseconds(welcome!)))).toBeGreaterThan(
        -35,
      )
      const second = find(all, between(menu!, 0, 1000))
      expect(second.likeness).toBeGreaterThan(0.95)
      expect(second.startMs).toBeGreaterThanOrEqual(first.startMs + milliseconds(welcome!) - 20)
      const third = find(all, between(account!, 0, 1000))
      expect(third.likeness).toBeGreaterThan(0.95)
      // It has stopped for the next prompt, long before its end.
      expect(third.startMs - pressedMs).toBeLessThan(1500)
      expect(pressedMs - second.startMs).toBeLessThan(milliseconds(menu!) - 1500)
      expect(
        find(between(all, third.startMs, milliseconds(all)), between(menu!, 4000, 6000)).likeness,
      ).toBeLessThan(0.5)
      const music = find(all, between(await readSamples(join(root, 'media/music/hold.wav')), 0, 2000))
      expect(music.likeness).toBeGreaterThan(0.95)
      expect(music.startMs).toBeGreaterThan(third.startMs)

      await bob.available()
      const { pop } = await bob.events.next('offer.made')
      expect(pop).toMatchObject({
        queue: { id: 'billing', name: 'Billing' },
        from: { number: STRANGER },
        to: { number: '100' },
        language: 'en',
        customerId: 'pinewood-school',
        data: { team: 'billing', account: SCHOOL_ACCOUNT },
        state: 'offered',
      })
      expect(pop.customers).toMatchObject([{ name: 'Pinewood School' }])
      expect(pop.history).toBeDefined()
      expect((await bob.state()).slot).toBe('reserved')
      const ringing = bob.rings()
      bob.events.say({ type: 'acknowledge', offer: pop.offer })
      const phone = await ringing
      expect(phone.party.number).toBe(STRANGER)
      expect(phone.headers['x-switchroom-contact']).toBe(pop.contact)
      await phone.answer()
      await bob.events.next('contact.connected')
      await talk(call, phone)

      await call.hangUp()
      expect(await phone.ended).toMatchObject({ cause: 'normal', by: 'remote' })
      await bob.events.next('wrap-up.started')
      await bob.desk.ask('POST', `contacts/${pop.contact}/wrap-up`, {
        disposition: 'resolved',
        notes: 'Done.',
      })
      const interaction = await center.interaction(pop.contact)
      expect(interaction).toMatchObject({
        outcome: 'handled',
        channel: 'voice',
        from: { number: STRANGER },
        to: { number: '100' },
        language: 'en',
        customer: 'pinewood-school',
        flow: { name: 'main' },
        data: { team: 'billing', account: SCHOOL_ACCOUNT },
        disposition: 'resolved',
        notes: 'Done.',
        media: { codec: 'PCMU', packetsLost: 0 },
      })
      expect(interaction.path.map(({ node }) => node)).toEqual([
        'welcome',
        'caller',
        'hours',
        'menu',
        'billing',
        'identified',
        'account',
        'account-entered',
        'account-holder',
        'queue',
      ])
      expect(kinds(interaction)).toEqual([
        'ivr queued',
        'ring accepted',
        'queue connected',
        'talk caller-hung-up',
        'wrap-up resolved',
      ])
      expectTimes(interaction)
      const [spoken] = interaction.segments.filter(({ kind }) => kind === 'talk')
      expect(spoken).toMatchObject({
        agent: pop.agent,
        queue: 'billing',
        media: { codec: 'PCMU', packetsLost: 0 },
      })
      for (const media of [interaction.media, spoken!.media]) {
        expect(media!.packetsReceived).toBeGreaterThan((2 * TONE_MS) / 20 - 10)
        expect(media!.packetsSent).toBeGreaterThan((2 * TONE_MS) / 20 - 10)
      }
    })

    it('an agent who answers in the middle of a prompt is heard at once, and the prompt no longer', async () => {
      const bob = await center.newAgent({ billing: 5, en: 5 })
      await bob.available()
      const call = await center.call(JUNE_PARKER, '100')
      const heard = call.record(center.file('heard'))
      await call.press('1')
      const sentence = call.next('heard', ({ what }) => what === 'paused')
      const { pop } = await bob.events.next('offer.made')
      bob.events.say({ type: 'acknowledge', offer: pop.offer })
      const ringing = await bob.rings()
      await sentence
      await ringing.answer()
      await ringing.play(sixHundred)
      await heard.stop()

      const all = await readSamples(heard.file)
      const hold = await prompt('please-hold')
      const start = find(all, between(hold, 0, 1000))
      expect(start.likeness).toBeGreaterThan(0.95)
      const isTone = Array.from({ length: Math.floor(milliseconds(all) / FRAME_MS) }, (_, frame) => {
        const samples = between(all, frame * FRAME_MS, (frame + 1) * FRAME_MS)
        return loudness(samples) > -25 && toneShare(samples, 600) > 0.9
      })
      const first = isTone.findIndex((_, frame) => isTone.slice(frame, frame + 10).every(Boolean))
      // The prompt was cut: the agent is heard before its end, and from then on nothing else is.
      expect(first * FRAME_MS).toBeLessThan(start.startMs + milliseconds(hold))
      expect(isTone.slice(first, isTone.lastIndexOf(true)).filter((tone) => !tone).length).toBeLessThan(5)
      // So many packets without any sound between the two.
      const lastWord = stretches(between(all, 0, first * FRAME_MS)).at(-1)
      expect(first - (lastWord?.endMs ?? 0) / FRAME_MS).toBeLessThan(50)
    })

    it('the agent hangs up: the caller is let go, and the record says who it was', async () => {
      const bob = await center.newAgent({ billing: 5, en: 5 })
      await bob.available()
      const call = await center.call(JUNE_PARKER, '100')
      await call.press('1')
      const phone = await connected(bob)
      await talk(call, phone)
      await phone.hangUp()
      expect(await call.ended).toMatchObject({ cause: 'normal', by: 'remote' })
      const { contact, by } = await bob.events.next('talk.ended')
      expect(by).toBe('agent')
      await bob.desk.ask('POST', `contacts/${contact}/wrap-up`, { disposition: 'bill-corrected' })
      const interaction = await center.interaction(contact)
      expect(interaction).toMatchObject({ outcome: 'handled', customer: 'june-parker' })
      expect(kinds(interaction)).toContain('talk agent-hung-up')
      expectTimes(interaction)
    })

    it('rings after desk.popLead where the desk says nothing, and never before the screen pop', async () => {
      const bob = await center.newAgent({ billing: 5, en: 5 })
      await bob.available()
      const order: string[] = []
      const popped = bob.events.next('offer.made').then(() => order.push('screen pop'))
      const ringing = bob.rings().then(() => order.push('ring'))
      const call = await center.call(JUNE_PARKER, '100')
      await call.press('1')
      await Promise.all([popped, ringing])
      expect(order).toEqual(['screen pop', 'ring'])
    })

    it('keeps a secret code out of screen pop, record, events and log', async () => {
      const carol = await center.newAgent({ support: 5, en: 5 })
      await carol.available()
      const call = await center.call(JUNE_PARKER, '100')
      // The code is right, the transfer that it opens is not allowed by default: support takes over.
      await call.press('*7319')
      const phone = await connected(carol)
      await call.hangUp()
      await phone.ended
      const { contact } = await carol.events.next('talk.ended')
      await carol.desk.ask('POST', `contacts/${contact}/wrap-up`, { disposition: 'resolved' })
      const interaction = await center.interaction(contact)
      const path = interaction.path.map(({ node }) => node)
      expect(path).toEqual(
        expect.arrayContaining(['engineer', 'engineer-code', 'network-operations', 'support']),
      )
      expect(interaction.data).toMatchObject({ team: 'support' })
      expect(Object.keys(interaction.data)).not.toContain('code')
      const log = await readFile(join(center.server.dataDir, 'switchroom.log'), 'utf8')
      expect(log).toContain(contact)
      const written = log.replaceAll(/"time":\d+|[\w-]*[0-9a-f]{4}-[0-9a-f-]+/g, '')
      for (const text of [
        written,
        JSON.stringify(carol.events.all.map((event) => ({ ...event, at: 0, cursor: '' }))),
      ]) {
        expect(text).not.toMatch(/\b7319\b/)
      }
    })
  })
})
