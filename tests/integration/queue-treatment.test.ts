/** What a caller hears who waits in the queue of the demo center: every sound, and when. */
import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { durationMsOf, readTelephoneWav } from '../../src/audio/wav.ts'
import type { Interaction } from '../../src/call/interaction.ts'
import { answersAfter } from '../../src/telephony/simulated/behaviours.ts'
import type { Heard } from '../../src/telephony/simulated/hearing.ts'
import type { SimulatedParty } from '../../src/telephony/simulated/party.ts'
import { SimulatedCenter } from '../support/simulated-center.ts'

const junePark = '+12025550117'
const media = new URL('../../media/prompts/', import.meta.url).pathname

let center: SimulatedCenter
beforeEach(async () => {
  center = await SimulatedCenter.open()
}, 60_000)
afterEach(async () => {
  await center.close()
}, 60_000)

/** The latest caller, who presses 1 in the menu and has no account number. */
async function callBilling(number: string, from: string): Promise<SimulatedParty> {
  const at = (): string | undefined => center.app.center.floor.contacts().at(-1)?.node
  const caller = center.call(number, from)
  await center.until('the menu', () => at() === 'menu')
  caller.press('1')
  await center.until('the next node', () => at() !== 'menu')
  if (at() === 'account') caller.press('#')
  return caller
}

/** Somebody who waits in the queue for billing, since that time. */
async function waiting(from: string, number = '100'): Promise<{ caller: SimulatedParty; since: number }> {
  const caller = await callBilling(number, from)
  const { since } = await center.until('the queue', () =>
    center.app.center.floor
      .contacts()
      .find(({ state, from: { number: its } }) => state === 'waiting' && its === from),
  )
  return { caller, since }
}

/** Lets so much time pass; at each step the files of a prompt that begins are found first, as ours are after them. */
async function pass(seconds: number): Promise<void> {
  for (let step = 0; step < seconds * 10; step++) {
    center.clock.advance(100)
    for (let look = 0; look < 2; look++) await stat(media)
  }
}

/** What was heard from `since` on; pieces that follow one another at once are one announcement. */
function heardSince(caller: SimulatedParty, since: number): string[] {
  const lines: string[] = []
  let expected = 0
  for (const heard of caller.heard.filter(({ at, what }) => at >= since && what !== 'silence')) {
    if (heard.what === 'file' && Math.abs(heard.at - expected) < 2)
      lines.push(`${lines.pop()} ${nameOf(heard)}`)
    else lines.push(`${clockTime(heard.at - since)} ${nameOf(heard)}`)
    expected = heard.what === 'file' ? heard.at + lengthMs(heard.file) : 0
  }
  return lines
}

function nameOf(heard: Heard): string {
  if (heard.what === 'file') return relative(media, heard.file).replace(/\.wav$/, '')
  return heard.what === 'music' ? `music ${basename(heard.file, '.wav')}` : heard.what
}

function lengthMs(file: string): number {
  return durationMsOf(readTelephoneWav(readFileSync(file), file))
}

function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Contacts that kept their agent for so long. */
function learnt(queue: string, count: number, ms: number): void {
  const talk = {
    kind: 'talk',
    queue,
    agent: 'bob',
    startedAt: 0,
    endedAt: ms,
    result: 'agent-hung-up',
  } as const
  const over: Interaction = {
    id: 'learnt',
    channel: 'voice',
    direction: 'inbound',
    startedAt: 0,
    from: { uri: 'sip:one@caller.invalid' },
    to: { uri: 'sip:100@127.0.0.1' },
    path: [],
    data: {},
    segments: [talk],
  }
  for (let one = 0; one < count; one++) center.app.center.acd.waits.learn(over)
}

describe('a caller who waits', () => {
  test('for five minutes hears the place in line, comfort in turn and music, and can leave a message then', async () => {
    const { caller, since } = await waiting(junePark)
    await pass(311)
    expect(heardSince(caller, since)).toEqual([
      '0:00 en/please-hold',
      '0:05 music hold',
      '0:15 en/queue-next',
      '0:16 music hold',
      '0:45 en/queue-comfort',
      '0:46 music hold',
      '1:15 en/queue-next',
      '1:16 music hold',
      '1:45 en/queue-message',
      '1:47 music hold',
      '2:15 en/queue-next',
      '2:16 music hold',
      '2:45 en/queue-comfort',
      '2:46 music hold',
      '3:15 en/queue-next',
      '3:16 music hold',
      '3:45 en/queue-message',
      '3:47 music hold',
      '4:15 en/queue-next',
      '4:16 music hold',
      '4:45 en/queue-comfort',
      '4:46 music hold',
      '5:00 en/nobody-free',
      '5:03 en/leave-message',
      '5:08 en/beep',
    ])
  }, 60_000)

  test('hears place and wait in the own language, and never a figure that rises', async () => {
    center.available({ alice: answersAfter(100) })
    learnt('billing', 10, 120_000)
    await callBilling('100', junePark)
    await center.event('contact.connected')
    const before = await waiting('+12025550198', '102')
    const { caller, since } = await waiting('+12025550199', '102')
    await pass(100)
    before.caller.hangup()
    await pass(60)
    learnt('billing', 100, 600_000)
    await pass(60)
    expect(heardSince(caller, since).filter((line) => !line.includes('music'))).toEqual([
      '0:00 es/please-hold',
      '0:15 es/queue-position es/numbers/2 es/queue-wait-from es/numbers/3 es/durations/minutes es/queue-wait-to es/numbers/8 es/durations/minutes',
      '0:45 es/queue-comfort',
      '1:15 es/queue-position es/numbers/2 es/queue-wait-from es/numbers/3 es/durations/minutes es/queue-wait-to es/numbers/8 es/durations/minutes',
      '1:45 es/queue-message',
      '2:15 es/queue-next es/queue-wait-from es/numbers/un es/durations/minute es/queue-wait-to es/numbers/5 es/durations/minutes',
      '2:45 es/queue-comfort',
      '3:15 es/queue-next es/queue-longer',
    ])
  }, 60_000)

  test('hears the agent the moment that they answer, in the middle of an announcement, and nothing after it', async () => {
    const { caller, since } = await waiting(junePark)
    await pass(15.5)
    expect(heardSince(caller, since).at(-1)).toBe('0:15 en/queue-next')
    center.available({ bob: answersAfter(300) })
    await center.event('contact.connected')
    const answeredAt = center.clock.now()
    await pass(90)
    const [cut, talk, ...after] = caller.heard.filter(({ at }) => at >= since + 15_000)
    expect(cut && nameOf(cut)).toBe('en/queue-next')
    expect(talk?.what).toBe('party')
    expect(talk?.at).toBeLessThanOrEqual(answeredAt)
    expect(after).toEqual([])
    caller.hangup()
    expect((await center.event('talk.ended')).by).toBe('caller')
  }, 60_000)
})
