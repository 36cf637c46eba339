import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FlowEffect } from '../../../src/flow/effects.ts'
import type { CustomerFacts, FlowInput } from '../../../src/flow/inputs.ts'
import { begin, step } from '../../../src/flow/interpreter.ts'
import { parseFlow } from '../../../src/flow/parse-flow.ts'

const file = join(import.meta.dirname, '../../../ivr-flows/main.flow.yaml')
const flow = parseFlow('main.flow.yaml', readFileSync(file, 'utf8')).flow!

const june: CustomerFacts = { id: 'june-parker', name: 'June Parker', tier: 'standard', language: 'en' }
const harbour: CustomerFacts = { id: 'harbour-dental', name: 'Harbour Dental', tier: 'key', owner: 'alice' }
const mateo: CustomerFacts = { id: 'mateo-vargas', name: 'Mateo Vargas', tier: 'standard', language: 'es' }

interface Caller {
  from?: string
  language?: string
  hours?: string
  /** Node -> keys pressed as soon as its prompt begins; each time once. */
  keys?: Record<string, string[]>
  /** By what the look-up was for: the number that calls, or an account number. */
  customers?: Record<string, CustomerFacts[]>
}

/** One call, with a world that answers at once, until the caller is in a queue, is recorded, or the call is over. */
function call({ from = '+12025550199', language, hours = 'always', keys = {}, customers = {} }: Caller) {
  const path: string[] = []
  const heard: string[] = []
  const effects: FlowEffect[] = []
  const inputs: FlowInput[] = []
  const typing = structuredClone(keys)
  const press = (digits: string): void => {
    for (const digit of digits) inputs.push({ type: 'digit', digit })
  }
  const answer = (effect: FlowEffect): void => {
    effects.push(effect)
    if (effect.type === 'entered') path.push(effect.node)
    if (effect.type === 'answer') inputs.push({ type: 'answered' })
    if (effect.type === 'play') {
      for (const part of effect.parts) if ('audio' in part) heard.push(`${effect.language}/${part.audio}`)
      const digits = typing[path.at(-1) ?? '']?.shift()
      if (digits === undefined) inputs.push({ type: 'played', play: effect.play, reason: 'finished' })
      else press(digits)
    }
    if (effect.type === 'schedule.check') {
      const state =
        effect.calendar === 'always' ? 'open' : effect.calendar === 'storm' ? 'emergency' : 'closed'
      inputs.push({ type: 'schedule.checked', request: effect.request, state })
    }
    if (effect.type === 'customer.find') {
      const candidates = customers[effect.value ?? from] ?? []
      inputs.push({ type: 'customer.found', request: effect.request, candidates })
    }
    if (effect.type === 'transfer') {
      inputs.push({ type: 'transfer.ended', request: effect.request, result: 'failed' })
    }
  }
  let [state, asked] = begin(flow, {
    from,
    to: '100',
    anonymous: from === '',
    ...(language !== undefined && { language }),
    variables: { hours },
  })
  for (let turns = 0; turns < 100; turns++) {
    asked.forEach(answer)
    if (asked.some(({ type }) => type === 'queue.join' || type === 'record.start' || type === 'hangup')) break
    const timer = effects.findLast((effect) => effect.type === 'timer.start')
    const input = inputs.shift() ?? (timer && { type: 'timer' as const, timer: timer.timer })
    if (!input) break
    ;[state, asked] = step(flow, state, input)
  }
  return { path, heard, effects, joined: effects.find(({ type }) => type === 'queue.join') }
}

