/**
 * What Asterisk reports, as far as it concerns us: a pure function from the raw ARI message to one event, everything
 * checked. Longer than most files because it is a table of every message we know.
 */
import type { MediaReport } from '../../call/call.ts'
import { mediaReportOf } from './media-report.ts'

/** One message of ARI, understood. Channels, playbacks, recordings and bridges are named by their ids. */
export type AriEvent =
  | {
      readonly type: 'entered'
      readonly channel: string
      /** For example `PJSIP/alice-00000007`. */
      readonly name: string
      /** Call-ID of its SIP dialog; '' where it has none. */
      readonly sipCallId: string
      readonly args: readonly string[]
    }
  /** The channel is no longer ours: hung up, or sent back to the dialplan. */
  | { readonly type: 'left'; readonly channel: string }
  /** The last message about a channel. */
  | {
      readonly type: 'destroyed'
      readonly channel: string
      /** ITU-T Q.850. */
      readonly cause: number
      /** Final SIP response. */
      readonly status: number | undefined
      readonly sipCallId: string
    }
  | {
      readonly type: 'hangup'
      readonly channel: string
      readonly cause: number | undefined
      readonly status: number | undefined
    }
  | { readonly type: 'media'; readonly channel: string; readonly report: MediaReport | undefined }
  | { readonly type: 'ringing' | 'early-media'; readonly channel: string; readonly sipCallId: string }
  /** A channel of ours was answered; it enters our application next, unless it is hung up at once. */
  | { readonly type: 'answered'; readonly channel: string }
  | {
      readonly type: 'digit'
      readonly channel: string
      readonly digit: string
      readonly durationMs: number
    }
  | { readonly type: 'held' | 'unheld'; readonly channel: string }
  | { readonly type: 'playing'; readonly playback: string }
  | { readonly type: 'played'; readonly playback: string; readonly failed: boolean }
  | { readonly type: 'recording'; readonly recording: string }
  | {
      readonly type: 'recorded'
      readonly recording: string
      /** Why it failed; undefined when it did not. */
      readonly failure: string | undefined
    }
  | { readonly type: 'joined' | 'parted'; readonly channel: string; readonly bridge: string }
  | { readonly type: 'contact'; readonly device: string; readonly uri: string; readonly state: ContactState }
  /** Another program took the application over. */
  | { readonly type: 'replaced' }
  /** We know it and need not act on it. */
  | { readonly type: 'nothing' }
  /** We do not know it, or it is not what ARI documents. */
  | { readonly type: 'unknown'; readonly what: string }

/** `removed`: it unregistered or its registration ran out. `unreachable`: it does not answer OPTIONS. */
export type ContactState = 'reachable' | 'unreachable' | 'removed'

