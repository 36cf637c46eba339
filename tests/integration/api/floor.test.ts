import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertInteractions } from '../../../src/database/interactions.ts'
import type { Database } from '../../../src/database/open-database.ts'
import { addVoicemail } from '../../../src/database/voicemails.ts'
import { explanation, finishedInteraction, popFor, waitingContact } from './samples.ts'
import { openPeopledDatabase, startApi } from './start-api.ts'

let database: Database
const folder = mkdtempSync(join(tmpdir(), 'switchroom-api-'))
beforeAll(async () => {
  const opened = await openPeopledDatabase()
  database = opened.database
  return () => opened.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

test('an agent comes, pauses and leaves', async () => {
  await using api = await startApi(database)
  const alice = api.as(await api.signIn('alice'))
  expect((await alice('GET', '/v1/agents/me')).body).toMatchObject({
    agent: { id: 'alice', name: 'ALICE', presence: 'logged-out', skills: { billing: 5 } },
    wrapUps: [],
  })
  expect((await alice('POST', '/v1/agents/me/available')).body.agent.presence).toBe('available')
  expect((await alice('POST', '/v1/agents/me/pause', { reason: 'break' })).body.agent.reason).toBe('break')
  expect((await alice('POST', '/v1/agents/me/sign-out')).body.agent.presence).toBe('logged-out')
  expect(api.floor.asked).toEqual(['signIn alice', 'available alice', 'pause alice break', 'signOut alice'])
  expect(await alice('POST', '/v1/agents/me/pause', { reason: 'nap' })).toMatchObject({
    status: 400,
    body: { detail: 'The reason "nap" is none of break.' },
  })
})

test('somebody who takes no contacts is told so', async () => {
  await using api = await startApi(database)
  const answer = await api.as(await api.signIn('sam'))('POST', '/v1/agents/me/available')
  expect(answer).toMatchObject({
    status: 409,
    body: { code: 'WRONG_STATE', detail: 'SAM takes no contacts.' },
  })
})

test('what an agent sees of the floor is their own; a supervisor sees all', async () => {
  await using api = await startApi(database)
  api.floor.liveContacts = [
    waitingContact('in-billing'),
    waitingContact('in-support', { queue: 'support' }),
    waitingContact('with-alice', { queue: 'support', agent: 'alice', state: 'talking' }),
  ]
  const seen = async (who: string) => {
    const { body } = await api.as(await api.signIn(who))('GET', '/v1/contacts')
    return body.contacts.map(({ id }: { id: string }) => id)
  }
  expect(await seen('alice')).toEqual(['in-billing', 'with-alice'])
  expect((await api.as(await api.signIn('alice'))('GET', '/v1/contacts/in-support')).body.code).toBe(
    'NOT_ALLOWED',
  )
  expect(await seen('sam')).toEqual(['in-billing', 'in-support', 'with-alice'])
})

test('offers are acknowledged, rejected and explained', async () => {
  await using api = await startApi(database)
  api.floor.offers = [popFor('alice')]
  api.floor.explanations.set('offer-1', explanation)
  const stored = { ...explanation, contact: 'old-contact' }
  const interaction = finishedInteraction('old-contact', 'nobody', 1_000)
  await insertInteractions(
    database,
    JSON.stringify([{ interaction, explanations: [{ offer: 'old-offer', why: stored }] }]),
  )
  const alice = api.as(await api.signIn('alice'))
  expect((await alice('POST', '/v1/offers/offer-1/acknowledge')).status).toBe(204)
  expect((await alice('POST', '/v1/offers/offer-1/reject')).status).toBe(204)
  expect(api.floor.asked).toEqual(['acknowledge offer-1 alice', 'reject offer-1 alice'])
  expect((await alice('POST', '/v1/offers/offer-2/acknowledge')).body.code).toBe('NOT_FOUND')
  const [chosen, lost] = explanation.candidates
  expect((await alice('GET', '/v1/offers/offer-1/why')).body).toEqual({
    ...explanation,
    candidates: [
      { ...chosen, name: 'ALICE' },
      { ...lost, name: 'BOB' },
    ],
  })
  expect((await alice('GET', '/v1/offers/old-offer/why')).body.contact).toBe('old-contact')
  expect((await alice('GET', '/v1/offers/none/why')).status).toBe(404)
})

test('a contact is explained: why it waits, and who had it offered', async () => {
  await using api = await startApi(database)
  api.floor.liveContacts = [waitingContact('contact-1'), waitingContact('elsewhere', { queue: 'support' })]
  api.floor.explanations.set('offer-1', explanation)
  const { chosen, strategy, decidedAt, ...place } = explanation
  api.floor.waiting = {
    ...place,
    askedAt: decidedAt,
    state: 'waiting',
    position: 2,
    summary: '1 agent could have it now: 1 talking',
    candidates: [{ agent: chosen, verdict: 'rejected', reason: 'talking', because: strategy }],
  }
  const alice = api.as(await api.signIn('alice'))
  const { body } = await alice('GET', '/v1/contacts/contact-1/why')
  expect(body).toMatchObject({
    contact: 'contact-1',
    waiting: { position: 2, candidates: [{ agent: 'alice', name: 'ALICE', reason: 'talking' }] },
    offers: [
      { offer: 'offer-1', why: { chosen: 'alice', candidates: [{ name: 'ALICE' }, { name: 'BOB' }] } },
    ],
  })
  expect((await alice('GET', '/v1/contacts/elsewhere/why')).body.code).toBe('NOT_ALLOWED')

  const over = finishedInteraction('over-1', 'nobody', 1_000)
  const ring = { kind: 'ring', startedAt: 11_000, endedAt: 12_000, queue: 'billing' } as const
  const rings = [
    { ...ring, agent: 'bob', offer: 'first', result: 'rejected' },
    { ...ring, agent: 'alice', offer: 'second', result: 'accepted' },
  ]
  const explanations = [
    { offer: 'second', why: { ...explanation, contact: 'over-1', decidedAt: 14_000 } },
    { offer: 'first', why: { ...explanation, contact: 'over-1', chosen: 'bob' } },
  ]
  const interaction = { ...over, segments: [...over.segments, ...rings] }
  await insertInteractions(database, JSON.stringify([{ interaction, explanations }]))
  api.floor.waiting = undefined
  expect((await alice('GET', '/v1/contacts/over-1/why')).body).toMatchObject({
    contact: 'over-1',
    offers: [
      { offer: 'first', outcome: 'rejected', why: { chosen: 'bob' } },
      { offer: 'second', outcome: 'accepted', why: { chosen: 'alice' } },
    ],
  })
  expect((await alice('GET', '/v1/contacts/none/why')).status).toBe(404)
})

test('a contact gets its customer, its end and its disposition from its agent only', async () => {
  await using api = await startApi(database)
  api.floor.liveContacts = [waitingContact('contact-1', { agent: 'alice', state: 'talking' })]
  const [alice, bob] = [api.as(await api.signIn('alice')), api.as(await api.signIn('bob'))]
  const { id: customer } = (await alice('POST', '/v1/customers', { name: 'Dana' })).body

  expect((await alice('POST', '/v1/contacts/contact-1/customer', { customer })).status).toBe(204)
  expect((await bob('POST', '/v1/contacts/contact-1/customer', { customer })).body.code).toBe('NOT_ALLOWED')
  expect((await alice('POST', '/v1/contacts/contact-1/customer', { customer: 'x' })).body.code).toBe(
    'NOT_FOUND',
  )
  expect((await alice('POST', '/v1/contacts/contact-1/hangup')).status).toBe(204)
  const wrapUp = { disposition: 'resolved', notes: 'Fine.' }
  expect((await alice('POST', '/v1/contacts/contact-1/wrap-up', wrapUp)).status).toBe(204)
  expect(await alice('POST', '/v1/contacts/contact-1/wrap-up', { disposition: 'lost' })).toMatchObject({
    status: 400,
    body: { detail: 'The disposition "lost" is none of resolved.' },
  })
  expect(api.floor.asked).toEqual([
    `setCustomer contact-1 ${customer}`,
    'hangUp contact-1 alice',
    'finishWrapUp contact-1 alice resolved Fine.',
  ])
  expect((await alice('GET', '/v1/contacts/contact-1')).body.state).toBe('talking')
  expect((await alice('GET', '/v1/interactions/contact-1')).body.remedy).toContain('/v1/contacts/contact-1')
})

test('queues, dispositions and what a phone has to know are there', async () => {
  await using api = await startApi(database)
  const figures = { waiting: 2, longestWaitMs: 1500, agents: { free: 1, busy: 0, paused: 0, unreachable: 0 } }
  api.floor.liveQueues = [{ queue: 'billing', name: 'Billing', ...figures }]
  const alice = api.as(await api.signIn('alice'))
  expect((await alice('GET', '/v1/queues')).body.queues).toEqual([
    { id: 'billing', name: 'Billing', ...figures },
  ])
  expect((await alice('GET', '/v1/dispositions')).body.dispositions).toEqual([
    { id: 'resolved', name: 'Resolved' },
  ])
  expect((await alice('GET', '/v1/center')).body.sip).toEqual({
    host: '127.0.0.1',
    port: 5060,
    realm: 'switchroom',
  })
})

test('a voicemail is listed, played in parts, and handled', async () => {
  await using api = await startApi(database)
  const audio = Buffer.from('RIFF....WAVEfmt 0123456789')
  const file = join(folder, 'message.wav')
  writeFileSync(file, audio)
  await addVoicemail(database, {
    id: 'message',
    mailbox: 'general',
    interaction: 'some-contact',
    file,
    durationMs: 4000,
    from: '+12025550142',
    leftAt: 5_000,
  })
  const token = await api.signIn('alice')
  const alice = api.as(token)
  const unhandled = async () => (await alice('GET', '/v1/voicemails?handled=false')).body.voicemails
  expect(await unhandled()).toEqual([
    {
      id: 'message',
      mailbox: 'general',
      contact: 'some-contact',
      from: { number: '+12025550142' },
      durationMs: 4000,
      leftAt: 5_000,
    },
  ])
  const play = (headers: Record<string, string>) =>
    api.app.inject({
      method: 'GET',
      url: '/v1/voicemails/message/audio',
      headers: { authorization: `Bearer ${token}`, ...headers },
    })
  const whole = await play({})
  expect(whole.headers).toMatchObject({ 'content-type': 'audio/wav', 'accept-ranges': 'bytes' })
  expect(whole.rawPayload).toEqual(audio)
  const part = await play({ range: 'bytes=4-7' })
  expect(part.statusCode).toBe(206)
  expect(part.headers['content-range']).toBe(`bytes 4-7/${audio.length}`)
  expect(part.payload).toBe('....')
  expect((await unhandled())[0].heard).toEqual({ at: api.clock.now(), by: { id: 'alice', name: 'ALICE' } })
  expect((await alice('POST', '/v1/voicemails/message/handled')).body.handled.by.name).toBe('ALICE')
  expect(await unhandled()).toEqual([])
  rmSync(file)
  expect((await play({})).statusCode).toBe(404)
  expect((await alice('GET', '/v1/voicemails/none/audio')).status).toBe(404)
})

test('people and their skills are an administrator’s, and the floor is told', async () => {
  await using api = await startApi(database)
  const ada = api.as(await api.signIn('ada'))
  const added = await ada('POST', '/v1/users', {
    username: 'mei',
    name: 'Mei',
    role: 'agent',
    password: 'correct horse',
    skills: { billing: 3 },
  })
  expect(added).toMatchObject({ status: 201, body: { id: 'mei', disabled: false, devices: ['mei'] } })
  const again = await ada('POST', '/v1/users', {
    username: 'mei',
    name: 'M',
    role: 'agent',
    password: 'correct horse',
  })
  expect(again).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })

  expect((await ada('PUT', '/v1/agents/mei/skills', { skills: { support: 2 } })).body).toEqual({
    skills: { support: 2 },
  })
  expect((await ada('GET', '/v1/agents/mei/skills')).body).toEqual({ skills: { support: 2 } })
  expect((await ada('PUT', '/v1/agents/mei/skills', { skills: { chess: 2 } })).body.detail).toBe(
    'The center has no skill chess; it has billing, support.',
  )
  expect((await ada('PUT', '/v1/agents/mei/skills', { skills: { support: 11 } })).status).toBe(400)

  const mei = api.as(await api.signIn('mei'))
  expect((await ada('POST', '/v1/users/mei/password', { password: 'another horse' })).status).toBe(204)
  expect((await mei('GET', '/v1/session')).status).toBe(401)
  expect((await ada('POST', '/v1/users/mei/disable')).body.disabled).toBe(true)
  expect((await ada('POST', '/v1/users/mei/enable')).body.disabled).toBe(false)
  expect((await ada('POST', '/v1/users/ada/disable')).body.code).toBe('WRONG_STATE')
  expect(JSON.stringify((await ada('GET', '/v1/users')).body)).not.toContain('scrypt')
  // Added, skills, password, disabled, enabled.
  expect(api.floor.asked).toEqual(Array.from({ length: 5 }, () => 'peopleChanged'))
})
