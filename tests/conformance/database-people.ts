import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { SimulatedClock } from '../../src/clock/simulated-clock.ts'
import { readTimeline } from '../../src/crm/timeline.ts'
import { credentialsFinder } from '../../src/database/devices.ts'
import type { Database } from '../../src/database/open-database.ts'
import {
  addPerson,
  checkCredentials,
  findPerson,
  hasDemoPasswords,
  listAgents,
  listPeople,
  setEnabled,
  setPassword,
  setPhone,
  setSkills,
} from '../../src/database/people.ts'
import { type Demo, seedDemo } from '../../src/database/seed-demo.ts'
import {
  closeSession,
  deleteExpiredSessions,
  extendSession,
  findSession,
  openSession,
} from '../../src/database/sessions.ts'
import { silent } from '../support/database.ts'

const by = { who: 'tests', at: Date.UTC(2026, 0, 5, 9) }
const realm = 'switchroom'

const demo: Demo = {
  password: 'fernhill',
  people: {
    ana: { name: 'Ana Ruiz', role: 'agent', skills: { billing: 7 } },
    root: { name: 'Root', role: 'admin' },
  },
  customers: {
    dental: {
      name: 'Harbour Dental',
      tier: 'key',
      owner: 'ana',
      numbers: ['+12025550142'],
      emails: [],
      accounts: [{ number: '4471002', name: 'Fiber' }],
      history: [
        { daysAgo: 2, queue: 'billing', agent: 'ana', outcome: 'handled', waitSeconds: 9, talkSeconds: 60 },
        { daysAgo: 9, queue: 'billing', outcome: 'abandoned-in-queue', waitSeconds: 30, talkSeconds: 0 },
      ],
    },
  },
}

