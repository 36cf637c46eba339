import { describe, expect, it } from 'vitest'
import type { Agent } from '../../../src/api/contract/index.ts'
import type { DeskState } from '../../../src/desktop/state/desk-state.ts'
import { needs } from '../../../src/desktop/state/needs.ts'
import { alice, atDesk, live, NOW, play, pop, snapshot, talking, wrapping } from './stage.ts'

const off: Agent = { ...alice, presence: 'logged-out', device: 'unregistered' }
const lost = { type: 'line', status: 'lost' } as const
const restarted = live(snapshot({ agent: off }), { epoch: 'e2' })

function as(agent: Partial<Agent>): DeskState {
  return play(atDesk, live({ type: 'agent.changed', agent: { ...alice, ...agent } }))
}

describe('after a restart of the server', () => {
  it('asks for nothing while the line is lost', () => {
    expect(needs(play(atDesk, lost), NOW)).toEqual([])
  })

  it.each([
    ['available', {}, { name: 'go-available', restoring: true }],
    ['paused', { presence: 'paused', reason: 'break' }, { name: 'pause', reason: 'break', restoring: true }],
    ['about to pause', { pending: 'break' }, { name: 'pause', reason: 'break', restoring: true }],
  ] as const)('an agent who was %s is brought back, and told', (_state, agent, request) => {
    const state = play(as(agent), lost, restarted)
    expect(needs(state, NOW)).toContainEqual(request)
    const answer = { agent: { ...alice, ...agent }, wrapUps: [] }
    const back = play(state, { type: 'answered', name: request.name, request, answer } as Parameters<
      typeof play
    >[1])
    expect(needs(back, NOW)).not.toContainEqual(request)
    expect(back.notices.at(-1)?.text).toContain('You are back as before')
  })

  it('an agent whom the server kept at work asks for nothing, and is told', () => {
    const kept = live(snapshot({ agent: alice }), { epoch: 'e2' })
    const back = play(as({}), lost, kept)
    expect(back.followUps).toEqual([])
    expect(back.notices.at(-1)?.text).toBe('The server was restarted. You are back as before: available.')
  })

  it.each([
    ['off the floor', { presence: 'logged-out' }],
    ['leaving', { pending: 'sign-out' }],
    ['paused for missed calls', { presence: 'paused', reason: 'no-answer' }],
  ] as const)('an agent who was %s stays off the floor', (_state, agent) => {
    expect(play(as(agent), lost, restarted).followUps).toEqual([])
  })

  it('is tried again when the server was not reached', () => {
    const request = { name: 'go-available', restoring: true } as const
    const trouble = { status: 0, code: 'SERVER_UNREACHABLE', detail: '' }
    const failed = play(atDesk, lost, restarted, { type: 'refused', request, trouble })
    expect(needs(failed, NOW)).not.toContainEqual(request)
    const again = play(failed, lost, live(snapshot({ agent: off }), { epoch: 'e2' }))
    expect(needs(again, NOW)).toContainEqual(request)
  })

  it('a snapshot of the same run changes nothing of that', () => {
    expect(play(atDesk, live(snapshot({ agent: off }))).followUps).toEqual([])
  })

  it('the contact is over, its record and its notes stay', () => {
    const state = play(
      talking,
      { type: 'write-up', contact: 'c1', change: { notes: 'Wants a refund.' } },
      { type: 'edit', draft: 'harbour', edit: { field: 'company', value: 'Harbour' } },
      lost,
      restarted,
    )
    expect(state.work).toBeUndefined()
    expect(state.view).toEqual({ name: 'customer', id: 'harbour' })
    expect(state.drafts['harbour']?.edits).toEqual({ company: 'Harbour' })
    expect(state.notices[0]).toMatchObject({ kind: 'missed', kept: 'Wants a refund.' })
  })
})

describe('after an interruption of the line', () => {
  it('a resumed stream goes on from where it was', () => {
    const state = play(talking, lost, live({ type: 'resumed' }))
    expect(state.line.status).toBe('live')
    expect(state.work).toEqual(talking.work)
  })

  it('a snapshot keeps the screen pop of a wrap-up', () => {
    const wrapUp = { contact: 'c1', agent: 'alice', queue: 'billing', until: NOW + 60_000 }
    const state = play(wrapping, lost, live(snapshot({ wrapUps: [wrapUp] })))
    expect(state.work).toMatchObject({ phase: 'wrapping', pop, until: NOW + 60_000 })
  })

  it('what may have changed is read again, unless nothing was missed', () => {
    const open = play(atDesk, { type: 'show', view: { name: 'customer', id: 'harbour' } })
    const read = needs(open, NOW).reduce((state, request) => play(state, { type: 'asked', request }), open)
    expect(needs(read, NOW)).toEqual([])
    const done = {
      ...read,
      requests: Object.fromEntries(Object.keys(read.requests).map((key) => [key, 'done' as const])),
    }
    expect(needs(play(done, lost, live({ type: 'resumed' })), NOW)).toEqual([])
    const again = needs(play(done, lost, live(snapshot())), NOW).map(({ name }) => name)
    expect(again).toEqual(['read-center', 'list-voicemails', 'read-customer', 'read-timeline'])
  })
})

describe('a session that ends', () => {
  it('leads to the sign-in page, saying why', () => {
    const trouble = { status: 401, code: 'NOT_SIGNED_IN', detail: 'The session has ended.' }
    const state = play(atDesk, { type: 'refused', request: { name: 'go-available' }, trouble })
    expect(state.session).toBeUndefined()
    expect(state.sessionEnded).toContain('what you typed is kept')
  })
})
