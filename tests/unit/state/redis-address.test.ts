import { describe, expect, it } from 'vitest'
import { parseRedisUrl, placeOf } from '../../../src/state/redis/address.ts'

describe('the address of Redis', () => {
  it.each([
    ['redis://localhost', { kind: 'single', tls: false, hosts: [{ host: 'localhost', port: 6379 }], db: 0 }],
    [
      'rediss://ana:p%40ss@cache.example.com:7000/3',
      {
        kind: 'single',
        tls: true,
        username: 'ana',
        password: 'p@ss',
        hosts: [{ host: 'cache.example.com', port: 7000 }],
        db: 3,
      },
    ],
    [
      'redis://:secret@[::1]:6380',
      { kind: 'single', tls: false, password: 'secret', hosts: [{ host: '::1', port: 6380 }], db: 0 },
    ],
    [
      'redis+sentinel://:secret@s1,s2:26380/routing/2',
      {
        kind: 'sentinel',
        tls: false,
        password: 'secret',
        hosts: [
          { host: 's1', port: 26_379 },
          { host: 's2', port: 26_380 },
        ],
        master: 'routing',
        db: 2,
      },
    ],
    [
      'rediss+cluster://n1:7001,n2',
      {
        kind: 'cluster',
        tls: true,
        hosts: [
          { host: 'n1', port: 7001 },
          { host: 'n2', port: 6379 },
        ],
      },
    ],
  ])('%s is understood', (url, expected) => {
    expect(parseRedisUrl(url)).toEqual(expected)
  })

  it.each([
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis://host:99999',
    'redis://host/first',
    'redis://one,two',
    'redis+sentinel://s1,s2',
    'redis+sentinel://s1/routing/2/3',
    'redis+cluster://n1/2',
    'redis://:%E0%A4%A@host',
  ])('%s is refused', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(/expected redis:\/\//)
  })

  it('is shown without its password', () => {
    const text = (() => {
      try {
        parseRedisUrl('redis://ana:secret@host/x')
        return ''
      } catch (error) {
        return String(error)
      }
    })()
    expect(text).toContain('redis://...@host/x')
    expect(text).not.toContain('secret')
    expect(placeOf(parseRedisUrl('redis+sentinel://:secret@s1/routing'))).toBe(
      'Redis behind the Sentinels s1:26379',
    )
  })
})
