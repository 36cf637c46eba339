import { describe, expect, it } from 'vitest'
import { needs } from '../../../src/desktop/state/needs.ts'
import {
  alice,
  atDesk,
  harbour,
  interaction,
  live,
  NOW,
  offered,
  play,
  pop,
  talking,
  wrapping,
} from './stage.ts'

const ended = (outcome: 'rejected' | 'no-answer' | 'cancelled-by-caller' | 'device-failed' | 'rescinded') =>
  live({ type: 'offer.ended', offer: 'o1', contact: 'c1', agent: 'alice', outcome })

describe('an offer', () => {
  it('shows caller, record and history at once', () => {
    expect(offered.work).toMatchObject({
      contact: 'c1',
      phase: 'offered',
      customer: 'harbour',
      queue: 'billing',
    })
    expect(offered.customers['harbour']).toEqual(harbour)
    expect(needs(offered, NOW)).toEqual([{ name: 'list-voicemails' }])
  })

  it('comes before everything else, unless the agent is writing', () => {
    const elsewhere = play(atDesk, { type: 'show', view: { name: 'voicemails' } })
    expect(play(elsewhere, live({ type: 'offer.made', pop })).view).toEqual({ name: 'desk' })
    const writing = play(elsewhere, live({ type: 'offer.made', pop }, { typing: true }))
    expect(writing.view).toEqual({ name: 'voicemails' })
    expect(writing.work?.contact).toBe('c1')
  })

  it('asks for what came without the pop, and takes it when it is sent', () => {
    const { history: _none, ...bare } = pop
    const state = play(atDesk, live({ type: 'offer.made', pop: { ...bare, customers: [] } }))
    expect(needs(state, NOW)).toContainEqual({ name: 'read-customer', id: 'harbour' })
    const context = { offer: 'o1', contact: 'c1', agent: 'alice', customers: [harbour], history: [] }
    const complete = play(state, live({ type: 'offer.context', ...context }))
    expect(needs(complete, NOW)).toEqual([{ name: 'list-voicemails' }])
  })

  it.each([
    ['rejected', 'quiet', /You rejected the call from Harbour Dental/],
    ['no-answer', 'missed', /You missed the call from Harbour Dental/],
    ['device-failed', 'missed', /Your phone could not be rung/],
    ['cancelled-by-caller', 'missed', /Harbour Dental hung up before you answered/],
    ['rescinded', 'quiet', /was taken back/],
  ] as const)('that ends as %s is gone, and the agent is told', (outcome, kind, text) => {
    const state = play(offered, ended(outcome))
    expect(state.work).toBeUndefined()
    expect(state.notices).toMatchObject([{ kind, text: expect.stringMatching(text) as string }])
  })

  it('of somebody else is none of ours', () => {
    expect(play(atDesk, live({ type: 'offer.made', pop: { ...pop, agent: 'bob' } })).work).toBeUndefined()
  })
})

describe('a talk', () => {
  it('counts from when they hear each other', () => {
    expect(talking.work).toMatchObject({ phase: 'talking', since: NOW + 5000 })
  })

  it('without wrap-up leaves the desk when the agent is free', () => {
    const over = play(talking, live({ type: 'talk.ended', contact: 'c1', agent: 'alice', by: 'caller' }))
    expect(over.work?.phase).toBe('ended')
    const free = play(over, live({ type: 'agent.changed', agent: alice }))
    expect(free.work).toBeUndefined()
    expect(free.notices[0]?.text).toBe('Call ended by the caller: Harbour Dental.')
  })

  it('goes on with the customer that was chosen elsewhere', () => {
    const contact = {
      id: 'c1',
      channel: 'voice',
      state: 'talking',
      startedAt: NOW,
      since: NOW,
      from: {},
      to: {},
      customer: 'other',
    } as const
    const state = play(talking, live({ type: 'contact.changed', contact }))
    expect(state.work?.customer).toBe('other')
    expect(needs(state, NOW)).toContainEqual({ name: 'read-customer', id: 'other' })
  })

  it('keeps a record with unsaved edits open when the contact is over', () => {
    const edited = play(
      wrapping,
      { type: 'edit', draft: 'harbour', edit: { field: 'company', value: 'Harbour' } },
      live({ type: 'wrap-up.ended', contact: 'c1', agent: 'alice' }),
    )
    expect(edited.view).toEqual({ name: 'customer', id: 'harbour' })
    expect(edited.drafts['harbour']?.edits).toEqual({ company: 'Harbour' })
  })
})

describe('a wrap-up', () => {
  const written = play(wrapping, { type: 'write-up', contact: 'c1', change: { notes: 'Call back.' } })
  const over = (at: number) => live({ type: 'wrap-up.ended', contact: 'c1', agent: 'alice' }, { at })

  it('keeps what is known from the screen pop', () => {
    expect(wrapping.work).toMatchObject({ phase: 'wrapping', pop, customer: 'harbour', endedBy: 'caller' })
  })

  it('that is finished closes the contact', () => {
    const finish = { name: 'finish-wrap-up', contact: 'c1', disposition: 'resolved', notes: '' } as const
    const state = play(
      written,
      { type: 'write-up', contact: 'c1', change: { disposition: 'resolved' } },
      { type: 'asked', request: finish },
      over(NOW + 40_000),
    )
    expect(state.work).toBeUndefined()
    expect(state.wrapUpDrafts).toEqual({})
    expect(state.notices).toMatchObject([{ text: 'Contact with Harbour Dental closed: Resolved.' }])
  })

  it('that runs out says so, with the notes that would be lost', () => {
    const state = play(written, over(NOW + 60_000))
    expect(state.notices).toMatchObject([
      { kind: 'missed', text: expect.stringContaining('wrap-up time') as string, kept: 'Call back.' },
    ])
  })

  it('that was ended at another desk says so', () => {
    expect(play(wrapping, over(NOW + 40_000)).notices[0]?.text).toContain('ended elsewhere')
  })

  it('is sent by itself just before its time is over, once a disposition is chosen', () => {
    const finish = { name: 'finish-wrap-up', contact: 'c1', disposition: 'resolved', notes: 'Call back.' }
    const chosen = play(written, { type: 'write-up', contact: 'c1', change: { disposition: 'resolved' } })
    expect(needs(chosen, NOW + 57_000)).not.toContainEqual(finish)
    expect(needs(chosen, NOW + 58_500)).toContainEqual(finish)
    expect(needs(written, NOW + 58_500)).not.toContainEqual(
      expect.objectContaining({ name: 'finish-wrap-up' }),
    )
  })

  it('becomes part of the history and of what was done last', () => {
    const state = play(wrapping, live({ type: 'interaction.completed', interaction }))
    expect(state.recent).toEqual([interaction])
    expect(state.histories['harbour']?.entries).toMatchObject([
      { id: 'c1', agent: { id: 'alice', name: 'Alice Moreno' }, talkMs: 30_000, disposition: 'resolved' },
    ])
  })
})
