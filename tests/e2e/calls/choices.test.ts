/** What callers choose and what becomes of it: menus, opening hours, voicemail, transfers, and who they are. */

import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Interaction, VoicemailList } from '../../../src/api/contract/index.ts'
import { Phone } from '../../../src/cli/phone/phone.ts'
import type { PhoneCall } from '../../../src/cli/phone/phone-call.ts'
import {
  between,
  longestSound,
  milliseconds,
  readSamples,
  tone,
  toneShare,
  writeWav,
} from '../../support/audio.ts'
import { describeBackends } from '../../support/backends.ts'
import { CallCenter } from '../../support/call-center.ts'
import { type QuickCenter, quickCenter } from '../../support/quick-center.ts'
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts'
import { until } from '../../support/until.ts'

const JUNE_PARKER = '+12025550117'
const STRANGER = '+12025550101'
const TONE_MS = 1200

describeBackends((backend) => {
  let sounds: TempFolder
  let shop: Phone
  let files: QuickCenter
  let center: CallCenter
  let thousand: string
  let sixHundred: string
  beforeAll(async () => {
    sounds = await tempFolder('sounds')
    thousand = await writeWav(join(sounds.path, 'thousand.wav'), tone(1000, TONE_MS))
    sixHundred = await writeWav(join(sounds.path, 'six-hundred.wav'), tone(600, TONE_MS))
    // Somebody outside, whose host and port the server may call; the network operations center stays forbidden.
    shop = new Phone({ server: '127.0.0.1' })
    await shop.start()
    files = await quickCenter({
      'ivr-flows/main.flow.yaml': [['sip:riverside@shop.fernhill.example', shop.uri]],
    })
    center = await CallCenter.open({
      backend,
      center: files.path,
      set: { 'sip.allowedUris': shop.uri.replace('sip:', '') },
    })
  })
  afterAll(async () => {
    await center.close()
    await shop.stop()
    await files.remove()
    await sounds.remove()
  })
  afterEach(() => center.clear())

  /** A caller who records all that is heard. @returns the call, and the id of its contact */
  async function recorded(from: string | undefined, to: string) {
    const call = await center.call(from, to)
    const recording = call.record(center.file('heard'))
    const [contact] = await center.contacts()
    return { call, recording, contact: contact!.id }
  }

  async function heardUntilEnd({
    call,
    recording,
  }: {
    call: PhoneCall
    recording: { file: string; ended: Promise<unknown> }
  }) {
    await call.ended
    await recording.ended
    return files.heard(recording.file)
  }

  /** Files of voicemails of this contact. */
  async function recordings(contact: string): Promise<string[]> {
    const names = await readdir(join(center.server.dataDir, 'voicemails'))
    return names.filter((name) => name.startsWith(contact))
  }

  function expectTone(samples: Int16Array, hz: number): void {
    const sound = longestSound(samples)
    expect(milliseconds(sound)).toBeGreaterThanOrEqual(TONE_MS - 100)
    expect(toneShare(between(sound, 200, TONE_MS - 300), hz)).toBeGreaterThan(0.98)
  }

  const nodes = ({ path }: Interaction): string[] => path.map(({ node }) => node)

  describe('a caller at the menu', () => {
    it('presses a wrong key, then the right one', async () => {
      const caller = await recorded(JUNE_PARKER, '100')
      await center.at('menu')
      await caller.call.press('7')
      await caller.call.next('heard', ({ what }) => what === 'ended')
      await caller.call.press('1')
      await center.at('queue')
      await caller.call.hangUp()
      const heard = await heardUntilEnd(caller)
      expect(heard.slice(heard.indexOf('no-match')).slice(0, 3)).toEqual([
        'no-match',
        'menu',
        'other-language',
      ])
      expect((await center.interaction(caller.contact)).outcome).toBe('abandoned-in-queue')
    })

    it('presses nothing, three times: an operator takes over', { timeout: 150_000 }, async () => {
      const operator = await center.newAgent({ reception: 5, en: 5 })
      const caller = await recorded(JUNE_PARKER, '100')
      await center.at('queue', 90_000)
      await caller.call.next('heard', ({ what }) => what === 'unbroken')
      await caller.recording.stop()
      expect(await files.heard(caller.recording.file)).toEqual([
        'welcome',
        'menu',
        'other-language',
        'no-input',
        'menu',
        'other-language',
        'no-input',
        'menu',
        'other-language',
        'please-hold',
        'music',
      ])
      await operator.available()
      await operator.answers()
      const { pop } = await operator.events.next('offer.made')
      expect(pop).toMatchObject({
        contact: caller.contact,
        queue: { id: 'operator' },
        data: { team: 'operator' },
      })
    })

    it('presses wrong keys too often: an operator takes over', async () => {
      const caller = await recorded(JUNE_PARKER, '100')
      // A key that comes while something is said would cut it short, and it is heard no more.
      const quiet = () => caller.call.next('heard', ({ what }) => what === 'ended')
      let said = quiet()
      for (const digit of '768') {
        await said
        await center.at('menu')
        said = quiet()
        await caller.call.press(digit)
      }
      await center.at('queue')
      await Promise.allSettled([caller.call.hangUp(), said])
      const heard = await heardUntilEnd(caller)
      expect(heard.filter((name) => name === 'no-match')).toHaveLength(2)
      const interaction = await center.interaction(caller.contact)
      expect(nodes(interaction).slice(-3)).toEqual(['menu', 'operator', 'queue'])
      expect(interaction.data).toMatchObject({ team: 'operator' })
    })
  })

  describe('closed', () => {
    it('says so, takes a message, lists it, and gives back what the caller spoke', async () => {
      const caller = await recorded(JUNE_PARKER, '101')
      await center.at('voicemail')
      await until('the recording to begin', async () => (await recordings(caller.contact)).length > 0)
      await caller.call.play(thousand)
      await caller.call.press('#')
      const heard = await heardUntilEnd(caller)
      expect(heard).toEqual(['welcome', 'closed', 'leave-message', 'beep', 'message-kept'])
      expect(await caller.call.ended).toMatchObject({ cause: 'normal', by: 'remote' })

      const interaction = await center.interaction(caller.contact)
      expect(interaction).toMatchObject({ outcome: 'voicemail', customer: 'june-parker' })
      expect(nodes(interaction).slice(-3)).toEqual(['closed', 'voicemail', 'message-kept'])
      const sam = await center.watcher()
      const listed = await until('the message to be listed', async () => {
        const { voicemails } = await sam.ask<VoicemailList>('GET', 'voicemails')
        return voicemails.find(({ contact }) => contact === caller.contact)
      })
      expect(listed).toMatchObject({
        mailbox: 'general',
        from: { number: JUNE_PARKER },
        customer: { name: 'June Parker' },
      })
      expect(listed.durationMs).toBeGreaterThanOrEqual(TONE_MS)
      const audio = await sam.fetch('GET', `voicemails/${listed.id}/audio`)
      expect(audio.headers.get('content-type')).toBe('audio/wav')
      const copy = center.file('voicemail')
      await writeFile(copy, new Uint8Array(await audio.arrayBuffer()))
      expectTone(await readSamples(copy), 1000)
    })

    it('a caller who says nothing leaves no message', async () => {
      const caller = await recorded(STRANGER, '101')
      await center.at('voicemail')
      await until('the recording to begin', async () => (await recordings(caller.contact)).length > 0)
      await caller.call.press('#')
      expect((await heardUntilEnd(caller)).at(-1)).toBe('goodbye')
      expect((await center.interaction(caller.contact)).outcome).toBe('completed')
      await until('the recording to be gone', async () => (await recordings(caller.contact)).length === 0)
    })
  })

  describe('a transfer to a SIP URI', () => {
    it('connects the caller with somebody outside: tones both ways, and back to the flow', async () => {
      const caller = await recorded(JUNE_PARKER, '100')
      const ringing = shop.incoming()
      await caller.call.press('4')
      const outside = await ringing
      expect(outside.party.number).toBe(JUNE_PARKER)
      await outside.answer()
      await until('the talk', async () => (await center.contacts())[0]?.node === 'shop')
      await caller.recording.stop()
      const [atCaller, atShop] = [
        caller.call.record(center.file('at-caller')),
        outside.record(center.file('at-shop')),
      ]
      await caller.call.play(thousand)
      await outside.play(sixHundred)
      await Promise.all([atCaller.stop(), atShop.stop()])
      expectTone(await readSamples(atShop.file), 1000)
      expectTone(await readSamples(atCaller.file), 600)
      await caller.call.hangUp()
      expect(await outside.ended).toMatchObject({ cause: 'normal', by: 'remote' })
      const interaction = await center.interaction(caller.contact)
      expect(interaction.outcome).toBe('transferred')
      const [transfer] = interaction.segments.filter(({ kind }) => kind === 'transfer')
      expect(transfer).toMatchObject({ result: 'caller-hung-up', media: { packetsLost: 0 } })
    })

    it('that is declined says so and goes back to the menu', async () => {
      const caller = await recorded(JUNE_PARKER, '100')
      const ringing = shop.incoming()
      await caller.call.press('4')
      await (await ringing).reject('busy')
      await center.at('menu')
      await caller.call.next('heard', ({ what }) => what === 'ended')
      await caller.call.hangUp()
      const heard = await heardUntilEnd(caller)
      expect(heard.slice(heard.indexOf('connecting'))).toEqual(
        expect.arrayContaining(['connecting', 'shop-unreachable', 'menu']),
      )
    })

    it('that no setting allows is not made: the flow goes its other way', async () => {
      const caller = await recorded(JUNE_PARKER, '100')
      await caller.call.press('*7319')
      await center.at('queue')
      await caller.call.hangUp()
      const interaction = await center.interaction(caller.contact)
      expect(nodes(interaction)).toEqual(expect.arrayContaining(['network-operations', 'support', 'queue']))
      expect(interaction.segments).toContainEqual(
        expect.objectContaining({ kind: 'transfer', result: 'not-allowed' }),
      )
    })
  })

  describe('who calls', () => {
    it.each(['2025550142', '(202) 555-0142', '(202)555-0142', '12025550142', '+12025550142'])(
      'is found by %s, whatever way the number is written',
      async (from) => {
        const alice = await center.agent('alice')
        await alice.available()
        const call = await center.call(from, '100')
        await call.press('1')
        await alice.answers()
        const { pop } = await alice.events.next('offer.made')
        expect(pop).toMatchObject({ customerId: 'harbour-dental', namedAgent: { id: 'alice' } })
        expect(pop.from.number).toBe(from)
        await call.hangUp()
        expect(await center.interaction(pop.contact)).toMatchObject({
          customer: 'harbour-dental',
          from: { number: from },
        })
      },
    )

    it('stays unknown where the caller is anonymous, and is served all the same', async () => {
      const bob = await center.newAgent({ billing: 5, en: 5 })
      await bob.available()
      const call = await center.call(undefined, '100')
      await call.press('1')
      await center.at('account')
      await call.press('#')
      const phone = await bob.answers()
      expect(phone.party).not.toHaveProperty('number')
      const { pop } = await bob.events.next('offer.made')
      expect(pop.from).not.toHaveProperty('number')
      expect(pop).toMatchObject({ candidateIds: [], customers: [] })
      await bob.events.next('contact.connected')
      await call.hangUp()
      const interaction = await center.interaction(pop.contact)
      expect(interaction.outcome).toBe('handled')
      expect(interaction.from).toEqual({ uri: 'sip:anonymous@anonymous.invalid' })
      expect(interaction).not.toHaveProperty('customer')
    })
  })
})
