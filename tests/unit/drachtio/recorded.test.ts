/** What real servers said (`record.ts`), and what this backend takes it for. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type Srf from 'drachtio-srf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  digit,
  type EslHeaders,
  ended,
  load,
  mediaReport,
  offered,
  played,
  progress,
  recorded,
  refused,
} from '../../../src/telephony/drachtio/events.ts'
import { hasAudio, isHold } from '../../../src/telephony/drachtio/session-description.ts'
import { bodyOf, readFields, readRequest } from '../../../src/telephony/drachtio/sip-messages.ts'
import { FakeDrachtio } from './fake-drachtio.ts'

const read = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'recorded', `${name}.json`), 'utf8'))
const signalling = read('signalling') as { readonly server: string; readonly frames: readonly string[] }
const media = read('media') as {
  readonly server: string
  readonly events: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Frames that hold a message from the network with this first line. */
function fromNetwork(firstLine: RegExp): string[] {
  return signalling.frames.filter((text) => /^[^|]*\|sip\|network/.test(text) && firstLine.test(sipOf(text)))
}

function sipOf(text: string): string {
  return text.slice(text.indexOf('\r\n') + 2)
}

function event(name: string): EslHeaders {
  const headers = media.events[name]
  if (!headers) throw new Error(`no ${name} was recorded`)
  return (header) => headers[header]
}

describe(`requests as ${signalling.server} passes them on`, () => {
  const drachtio = new FakeDrachtio()
  const requests: Srf.SrfRequest[] = []
  beforeAll(async () => {
    drachtio.srf.use((request) => requests.push(request))
    await drachtio.open()
  })
  afterAll(() => drachtio.close())

  /** The frame as drachtio-srf hands it over. */
  async function handedOver(text: string): Promise<Srf.SrfRequest> {
    requests.length = 0
    drachtio.say(text)
    await expect.poll(() => requests.length).toBe(1)
    const [request] = requests
    if (!request) throw new Error('nothing was handed over')
    return request
  }

  test('an INVITE is an offered call', async () => {
    const [first = ''] = fromNetwork(/^INVITE/)
    const request = readRequest(await handedOver(first))
    if (!request) throw new Error('it is no request')
    expect(request).toMatchObject({
      method: 'INVITE',
      toTag: undefined,
      source: { host: '127.0.0.1', transport: 'udp' },
    })
    expect(hasAudio(request.body)).toBe(true)
    expect(offered('call-1', request, { device: undefined, over: undefined })).toMatchObject({
      type: 'call.offered',
      call: 'call-1',
      from: { uri: 'sip:+12025550101@callers.test', number: '+12025550101' },
      to: { number: '100' },
      headers: { 'content-type': 'application/sdp', cseq: '1 INVITE' },
    })
  })

  test('re-INVITEs hold us, and take us back', async () => {
    const [, hold = '', unhold = ''] = fromNetwork(/^INVITE/)
    expect(isHold(bodyOf(await handedOver(hold)))).toBe(true)
    expect(isHold(bodyOf(await handedOver(unhold)))).toBe(false)
    expect(readRequest(await handedOver(hold))?.toTag).toMatch(/./)
  })

  test('a REGISTER brings its Contact, and its credentials when it was challenged', async () => {
    const [first = '', second = ''] = fromNetwork(/^REGISTER/)
    expect(readRequest(await handedOver(first))?.fields['authorization']).toBeUndefined()
    const fields = readRequest(await handedOver(second))?.fields
    expect(fields?.['authorization']?.[0]).toMatch(/^Digest username="recorded-phone"/)
    expect(fields?.['contact']?.[0]).toMatch(/^<sip:recorded-phone@/)
  })

  test('a BYE of the far end is a normal end, one of drachtio-server itself is not', async () => {
    const [bye = ''] = fromNetwork(/^BYE/)
    const request = await handedOver(bye)
    expect(ended(request.source)).toEqual({ cause: 'normal', by: 'remote' })
    expect(ended('application')).toEqual({ cause: 'failed', by: 'network', status: 408 })
  })

  test('what lacks a Call-ID or a From is no request', async () => {
    const [first = ''] = fromNetwork(/^INVITE/)
    const raw = await handedOver(first)
    const without = (header: RegExp) => ({ ...raw, ...view(raw), raw: raw.raw.replace(header, 'X-Gone: ') })
    expect(readRequest(without(/^X-Not-There: /m) as unknown as Srf.SrfRequest)).toBeDefined()
    expect(readRequest(without(/^From: /m) as unknown as Srf.SrfRequest)).toBeUndefined()
    expect(readRequest(without(/^Call-ID: /m) as unknown as Srf.SrfRequest)).toBeUndefined()
  })
})

