import { describe, expect, it } from 'vitest'
import {
  changeOf,
  decide,
  edit,
  isDirty,
  newCustomerOf,
  newDraft,
  rebase,
  shownFields,
} from '../../../src/desktop/state/draft.ts'
import { harbour, live, play, talking } from './stage.ts'

const start = newDraft(harbour)
const mine = edit(start, { field: 'company', value: 'Mine' })

describe('edits of a record', () => {
  it('are sent with the version they were made from, and nothing else', () => {
    expect(changeOf(mine)).toEqual({ version: 3, company: 'Mine' })
    expect(changeOf(edit(mine, { field: 'owner', value: '' }))).toEqual({
      version: 3,
      company: 'Mine',
      owner: null,
    })
  })

  it('that lead back to the record are none', () => {
    const back = edit(mine, { field: 'company', value: '' })
    expect(isDirty(back)).toBe(false)
    expect(changeOf(back)).toBeUndefined()
  })

  it('leave out rows that were added and not filled', () => {
    const rows = [...harbour.identities, { kind: 'email' as const, value: ' ' }]
    const added = edit(start, { field: 'identities', value: rows })
    expect(changeOf(added)?.identities).toEqual(harbour.identities)
  })

  it('become a new customer once there is a name', () => {
    const empty = newDraft(undefined)
    expect(newCustomerOf(empty)).toBeUndefined()
    const named = edit(empty, { field: 'name', value: 'Dana' })
    expect(newCustomerOf(named)).toEqual({ name: 'Dana', tier: 'standard' })
  })
})

describe('a change by somebody else', () => {
  const theirs = { ...harbour, version: 4, tier: 'standard', company: 'Theirs' }

  it('of another field is taken over', () => {
    const draft = rebase(mine, { ...harbour, version: 4, tier: 'standard' })
    expect(shownFields(draft)).toMatchObject({ company: 'Mine', tier: 'standard' })
    expect(draft).toMatchObject({ before: { tier: 'key' }, undecided: [] })
    expect(changeOf(draft)).toEqual({ version: 4, company: 'Mine' })
  })

  it('of the same field waits for a decision', () => {
    const draft = rebase(mine, theirs)
    expect(draft.undecided).toEqual(['company'])
    expect(changeOf(draft)).toBeUndefined()
    expect(changeOf(decide(draft, 'company', 'mine'))).toEqual({ version: 4, company: 'Mine' })
    expect(shownFields(decide(draft, 'company', 'theirs')).company).toBe('Theirs')
  })

  it('that is the same as ours needs none', () => {
    const draft = rebase(mine, { ...harbour, version: 4, company: 'Mine' })
    expect(draft.undecided).toEqual([])
    expect(isDirty(draft)).toBe(false)
  })

  it('after another one adds to what is told', () => {
    const draft = rebase(rebase(mine, theirs), { ...theirs, version: 5, language: 'es' })
    expect(draft.before).toEqual({ tier: 'key', company: '', language: '' })
    expect(draft.undecided).toEqual(['company'])
  })

  it('that is older than what we know is ignored', () => {
    expect(rebase(mine, harbour)).toBe(mine)
  })
})

describe('on the desk', () => {
  const editing = play(talking, { type: 'edit', draft: 'harbour', edit: { field: 'company', value: 'Mine' } })
  const request = { name: 'change-customer', id: 'harbour', change: { version: 3, company: 'Mine' } } as const
  const ours = { ...harbour, version: 4, company: 'Mine' }

  it('a saved edit is no edit any more', () => {
    const state = play(
      editing,
      { type: 'asked', request },
      live({ type: 'customer.changed', customer: ours }),
      { type: 'answered', name: 'change-customer', request, answer: ours },
    )
    expect(state.drafts).toEqual({})
    expect(state.customers['harbour']).toEqual(ours)
  })

  it('what is typed while saving stays, whichever comes first of answer and event', () => {
    const asked = play(
      editing,
      { type: 'asked', request },
      { type: 'edit', draft: 'harbour', edit: { field: 'company', value: 'Mine and more' } },
    )
    const event = live({ type: 'customer.changed', customer: ours })
    const answer = { type: 'answered', name: 'change-customer', request, answer: ours } as const
    for (const state of [play(asked, event, answer), play(asked, answer, event)]) {
      expect(state.drafts['harbour']).toMatchObject({ edits: { company: 'Mine and more' }, undecided: [] })
    }
  })

  it('a conflict shows what the other changed', () => {
    const current = { ...harbour, version: 4, company: 'Theirs' }
    const trouble = { status: 409, code: 'CONFLICT', detail: 'changed', current }
    const state = play(editing, { type: 'refused', request, trouble })
    expect(state.drafts['harbour']).toMatchObject({ undecided: ['company'], before: { company: '' } })
    expect(state.notices).toEqual([])
  })

  it('any other refusal is told with its remedy', () => {
    const trouble = { status: 400, code: 'INPUT_INVALID', detail: 'Not a number.', remedy: 'Correct it.' }
    const state = play(editing, { type: 'refused', request, trouble })
    expect(state.notices).toMatchObject([{ kind: 'problem', text: 'Not a number.', remedy: 'Correct it.' }])
    expect(state.drafts['harbour']?.edits).toEqual({ company: 'Mine' })
  })
})
