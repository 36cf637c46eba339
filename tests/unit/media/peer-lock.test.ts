import { beforeEach, describe, expect, it } from 'vitest'
import { PeerLock } from '../../../src/telephony/embedded/media/peer-lock.ts'

let lock: PeerLock
beforeEach(() => {
  lock = new PeerLock()
  lock.expect('192.0.2.10', 4000)
})

describe('symmetric RTP', () => {
  it('sends where signalling says until somebody is heard, then to where it comes from', () => {
    expect([lock.host, lock.port, lock.locked]).toEqual(['192.0.2.10', 4000, false])
    expect(lock.admit('203.0.113.5', 61_234, 0)).toBe(true)
    expect([lock.host, lock.port, lock.locked]).toEqual(['203.0.113.5', 61_234, true])
  })

  it('hears nobody before signalling has named anybody', () => {
    expect(new PeerLock().admit('192.0.2.10', 4000, 0)).toBe(false)
  })

  it('refuses a second source while the first is talking', () => {
    for (let now = 0; now < 10_000; now += 20) {
      expect(lock.admit('203.0.113.5', 61_234, now)).toBe(true)
      expect(lock.admit('198.51.100.66', 5004, now + 10)).toBe(false)
    }
    expect(lock.host).toBe('203.0.113.5')
  })

  it('a stranger who was first loses to the address that signalling named, and never gets it back', () => {
    lock.admit('198.51.100.66', 5004, 0)
    expect(lock.admit('192.0.2.10', 4000, 20)).toBe(true)
    expect(lock.admit('198.51.100.66', 5004, 40)).toBe(false)
    expect(lock.port).toBe(4000)
  })

  it('the named host on another port comes between the two', () => {
    lock.admit('198.51.100.66', 5004, 0)
    expect(lock.admit('192.0.2.10', 4777, 20)).toBe(true)
    expect(lock.admit('198.51.100.66', 5004, 40)).toBe(false)
    expect(lock.admit('192.0.2.10', 4000, 60)).toBe(true)
  })

  it('follows a peer that has moved once the old address has been silent for two seconds', () => {
    lock.admit('203.0.113.5', 61_234, 0)
    expect(lock.admit('203.0.113.5', 61_999, 1500)).toBe(false)
    expect(lock.admit('203.0.113.5', 61_999, 2100)).toBe(true)
    expect(lock.port).toBe(61_999)
  })

  it('the same address again (a re-INVITE) keeps the lock, a new one begins anew', () => {
    lock.admit('203.0.113.5', 61_234, 0)
    lock.expect('192.0.2.10', 4000)
    expect(lock.port).toBe(61_234)
    lock.expect('192.0.2.99', 6000)
    expect([lock.host, lock.port, lock.locked]).toEqual(['192.0.2.99', 6000, false])
    expect(lock.admit('192.0.2.99', 6000, 20)).toBe(true)
  })

  it.each(['0.0.0.0', 'media.example.com', '::'])(
    'has nowhere to send to at %s, but may be heard',
    (host) => {
      lock.expect(host, 4000)
      expect(lock.port).toBe(0)
      expect(lock.admit('203.0.113.5', 61_234, 0)).toBe(true)
      expect(lock.port).toBe(61_234)
    },
  )
})