describe(`responses as ${signalling.server} passes them on`, () => {
  const statusOf = (text: string): number => Number(/^SIP\/2\.0 (\d{3})/.exec(sipOf(text))?.[1])

  test('180 is ringing; 100 and a 183 without SDP say nothing', () => {
    const [ringing = ''] = fromNetwork(/^SIP\/2\.0 180/)
    expect(progress(statusOf(ringing), '')).toBe('ringing')
    expect(progress(100, '')).toBeUndefined()
    expect(progress(183, '')).toBeUndefined()
    expect(progress(183, 'v=0')).toBe('early-media')
  })

  test('486 is busy, and 487 the end that we asked for', () => {
    const [busy = ''] = fromNetwork(/^SIP\/2\.0 486/)
    const [gone = ''] = fromNetwork(/^SIP\/2\.0 487/)
    expect(refused(statusOf(busy))).toEqual({ cause: 'busy', by: 'remote', status: 486 })
    expect(refused(statusOf(gone))).toMatchObject({ cause: 'cancelled' })
  })

  test('header fields keep their order and their long names', () => {
    const raw = 'INVITE sip:1@x SIP/2.0\r\nv: one\r\nVia: two\r\nSubject: a\r\n b\r\nbroken\r\n\r\nVia: body'
    expect(readFields(raw)).toEqual({ via: ['one', 'two'], subject: ['a b'] })
    expect(readFields(undefined)).toEqual({})
  })
})

describe(`events of ${media.server}`, () => {
  test('a key is told when it is let go, with how long it was held', () => {
    const told = digit('call-1', event('DTMF'))
    expect(told).toMatchObject({ type: 'call.digit', call: 'call-1', digit: '5', source: 'rtp' })
    expect(told?.durationMs).toBeGreaterThanOrEqual(80)
    expect(digit('call-1', () => undefined)).toBeUndefined()
    expect(digit('call-1', (name) => (name === 'DTMF-Digit' ? 'F' : '1'))).toBeUndefined()
  })

  test('a playback has been played, or its file was not there', () => {
    expect(played(event('CHANNEL_EXECUTE_COMPLETE playback'))).toBe('played')
    expect(played((name) => (name === 'Application-Response' ? 'FILE NOT FOUND' : undefined))).toBe('missing')
    expect(played((name) => (name === 'Application-Response' ? 'PLAYBACK ERROR' : undefined))).toBe('failed')
  })

  test('a recording is complete, with its length', () => {
    const told = recorded(event('RECORD_STOP'))
    expect(told?.file).toMatch(/said\.wav$/)
    expect(told?.durationMs).toBeGreaterThan(250)
    expect(told?.discarded).toBe(false)
    const cause = (text: string) =>
      recorded((name) => ({ 'Record-File-Path': '/x.wav', 'Record-Completion-Cause': text })[name])
    expect(cause('success-silence')?.reason).toBe('silence')
    expect(cause('no-input-timeout')?.reason).toBe('silence')
    expect(cause('empty-file')).toMatchObject({ discarded: true, durationMs: 0 })
    expect(recorded(() => undefined)).toBeUndefined()
  })

  test('a heartbeat says how full it is', () => {
    const told = load(event('HEARTBEAT'))
    expect(told?.maxSessions).toBe(2000)
    expect(told?.sessions).toBeGreaterThanOrEqual(0)
    expect(load(() => 'many')).toBeUndefined()
  })

  test('counters become a report, and what is none does not', () => {
    expect(mediaReport('250|248|0.004|2.25|PCMU')).toEqual({
      packetsReceived: 250,
      packetsSent: 248,
      packetsLost: 1,
      jitterMs: 1.5,
      codec: 'PCMU',
    })
    expect(mediaReport('||||')).toBeUndefined()
    expect(mediaReport('-ERR no such channel')).toBeUndefined()
    expect(mediaReport(undefined)).toBeUndefined()
  })
})

/** What drachtio-srf keeps behind accessors. */
function view({ method, uri, body }: Srf.SrfRequest) {
  return { method, uri, body }
}
