import { expect, test } from 'vitest'
import type { MediaEndpoint, PlaybackWatch } from '../../../src/telephony/drachtio/media-endpoint.ts'
import { type Audible, Player } from '../../../src/telephony/drachtio/player.ts'

/** A channel of FreeSWITCH whose events come when the test says so. */
class Channel {
  readonly played: { readonly path: string; readonly watch: PlaybackWatch }[] = []
  breaks = 0
  gone = false

  play(path: string, watch: PlaybackWatch): void {
    this.played.push({ path, watch })
  }

  break(): void {
    this.breaks++
  }

  get last(): PlaybackWatch {
    const last = this.played.at(-1)
    if (!last) throw new Error('nothing has been played')
    return last.watch
  }
}

function set() {
  const channel = new Channel()
  const player = new Player()
  const attach = (other: Channel): void => player.attach(other as unknown as MediaEndpoint)
  attach(channel)
  const said: string[] = []
  const audible = (name: string, kind: Audible['kind'] = 'play'): Audible => ({
    kind,
    path: name,
    begun: () => said.push(`${name} begun`),
    ended: (reason) => said.push(`${name} ${reason}`),
    failed: (how) => said.push(`${name} ${how}`),
  })
  return { channel, player, attach, said, audible }
}

test('what is cut before FreeSWITCH has said that it started is broken off when it has', () => {
  const { channel, player, said, audible } = set()
  player.play(audible('welcome'))
  player.cut('stopped')
  expect(channel.breaks).toBe(0)
  channel.last.started()
  expect(channel.breaks).toBe(1)
  channel.last.ended('played')
  expect(said).toEqual(['welcome begun', 'welcome stopped'])
})

test('the next begins when FreeSWITCH has ended the one before', () => {
  const { channel, player, said, audible } = set()
  player.play(audible('one'))
  channel.last.started()
  player.play(audible('two'))
  expect(channel.played).toHaveLength(1)
  channel.last.ended('played')
  expect(channel.played.map(({ path }) => path)).toEqual(['one', 'two'])
  channel.last.started()
  channel.last.ended('played')
  expect(said).toEqual(['one begun', 'one stopped', 'two begun', 'two finished'])
})

test('what waits its turn and is replaced has stopped without being heard', () => {
  const { channel, player, said, audible } = set()
  player.play(audible('one'))
  player.play(audible('two'))
  player.play(audible('three'))
  channel.last.started()
  channel.last.ended('played')
  expect(said).toEqual(['two stopped', 'one begun', 'one stopped'])
  expect(channel.played.map(({ path }) => path)).toEqual(['one', 'three'])
})

test('an end without a start is an end: FreeSWITCH could not open the file', () => {
  const { channel, player, said, audible } = set()
  player.play(audible('absent'))
  channel.last.ended('missing')
  expect(said).toEqual(['absent missing'])
})

test('an end that is told twice counts once, and not for what plays by then', () => {
  const { channel, player, said, audible } = set()
  player.play(audible('one'))
  const one = channel.last
  one.started()
  one.ended('played')
  player.play(audible('two'))
  one.started()
  one.ended('played')
  expect(said).toEqual(['one begun', 'one finished'])
  channel.last.started()
  expect(said.at(-1)).toBe('two begun')
})

test('music goes round until it is cut', () => {
  const { channel, player, said, audible } = set()
  player.play(audible('music', 'music'))
  channel.last.started()
  channel.last.ended('played')
  channel.last.started()
  expect(channel.played).toHaveLength(2)
  player.cut('stopped')
  channel.last.ended('played')
  expect(channel.played).toHaveLength(2)
  expect(said).toEqual(['music begun', 'music stopped'])
})

test('on another media server what was heard begins again, and is told as one', () => {
  const { channel, player, attach, said, audible } = set()
  player.play(audible('long'))
  channel.last.started()
  channel.gone = true
  channel.last.ended('failed')
  const other = new Channel()
  attach(other)
  expect(other.played.map(({ path }) => path)).toEqual(['long'])
  other.last.started()
  other.last.ended('played')
  expect(said).toEqual(['long begun', 'long finished'])
})

test('whoever waits for quiet is told once it is quiet', async () => {
  const { channel, player, audible } = set()
  player.play(audible('one'))
  channel.last.started()
  let isIdle = false
  player.whenIdle(() => {
    isIdle = true
  })
  player.cut('stopped')
  expect(isIdle).toBe(false)
  channel.last.ended('played')
  expect(isIdle).toBe(true)
})