const KEY = /^[0-9*#A-D]$/

/** Messages that say what we know already, or nothing that concerns us: Asterisk is asked not to send them. */
export const NOTHING: ReadonlySet<string> = new Set([
  'ApplicationRegistered',
  'ApplicationUnregistered',
  'BridgeCreated',
  'BridgeDestroyed',
  'BridgeMerged',
  'BridgeVideoSourceChanged',
  'ChannelCallerId',
  'ChannelConnectedLine',
  'ChannelCreated',
  'ChannelDialplan',
  'ChannelStateChange',
  'ChannelVarset',
  'DeviceStateChanged',
  'EndpointStateChange',
  'PeerStatusChange',
  'PlaybackContinuing',
])

/** What one raw message means; never throws. */
export function ariEvent(raw: unknown): AriEvent {
  const type = text(raw, 'type')
  const read = type !== undefined && Object.hasOwn(READERS, type) ? READERS[type] : undefined
  if (read) return read(raw) ?? { type: 'unknown', what: `${type} without the fields that ARI documents` }
  if (type !== undefined && NOTHING.has(type)) return { type: 'nothing' }
  return { type: 'unknown', what: type ?? 'a message without a type' }
}

type Reader = (message: unknown) => AriEvent | undefined

const READERS: Readonly<Record<string, Reader>> = {
  StasisStart: (message) => {
    const channel = text(message, 'channel', 'id')
    const name = text(message, 'channel', 'name')
    const args = at(message, 'args')
    if (channel === undefined || name === undefined || !isTexts(args)) return undefined
    return { type: 'entered', channel, name, args, sipCallId: text(message, 'channel', 'protocol_id') ?? '' }
  },
  StasisEnd: ofChannel((channel) => ({ type: 'left', channel })),
  ChannelDestroyed: ofChannel((channel, message) => ({
    type: 'destroyed',
    channel,
    cause: number(message, 'cause') ?? 0,
    status: number(message, 'tech_cause'),
    sipCallId: text(message, 'channel', 'protocol_id') ?? '',
  })),
  ChannelHangupRequest: ofChannel((channel, message) => ({
    type: 'hangup',
    channel,
    cause: number(message, 'cause'),
    status: number(message, 'tech_cause'),
  })),
  ChannelUserevent: ofChannel((channel, message) => {
    if (text(message, 'eventname') !== 'SwitchroomMedia') return { type: 'nothing' }
    const rtcp = decoded(text(message, 'userevent', 'rtcp') ?? '')
    return { type: 'media', channel, report: mediaReportOf(rtcp, text(message, 'userevent', 'codec') ?? '') }
  }),
  Dial: (message) => {
    const channel = text(message, 'peer', 'id')
    const status = text(message, 'dialstatus')
    if (channel === undefined || status === undefined) return undefined
    const sipCallId = text(message, 'peer', 'protocol_id') ?? ''
    if (status === 'RINGING') return { type: 'ringing', channel, sipCallId }
    if (status === 'ANSWER') return { type: 'answered', channel }
    if (status === 'PROGRESS') return { type: 'early-media', channel, sipCallId }
    return { type: 'nothing' }
  },
  ChannelDtmfReceived: ofChannel((channel, message) => {
    const digit = text(message, 'digit')?.toUpperCase()
    if (digit === undefined || !KEY.test(digit)) return undefined
    return { type: 'digit', channel, digit, durationMs: number(message, 'duration_ms') ?? 0 }
  }),
  ChannelHold: ofChannel((channel) => ({ type: 'held', channel })),
  ChannelUnhold: ofChannel((channel) => ({ type: 'unheld', channel })),
  PlaybackStarted: (message) => {
    const playback = text(message, 'playback', 'id')
    return playback === undefined ? undefined : { type: 'playing', playback }
  },
  PlaybackFinished: (message) => {
    const playback = text(message, 'playback', 'id')
    if (playback === undefined) return undefined
    return { type: 'played', playback, failed: text(message, 'playback', 'state') === 'failed' }
  },
  RecordingStarted: (message) => {
    const recording = text(message, 'recording', 'name')
    return recording === undefined ? undefined : { type: 'recording', recording }
  },
  RecordingFinished: (message) => {
    const recording = text(message, 'recording', 'name')
    return recording === undefined ? undefined : { type: 'recorded', recording, failure: undefined }
  },
  RecordingFailed: (message) => {
    const recording = text(message, 'recording', 'name')
    if (recording === undefined) return undefined
    return { type: 'recorded', recording, failure: text(message, 'recording', 'cause') ?? 'no reason given' }
  },
  ChannelEnteredBridge: inBridge('joined'),
  ChannelLeftBridge: inBridge('parted'),
  ContactStatusChange: (message) => {
    const device = text(message, 'contact_info', 'aor')
    const uri = text(message, 'contact_info', 'uri')
    const status = text(message, 'contact_info', 'contact_status') ?? ''
    const state = Object.hasOwn(CONTACT_STATES, status) ? CONTACT_STATES[status] : undefined
    return device === undefined || uri === undefined || !state
      ? undefined
      : { type: 'contact', device, uri, state }
  },
  ApplicationReplaced: () => ({ type: 'replaced' }),
}

/** `NonQualified`: it registered and is not asked by OPTIONS. */
const CONTACT_STATES: Readonly<Record<string, ContactState>> = {
  Created: 'reachable',
  Updated: 'reachable',
  Unqualified: 'reachable',
  NonQualified: 'reachable',
  Unknown: 'reachable',
  Reachable: 'reachable',
  Unreachable: 'unreachable',
  Removed: 'removed',
}

function ofChannel(make: (channel: string, message: unknown) => AriEvent | undefined): Reader {
  return (message) => {
    const channel = text(message, 'channel', 'id')
    return channel === undefined ? undefined : make(channel, message)
  }
}

function inBridge(type: 'joined' | 'parted'): Reader {
  return ofChannel((channel, message) => {
    const bridge = text(message, 'bridge', 'id')
    return bridge === undefined ? undefined : { type, channel, bridge }
  })
}

function at(message: unknown, ...path: readonly string[]): unknown {
  let value = message
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}

function text(message: unknown, ...path: readonly string[]): string | undefined {
  const value = at(message, ...path)
  return typeof value === 'string' ? value : undefined
}

function number(message: unknown, ...path: readonly string[]): number | undefined {
  const value = at(message, ...path)
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
