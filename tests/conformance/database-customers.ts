import { expect, it } from 'vitest'
import type { NewCustomer } from '../../src/crm/customer.ts'
import { createCustomer, readCustomer, updateCustomer } from '../../src/crm/customers.ts'
import { customerFactsFinder, findCustomers } from '../../src/crm/find-customers.ts'
import { insertInteractions } from '../../src/database/interactions.ts'
import type { Database } from '../../src/database/open-database.ts'
import { interaction } from './interactions.ts'

const by = { who: 'alice', at: Date.UTC(2026, 0, 5, 9) }
const country = 'US'

/** Customer records: found by anything, changed by one person at a time. */
export function customersConformance(open: () => Database): void {
  const create = (customer: NewCustomer) => createCustomer(open(), customer, country, by)
  const idsBy = async (
    ...[how, value, where = country]: [Parameters<typeof findCustomers>[1], string, string?]
  ) => (await findCustomers(open(), how, value, where)).map(({ id }) => id)

  it('keeps a customer as it was given, in one form', async () => {
    const created = await create({
      id: 'rosa',
      name: ' Rosa Adler ',
      company: 'Adler & Sons',
      language: 'en',
      owner: 'ana',
      notes: '',
      fields: { loyaltyNumber: 17, vip: true },
      identities: [
        { kind: 'phone', value: '(202) 555-0175', label: 'home' },
        { kind: 'phone', value: '+1 202 555 0175' },
        { kind: 'email', value: 'Rosa@Example.COM' },
        { kind: 'handle', value: '@rosa' },
      ],
      accounts: [{ number: 'AC-73 18', name: 'Fiber' }],
    })
    expect(created).toEqual({
      id: 'rosa',
      version: 1,
      name: 'Rosa Adler',
      company: 'Adler & Sons',
      tier: 'standard',
      language: 'en',
      owner: 'ana',
      fields: { loyaltyNumber: 17, vip: true },
      identities: [
        { kind: 'phone', value: '+12025550175', label: 'home' },
        { kind: 'email', value: 'rosa@example.com' },
        { kind: 'handle', value: '@rosa' },
      ],
      accounts: [{ number: 'AC-73 18', name: 'Fiber' }],
      createdAt: by.at,
      updatedAt: by.at,
    })
    expect(await readCustomer(open(), 'rosa')).toEqual(created)
    await expect(create({ id: 'rosa', name: 'Another' })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('finds by every form of a number, by account as typed, by address, handle, id', async () => {
    for (const number of [
      '+12025550175',
      '2025550175',
      '12025550175',
      '0012025550175',
      'sip:+12025550175@10.0.0.1',
    ]) {
      expect(await idsBy('number', number)).toEqual(['rosa'])
    }
    expect(await idsBy('number', '0012025550175', 'GB')).toEqual(['rosa'])
    expect(await idsBy('account', 'ac7318')).toEqual(['rosa'])
    expect(await idsBy('email', 'ROSA@example.com')).toEqual(['rosa'])
    expect(await idsBy('handle', '@rosa')).toEqual(['rosa'])
    expect(await idsBy('id', 'rosa')).toEqual(['rosa'])
  })

  it('finds nobody by what says nothing', async () => {
    await create({ id: 'blank', name: 'Blank' })
    for (const number of ['', 'anonymous', 'sip:anonymous@anonymous.invalid', 'alice', '\0', '%', '+']) {
      expect(await idsBy('number', number)).toEqual([])
    }
    expect(await idsBy('account', ' - ')).toEqual([])
    expect(await idsBy('email', 'nobody')).toEqual([])
    expect(await idsBy('text', '  ')).toEqual([])
    expect(await idsBy('text', '%')).toEqual([])
    expect(await idsBy('id', '')).toEqual([])
  })

  it('shows everybody who shares a number: whoever called last, then whose first number it is', async () => {
    await create({ id: 'theo', name: 'Theo', identities: phones('+12025550111', '+12025550175') })
    await create({ id: 'uma', name: 'Uma', identities: phones('+12025550175') })
    expect(await idsBy('number', '+12025550175')).toEqual(['rosa', 'uma', 'theo'])
    await insertInteractions(open(), batch(interaction('by-theo', { customer: 'theo', startedAt: by.at })))
    expect(await idsBy('number', '+12025550175')).toEqual(['theo', 'rosa', 'uma'])
    await insertInteractions(open(), batch(interaction('by-uma', { customer: 'uma', startedAt: by.at + 1 })))
    expect(await idsBy('number', '+12025550175')).toEqual(['uma', 'theo', 'rosa'])
  })

  it('finds by parts of words, numbers in any form, and takes wildcards for what they are', async () => {
    await create({ id: 'percent', name: '100%_Sure', company: 'Wild\\Card' })
    expect(await idsBy('text', 'adler ros')).toEqual(['rosa'])
    expect(await idsBy('text', 'SONS')).toEqual(['rosa'])
    expect(await idsBy('text', '(202) 555-0111')).toEqual(['theo'])
    expect(await idsBy('text', '0%_s')).toEqual(['percent'])
    expect(await idsBy('text', 'd\\c')).toEqual(['percent'])
    expect(await idsBy('text', 'rosa nobody')).toEqual([])
  })

  it('tells a flow what it may know, with the account that was typed', async () => {
    await create({ id: 'two', name: 'Two', accounts: [{ number: '4471002' }, { number: '4471003' }] })
    const find = customerFactsFinder(open(), country)
    expect(await find('account', '4471003')).toEqual([
      { id: 'two', name: 'Two', tier: 'standard', account: '4471003' },
    ])
    expect(await find('id', 'two')).toEqual([{ id: 'two', name: 'Two', tier: 'standard' }])
    expect((await find('caller', '2025550111'))[0]).toEqual({ id: 'theo', name: 'Theo', tier: 'standard' })
  })

  it('changes what is named, empties what is null, and keeps the rest', async () => {
    const changed = await updateCustomer(
      open(),
      'rosa',
      1,
      { tier: 'key', company: null, identities: phones('+12025550199') },
      country,
      { who: 'bob', at: by.at + 5000 },
    )
    expect(changed).toMatchObject({ version: 2, tier: 'key', name: 'Rosa Adler', updatedAt: by.at + 5000 })
    expect(changed).not.toHaveProperty('company')
    expect(changed.identities).toEqual(phones('+12025550199'))
    expect(changed.accounts).toEqual([{ number: 'AC-73 18', name: 'Fiber' }])
    expect(await idsBy('email', 'rosa@example.com')).toEqual([])
    expect(await idsBy('text', 'sons')).toEqual([])
    const [entry] = await open()
      .selectFrom('auditLog')
      .selectAll()
      .where('entityId', '=', 'rosa')
      .orderBy('id', 'desc')
      .limit(1)
      .execute()
    expect(entry).toMatchObject({
      actor: 'bob',
      action: 'customer.update',
      before: { company: 'Adler & Sons', tier: 'standard' },
      after: { company: null, tier: 'key' },
    })
  })

  it('refuses a change that was made from an older version, and leaves everything as it is', async () => {
    const stale = updateCustomer(open(), 'rosa', 1, { tier: 'gold', identities: [] }, country, by)
    await expect(stale).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await readCustomer(open(), 'rosa')).toMatchObject({ version: 2, tier: 'key', identities: [{}] })
  })

  it('lets exactly one of many changes made at once through', async () => {
    const changes = Array.from({ length: 8 }, (_, n) =>
      updateCustomer(open(), 'uma', 1, { notes: `note ${n}` }, country, by),
    )
    const results = await Promise.allSettled(changes)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'CONFLICT' })
    }
    expect(await readCustomer(open(), 'uma')).toMatchObject({ version: 2 })
  })

  it.each([
    ['no name', { name: '  ' }],
    ['a telephone number that is none', { identities: [{ kind: 'phone' as const, value: 'call me' }] }],
    ['an address that is none', { identities: [{ kind: 'email' as const, value: 'call me' }] }],
    ['an account number without a letter or digit', { accounts: [{ number: '--' }] }],
  ])('refuses a customer with %s', async (_what, fault) => {
    await expect(create({ id: 'bad', name: 'Bad', ...fault })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
    expect(await readCustomer(open(), 'bad')).toBeUndefined()
  })

  it('says that there is no such customer', async () => {
    await expect(updateCustomer(open(), 'ghost', 1, {}, country, by)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await readCustomer(open(), 'ghost')).toBeUndefined()
  })
}

function phones(...values: string[]) {
  return values.map((value) => ({ kind: 'phone' as const, value }))
}

function batch(...interactions: object[]): string {
  return JSON.stringify(interactions.map((each) => ({ interaction: each, explanations: [] })))
}