/** People, their passwords, phones and sessions. The first test wants a database without people. */
export function peopleConformance(open: () => Database): void {
  it('puts the demo in once, and knows that its password is in use until it is not', async () => {
    const database = open()
    const clock = new SimulatedClock(by.at)
    expect(await hasDemoPasswords(database)).toBe(false)
    expect(await seedDemo(database, demo, realm, clock)).toBe(true)
    expect(await seedDemo(database, demo, realm, clock)).toBe(false)
    expect(await checkCredentials(database, 'ana', 'fernhill')).toMatchObject({
      id: 'ana',
      skills: { billing: 7 },
    })
    const { entries } = await readTimeline(database, 'dental')
    expect(entries).toMatchObject([
      { outcome: 'handled', queue: 'billing', agent: { id: 'ana', name: 'Ana Ruiz' }, talkMs: 60_000 },
      { outcome: 'abandoned-in-queue', queue: 'billing' },
    ])

    expect(await hasDemoPasswords(database)).toBe(true)
    await setPassword(database, 'ana', 'a better one', realm, by)
    expect(await hasDemoPasswords(database)).toBe(true)
    await expect(setPassword(database, 'root', 'fernhill', realm, by)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
    await setEnabled(database, 'root', false, by)
    expect(await hasDemoPasswords(database)).toBe(false)
    await setEnabled(database, 'root', true, by)
    expect(await hasDemoPasswords(database)).toBe(true)
  })

  it('adds somebody with skills and a phone, once', async () => {
    const database = open()
    const mei = { username: 'mei', name: 'Mei Tanaka', role: 'agent', password: 'correct horse' } as const
    const added = await addPerson(database, { ...mei, skills: { support: 3 } }, realm, by)
    expect(added).toEqual({
      id: 'mei',
      username: 'mei',
      name: 'Mei Tanaka',
      role: 'agent',
      enabled: true,
      skills: { support: 3 },
      devices: ['mei'],
      phone: { autoAnswer: false, standing: false },
      createdAt: by.at,
    })
    expect(await findPerson(database, 'mei')).toEqual(added)
    await expect(addPerson(database, mei, realm, by)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await listPeople(database)).map(({ id }) => id)).toEqual(['ana', 'mei', 'root'])
    expect((await listAgents(database)).map(({ id }) => id)).toEqual(['ana', 'mei'])
  })

  it.each([
    ['a name with a space', { username: 'mei t' }],
    ['capitals', { username: 'Mei' }],
    ['a short password', { password: 'seven77' }],
    ['a role that is none', { role: 'king' as 'agent' }],
    ['a level beyond 10', { skills: { billing: 11 } }],
    ['a level of a half', { skills: { billing: 0.5 } }],
    ['a skill with a space', { skills: { 'a b': 1 } }],
    ['no name', { name: ' ' }],
  ])('refuses somebody with %s', async (_what, fault) => {
    const person = { username: 'x1', name: 'X', role: 'agent', password: 'correct horse', ...fault } as const
    await expect(addPerson(open(), person, realm, by)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    expect(await findPerson(open(), 'x1')).toBeUndefined()
  })

  it('lets in only with the right name and password, and not whoever is disabled', async () => {
    const database = open()
    expect(await checkCredentials(database, 'mei', 'correct horse')).toMatchObject({ id: 'mei' })
    expect(await checkCredentials(database, 'MEI', 'correct horse')).toMatchObject({ id: 'mei' })
    expect(await checkCredentials(database, 'mei', 'correct horsf')).toBeUndefined()
    expect(await checkCredentials(database, 'nobody', 'correct horse')).toBeUndefined()
    expect(await setEnabled(database, 'mei', false, by)).toMatchObject({ enabled: false })
    expect(await checkCredentials(database, 'mei', 'correct horse')).toBeUndefined()
    await setEnabled(database, 'mei', true, by)
    expect(await checkCredentials(database, 'mei', 'correct horse')).toMatchObject({ id: 'mei' })
  })

  it('gives phones the digest of the present password, of this realm, while their person is enabled', async () => {
    const database = open()
    const find = credentialsFinder(database, realm, silent)
    await setPassword(database, 'mei', 'battery staple', realm, by)
    const secret = 'mei:switchroom:battery staple'
    expect(await find('mei')).toEqual({
      device: 'mei',
      ha1: {
        md5: createHash('md5').update(secret).digest('hex'),
        sha256: createHash('sha256').update(secret).digest('hex'),
      },
    })
    expect(await find('nobody')).toBeUndefined()
    expect(await credentialsFinder(database, 'elsewhere', silent)('mei')).toBeUndefined()
    await setEnabled(database, 'mei', false, by)
    expect(await find('mei')).toBeUndefined()
    await setEnabled(database, 'mei', true, by)
  })

  it('replaces skills', async () => {
    const database = open()
    await setSkills(database, 'mei', { billing: 2, en: 10 }, by)
    expect((await findPerson(database, 'mei'))?.skills).toEqual({ billing: 2, en: 10 })
    await setSkills(database, 'mei', {}, by)
    expect((await findPerson(database, 'mei'))?.skills).toEqual({})
  })

  it('keeps how phones are used, over a new password too', async () => {
    const database = open()
    await setPhone(database, 'mei', { standing: true }, by)
    await setPhone(database, 'mei', { autoAnswer: true }, by)
    await setPassword(database, 'mei', 'staple battery', realm, by)
    expect((await findPerson(database, 'mei'))?.phone).toEqual({ autoAnswer: true, standing: true })
    await setPhone(database, 'mei', { autoAnswer: false, standing: false }, by)
    expect((await findPerson(database, 'mei'))?.phone).toEqual({ autoAnswer: false, standing: false })
  })

  it('names whoever is not there', async () => {
    const database = open()
    for (const change of [
      () => setSkills(database, 'ghost', {}, by),
      () => setPhone(database, 'ghost', {}, by),
      () => setPassword(database, 'ghost', 'long enough', realm, by),
      () => setEnabled(database, 'ghost', false, by),
    ]) {
      await expect(change()).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('ghost'),
      })
    }
  })

  it('keeps a session until it expires, is closed, or its person is kept out', async () => {
    const database = open()
    const now = by.at
    const open2 = () => openSession(database, 'mei', now, now + 1000)
    const token = await open2()
    expect(await findSession(database, token, now + 999)).toEqual({
      user: { id: 'mei', username: 'mei', name: 'Mei Tanaka', role: 'agent' },
      program: 'desk',
      expiresAt: now + 1000,
    })
    expect(await findSession(database, token, now + 1000)).toBeUndefined()
    expect(await findSession(database, 'guessed', now)).toBeUndefined()
    await extendSession(database, token, now + 500, now + 2000)
    expect(await findSession(database, token, now + 1999)).toBeDefined()
    await extendSession(database, token, now + 2000, now + 9000)
    expect(await findSession(database, token, now + 2000)).toBeUndefined()
    await deleteExpiredSessions(database, now + 2000)
    expect(await findSession(database, token, now)).toBeUndefined()

    const closed = await open2()
    await closeSession(database, closed)
    expect(await findSession(database, closed, now)).toBeUndefined()
    const [before, after] = [await open2(), await open2()]
    await setPassword(database, 'mei', 'another one 1', realm, by)
    expect(await findSession(database, before, now)).toBeUndefined()
    await setEnabled(database, 'mei', false, by)
    expect(await findSession(database, after, now)).toBeUndefined()
  })

  it('keeps who changed what, without passwords', async () => {
    const entries = await open()
      .selectFrom('auditLog')
      .selectAll()
      .where('entityId', '=', 'mei')
      .orderBy('id')
      .execute()
    expect(entries[0]).toMatchObject({
      at: by.at,
      actor: 'tests',
      action: 'user.add',
      after: { username: 'mei' },
    })
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['user.password', 'user.skills']),
    )
    expect(JSON.stringify(entries)).not.toMatch(/correct horse|battery staple|scrypt/)
  })
}