describe('the main line', () => {
  test('a known caller who presses 1 is in the queue for billing, with nothing asked in between', () => {
    const { path, heard, joined } = call({ keys: { menu: ['1'] }, customers: { '+12025550199': [june] } })
    expect(heard).toEqual(['en/welcome', 'en/menu', 'en/other-language', 'en/please-hold'])
    expect(path.at(-1)).toBe('queue')
    expect(joined).toEqual({
      type: 'queue.join',
      queue: 'billing',
      skills: { en: 1 },
      priority: 5,
      language: 'en',
    })
  })

  test('a key pressed during the welcome chooses from the menu', () => {
    const { heard, joined } = call({ keys: { welcome: ['1'] }, customers: { '+12025550199': [june] } })
    expect(heard).toEqual(['en/welcome', 'en/please-hold'])
    expect(joined).toMatchObject({ queue: 'billing' })
  })

  test('a key customer comes first, to the agent of their record', () => {
    const { joined } = call({ keys: { menu: ['1'] }, customers: { '+12025550199': [harbour] } })
    expect(joined).toMatchObject({ queue: 'billing', agent: 'alice', priority: 1 })
  })

  test('an unknown caller may type an account number', () => {
    const { effects, joined } = call({
      keys: { menu: ['2'], account: ['4471002#'] },
      customers: { 4471002: [harbour] },
    })
    expect(effects).toContainEqual({ type: 'customer.chosen', customer: 'harbour-dental' })
    expect(joined).toMatchObject({ queue: 'support', agent: 'alice', priority: 1 })
  })

  test.each([
    ['types nothing', [], ['en/account-number', 'en/please-hold']],
    ['presses pound', ['#'], ['en/account-number', 'en/please-hold']],
    [
      'types a number that nobody has',
      ['9999#'],
      ['en/account-number', 'en/account-unknown', 'en/please-hold'],
    ],
  ])('an unknown caller who %s is queued all the same', (_, account, expected) => {
    const { heard, joined } = call({ keys: { menu: ['1'], account } })
    expect(heard.slice(3)).toEqual(expected)
    expect(joined).toMatchObject({ queue: 'billing', priority: 5 })
  })

  test('two people behind one number: the account number tells which', () => {
    const rosa = { ...june, id: 'rosa-adler' }
    const { effects } = call({
      keys: { menu: ['1'], account: ['7318840#'] },
      customers: { '+12025550199': [june, mateo], 7318840: [rosa] },
    })
    expect(effects).toContainEqual({ type: 'customer.chosen', customer: 'rosa-adler' })
  })

  test('an anonymous caller is nobody, and is served', () => {
    const { effects, joined } = call({ from: '', keys: { menu: ['3'] } })
    expect(effects.some(({ type }) => type === 'customer.find')).toBe(false)
    expect(joined).toMatchObject({ queue: 'sales' })
  })

  test('9 changes to Spanish, and the agent must speak it', () => {
    const { heard, joined } = call({ keys: { menu: ['9', '1'] }, customers: { '+12025550199': [june] } })
    expect(heard.slice(3)).toEqual(['es/menu', 'es/other-language', 'es/please-hold'])
    expect(joined).toMatchObject({ skills: { es: 1 }, language: 'es' })
  })

  test('a customer who prefers Spanish hears it; who dials the Spanish line hears it whatever the record says', () => {
    expect(call({ customers: { '+12025550199': [mateo] } }).heard[1]).toBe('es/menu')
    expect(call({ language: 'es', customers: { '+12025550199': [june] } }).heard.slice(0, 2)).toEqual([
      'es/welcome',
      'es/menu',
    ])
  })

  test.each([
    ['nothing', [], 'no-input'],
    ['only wrong keys', ['7', '7', '7'], 'no-match'],
  ])('a caller who presses %s is asked three times and gets an operator', (_, menu, reminder) => {
    const { heard, joined } = call({ keys: { menu } })
    expect(heard.filter((name) => name === 'en/menu')).toHaveLength(3)
    expect(heard.filter((name) => name === `en/${reminder}`)).toHaveLength(2)
    expect(joined).toMatchObject({ queue: 'operator' })
  })

  test('out of hours a message can be left', () => {
    const { heard, effects } = call({ hours: 'never' })
    expect(heard).toEqual(['en/welcome', 'en/closed', 'en/leave-message', 'en/beep'])
    expect(effects.at(-1)).toMatchObject({ type: 'record.start', mailbox: 'general' })
  })

  test('during an outage callers are told, and may go on', () => {
    const { heard } = call({ hours: 'storm' })
    expect(heard.slice(0, 3)).toEqual(['en/welcome', 'en/outage', 'en/menu'])
  })

  test('the shop is a SIP URI outside; when it cannot be reached the menu comes back', () => {
    const { heard, effects } = call({ keys: { menu: ['4', '3'] } })
    expect(effects).toContainEqual(
      expect.objectContaining({ type: 'transfer', to: 'sip:riverside@shop.fernhill.example' }),
    )
    expect(heard).toContain('en/shop-unreachable')
  })

  test("an engineer's code opens the way to network operations, and is in no effect", () => {
    const right = call({ keys: { menu: ['*'], engineer: ['7319'] } })
    expect(right.path).toContain('network-operations')
    expect(JSON.stringify(right.effects)).not.toContain('7319')
    expect(call({ keys: { menu: ['*', '3'], engineer: ['0000'] } }).path).not.toContain('network-operations')
  })
})
