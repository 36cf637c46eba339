/** The same call where Asterisk carries it: its messages come by HEP, which leg they are is told over ARI. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CallTrace } from '../../../src/api/contract/index.ts'
import { ARI_PASSWORD, type ShippedAsterisk, startShippedAsterisk } from '../../support/asterisk-shipped.ts'
import { CallCenter } from '../../support/call-center.ts'
import { describeWith } from '../../support/describe-with.ts'
import { freePort } from '../../support/ports.ts'
import { type QuickCenter, quickCenter } from '../../support/quick-center.ts'
import { busyThenAnswered, said } from './traced-call.ts'

const HEP_PASSWORD = 'for this test'

describeWith(['asterisk'], 'the trace of a call that Asterisk carries', () => {
  let asterisk: ShippedAsterisk
  let files: QuickCenter
  let center: CallCenter
  let trace: CallTrace
  beforeAll(async () => {
    const hepPort = await freePort()
    asterisk = await startShippedAsterisk({
      'hep.conf': `enabled=yes\ncapture_address=127.0.0.1:${hepPort}\ncapture_password=${HEP_PASSWORD}`,
    })
    files = await quickCenter()
    center = await CallCenter.open({
      center: files.path,
      set: {
        'telephony.backend': 'asterisk',
        'asterisk.servers': asterisk.url,
        'asterisk.mediaPort': 0,
        'sip.port': asterisk.sipPort,
        'trace.hepHost': '127.0.0.1',
        'trace.hepPort': hepPort,
      },
      env: {
        SWITCHROOM_ASTERISK_PASSWORD: ARI_PASSWORD,
        SWITCHROOM_TRACE_HEP_PASSWORD: HEP_PASSWORD,
      },
    })
    ;({ trace } = await busyThenAnswered(center))
  })
  afterAll(async () => {
    await center.close()
    await asterisk.stop()
    await files.remove()
  })

  it('has every message of the caller and of both agents', () => {
    expect(trace.legs.map(({ party }) => party)).toEqual([
      { kind: 'caller' },
      { kind: 'agent', name: 'alice' },
      { kind: 'agent', name: 'bob' },
    ])
    expect(said(trace, 0)).toEqual([
      '< INVITE INVITE',
      '> 200 OK INVITE',
      '< ACK ACK',
      '> BYE BYE',
      '< 200 OK BYE',
    ])
    expect(said(trace, 1)).toEqual(['> INVITE INVITE', '< 486 Busy Here INVITE', '> ACK ACK'])
    expect(said(trace, 2)).toEqual([
      '> INVITE INVITE',
      '< 200 OK INVITE',
      '> ACK ACK',
      '< BYE BYE',
      '> 200 OK BYE',
    ])
  })

  it('says between whom: Asterisk and the phones', () => {
    const { port } = asterisk.sip
    for (const { direction, source, destination } of trace.messages) {
      expect((direction === 'sent' ? source : destination).port).toBe(port)
      expect((direction === 'sent' ? destination : source).port).not.toBe(port)
    }
  })
})
