/** What ARI messages mean, read from messages that a real Asterisk sent (`recorded.json`). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type AriEvent, ariEvent } from '../../../src/telephony/asterisk/events.ts'

const { messages } = JSON.parse(readFileSync(join(import.meta.dirname, 'recorded.json'), 'utf8')) as {
  messages: Record<string, Record<string, unknown>>
}

const callId = expect.stringMatching(/^[\w-]{20,}$/)
const ours = (kind: string) => expect.stringMatching(new RegExp(`^switchroom-${kind}-[0-9a-f-]{36}$`))

const meanings: Readonly<Record<string, object>> = {
  'an inbound call': {
    type: 'entered',
    name: 'PJSIP/anonymous-00000000',
    sipCallId: callId,
    args: expect.arrayContaining(['offered', 'anonymous', '101']),
  },
  'a dialled channel enters': {
    type: 'entered',
    channel: ours('call'),
    sipCallId: callId,
    args: ['dialled'],
  },
  StasisEnd: { type: 'left' },
  'destroyed normal': { type: 'destroyed', cause: 16, status: undefined },
  'destroyed busy': { type: 'destroyed', cause: 17, status: 486 },
  'cancelled by the caller': { type: 'destroyed', cause: 127, status: 487 },
  hangup: { type: 'hangup', cause: undefined, status: undefined },
  'hangup busy': { type: 'hangup', cause: 17, status: 486 },
  media: {
    type: 'media',
    report: { codec: 'PCMU', packetsLost: 0, packetsReceived: expect.any(Number) },
  },
  'media without audio': { type: 'media', report: undefined },
  'dial begins': { type: 'nothing' },
  'dial ringing': { type: 'ringing', channel: ours('call'), sipCallId: callId },
  'dial answer': { type: 'answered', channel: ours('call') },
  'dial busy': { type: 'nothing' },
  digit: { type: 'digit', digit: expect.stringMatching(/^[0-9*#A-D]$/), durationMs: expect.any(Number) },
  held: { type: 'held' },
  unheld: { type: 'unheld' },
  PlaybackStarted: { type: 'playing', playback: ours('play') },
  played: { type: 'played', playback: ours('play'), failed: false },
  RecordingStarted: { type: 'recording', recording: ours('recording') },
  RecordingFinished: { type: 'recorded', recording: ours('recording'), failure: undefined },
  ChannelEnteredBridge: { type: 'joined', bridge: ours('bridge') },
  ChannelLeftBridge: { type: 'parted', bridge: ours('bridge') },
  'contact nonqualified': { type: 'contact', device: expect.stringContaining('phone'), state: 'reachable' },
  'contact reachable': { type: 'contact', state: 'reachable' },
  'contact unreachable': { type: 'contact', state: 'unreachable' },
  'contact removed': { type: 'contact', state: 'removed', uri: expect.stringMatching(/^sip:/) },
}

describe('messages of a real Asterisk', () => {
  it.each(Object.entries(messages))('%s', (name, message) => {
    expect(ariEvent(message)).toMatchObject(meanings[name] ?? { type: 'not written down' })
  })

  it('each has a meaning here, and none is left over', () => {
    expect(Object.keys(meanings).sort()).toEqual(Object.keys(messages).sort())
  })

  it('without one of their fields they are reported, or mean the same', () => {
    for (const [name, message] of Object.entries(messages)) {
      for (const field of Object.keys(message).filter((key) => key !== 'type')) {
        const { [field]: _, ...rest } = message
        const event = ariEvent(rest)
        if (event.type === 'unknown') expect(event.what).toContain(String(message['type']))
        else expect(['nothing', ariEvent(message).type], `${name} without ${field}`).toContain(event.type)
      }
    }
  })
})

describe('what is no message that we know', () => {
  it.each<[unknown, AriEvent]>([
    [undefined, { type: 'unknown', what: 'a message without a type' }],
    ['text', { type: 'unknown', what: 'a message without a type' }],
    [{ type: 7 }, { type: 'unknown', what: 'a message without a type' }],
    [{ type: 'NewInAsterisk30' }, { type: 'unknown', what: 'NewInAsterisk30' }],
    [{ type: 'constructor' }, { type: 'unknown', what: 'constructor' }],
    [{ type: 'StasisEnd' }, { type: 'unknown', what: 'StasisEnd without the fields that ARI documents' }],
    [
      { type: 'ChannelDtmfReceived', channel: { id: 'c' }, digit: '11' },
      { type: 'unknown', what: 'ChannelDtmfReceived without the fields that ARI documents' },
    ],
    [{ type: 'ApplicationReplaced' }, { type: 'replaced' }],
    [{ type: 'ChannelVarset' }, { type: 'nothing' }],
  ])('%j', (message, event) => {
    expect(ariEvent(message)).toEqual(event)
  })
})
