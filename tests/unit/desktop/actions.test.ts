import { describe, expect, it } from 'vitest'
import { addNumber } from '../../../src/desktop/actions/add-number.ts'
import { actionOf, actions } from '../../../src/desktop/actions/all.ts'
import { finishWrapUp } from '../../../src/desktop/actions/finish-wrap-up.ts'
import { newCustomer } from '../../../src/desktop/actions/new-customer.ts'
import { saveCustomer } from '../../../src/desktop/actions/save-customer.ts'
import { signOut, signOutAndDiscard } from '../../../src/desktop/actions/sign-out.ts'
import { initialState } from '../../../src/desktop/state/desk-state.ts'
import { needs } from '../../../src/desktop/state/needs.ts'
import { atDesk, harbour, live, NOW, offered, play, pop, talking, wrapping } from './stage.ts'

const pressed = (key: string, more = {}) => {
  const code = `Key${key.toUpperCase()}`
  return { key, code, ctrlKey: false, metaKey: false, altKey: false, ...more }
}
const possible = (state: Parameters<typeof play>[0]) =>
  actions.filter((action) => action.isPossible(state)).map(({ name }) => name)

describe('keys', () => {
  it('are each of one action', () => {
    const keys = actions.flatMap(({ key }) => key ?? [])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('are letters outside of fields, commands everywhere', () => {
    expect(actionOf(pressed('w'), true)?.name).toBe('explain-offer')
    expect(actionOf(pressed('w'), false)).toBeUndefined()
    expect(actionOf(pressed('s', { ctrlKey: true }), false)?.name).toBe('save-customer')
    expect(actionOf(pressed('Enter', { metaKey: true }), false)?.name).toBe('finish-wrap-up')
    expect(actionOf(pressed('w', { ctrlKey: true }), true)).toBeUndefined()
  })

  it('with Alt count by their place, and not with AltGr', () => {
    expect(actionOf(pressed('˙', { code: 'KeyH', altKey: true }), false)?.name).toBe('hang-up')
    expect(actionOf(pressed('h', { altKey: true, ctrlKey: true }), true)).toBeUndefined()
  })

  it('that cannot be taken back are no mere letters', () => {
    for (const letter of 'hxoq') expect(actionOf(pressed(letter), true)).toBeUndefined()
  })
})

describe('what is possible', () => {
  it('is nothing before the sign-in', () => {
    expect(possible(initialState)).toEqual([])
  })

  it('follows the contact', () => {
    expect(possible(offered)).toContain('reject-offer')
    expect(possible(offered)).not.toContain('hang-up')
    expect(possible(talking)).toContain('hang-up')
    expect(possible(talking)).not.toContain('reject-offer')
    expect(possible(talking)).not.toContain('sign-out')
    expect(possible(wrapping)).not.toContain('finish-wrap-up')
  })

  it('is to finish a wrap-up with a disposition', () => {
    const state = play(wrapping, { type: 'write-up', contact: 'c1', change: { disposition: 'resolved' } })
    expect(finishWrapUp.isPossible(state)).toBe(true)
    expect(finishWrapUp.perform(state)).toEqual([
      { name: 'finish-wrap-up', contact: 'c1', disposition: 'resolved', notes: '' },
    ])
  })
})

describe('signing out', () => {
  it('leaves the floor first', () => {
    expect(signOut.perform(atDesk)).toEqual([{ name: 'leave-floor' }, { name: 'sign-out' }])
  })

  it('asks before unsaved edits are thrown away', () => {
    const state = play(atDesk, live({ type: 'customer.changed', customer: harbour }), {
      type: 'edit',
      draft: 'harbour',
      edit: { field: 'name', value: 'Other' },
    })
    expect(signOut.perform(state)).toEqual([{ type: 'overlay', overlay: 'unsaved' }])
    expect(signOutAndDiscard.perform(state)).toContainEqual({ type: 'discard', draft: 'harbour' })
  })
})

describe('an unknown caller', () => {
  const { customerId: _nobody, ...stranger } = pop
  const unknown = play(
    atDesk,
    live({
      type: 'offer.made',
      pop: { ...stranger, candidateIds: [], customers: [], data: { account: '4711' } },
    }),
  )

  it('becomes a customer with what is known, and is linked to the contact', () => {
    const deeds = newCustomer.perform(unknown)
    const edits = {
      identities: [{ kind: 'phone', value: '+12025550142' }],
      accounts: [{ number: '4711' }],
    }
    expect(deeds[0]).toEqual({ type: 'start-draft', draft: 'new:c1', edits })
    const named = play(unknown, { type: 'start-draft', draft: 'new:c1', edits: { name: 'Dana' } })
    const request = {
      name: 'create-customer',
      draft: 'new:c1',
      customer: { name: 'Dana', tier: 'standard' },
      contact: 'c1',
    } as const
    expect(saveCustomer.perform(named)).toEqual([request])
    const created = play(named, {
      type: 'answered',
      name: 'create-customer',
      request,
      answer: { ...harbour, id: 'dana', name: 'Dana' },
    })
    expect(created.drafts).toEqual({})
    expect(needs(created, NOW)).toContainEqual({ name: 'set-customer', contact: 'c1', customer: 'dana' })
  })

  it('keeps the new record when the caller hangs up', () => {
    const gone = play(
      unknown,
      { type: 'start-draft', draft: 'new:c1', edits: { name: 'Dana' } },
      live({
        type: 'offer.ended',
        offer: 'o1',
        contact: 'c1',
        agent: 'alice',
        outcome: 'cancelled-by-caller',
      }),
    )
    expect(gone.view).toEqual({ name: 'new-customer' })
    expect(gone.drafts['new']?.edits).toEqual({ name: 'Dana' })
  })
})

describe('a customer who calls from a new number', () => {
  const from = { number: '+14155550123' }
  const state = play(atDesk, live({ type: 'offer.made', pop: { ...pop, from } }))

  it('can have it added to the record, once', () => {
    const [deed] = addNumber.perform(state)
    const identities = [...harbour.identities, { kind: 'phone', value: '+14155550123' }]
    expect(deed).toEqual({ type: 'edit', draft: 'harbour', edit: { field: 'identities', value: identities } })
    const added = play(state, deed as Parameters<typeof play>[1])
    expect(addNumber.isPossible(added)).toBe(false)
    expect(addNumber.isPossible(offered)).toBe(false)
  })
})
