import { describe, expect, it } from 'vitest'
import { actions } from '../../../src/desktop/actions/all.ts'
import { takeOffer } from '../../../src/desktop/actions/take-offer.ts'
import { atDesk, live, offered, play, pop, talking } from './stage.ts'

const onStandingCall = play(atDesk, live({ type: 'offer.made', pop: { ...pop, takenBy: 'key' } }))

describe('an offer on a standing call', () => {
  it('can be taken at the desk, and only that one', () => {
    expect(takeOffer.isPossible(onStandingCall)).toBe(true)
    expect(takeOffer.perform(onStandingCall)).toEqual([{ name: 'take-offer', offer: 'o1' }])
    const itself = play(atDesk, live({ type: 'offer.made', pop: { ...pop, takenBy: 'itself' } }))
    for (const state of [atDesk, offered, itself, talking]) expect(takeOffer.isPossible(state)).toBe(false)
  })

  it('has a key that no other action has', () => {
    expect(actions).toContain(takeOffer)
    expect(actions.filter(({ key }) => key === takeOffer.key)).toEqual([takeOffer])
  })
})

describe('a desk whose person has signed in elsewhere', () => {
  it('says where, and is signed off', () => {
    const state = play(talking, live({ type: 'session.taken-over', place: '192.0.2.7' }))
    expect(state.session).toBeUndefined()
    expect(state.sessionEnded).toContain('192.0.2.7')
  })
})
