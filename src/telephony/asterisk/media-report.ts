import type { MediaReport } from '../../call/call.ts'

const CODECS: Readonly<Record<string, string>> = { ulaw: 'PCMU', alaw: 'PCMA', g722: 'G722' }

/**
 * What was measured of a leg's audio, from the fields of the dialplan's last word about it (`switchroom-ended` in
 * extensions.conf): `rtcp` is `CHANNEL(rtcp,all,audio)`, `name=value;...` with jitter in seconds; `codec` is
 * `(ulaw)`. Asterisk 22 tells the jitter of what it received as `txjitter`.
 * @returns undefined where no audio was measured
 */
export function mediaReportOf(rtcp: string, codec: string): MediaReport | undefined {
  const fields = new Map(
    rtcp.split(';').map((field) => {
      const [name = '', value = ''] = field.split('=', 2)
      return [name.trim(), Number(value)] as const
    }),
  )
  const field = (name: string): number | undefined => {
    const value = fields.get(name)
    return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined
  }
  const [packetsReceived, packetsSent] = [field('rxcount'), field('txcount')]
  if (packetsReceived === undefined || packetsSent === undefined) return undefined
  const name = codec.replace(/^\(|\)$/g, '').split('|', 1)[0] ?? ''
  return {
    packetsReceived,
    packetsSent,
    packetsLost: field('lp') ?? 0,
    jitterMs: (field('txjitter') ?? 0) * 1000,
    codec: CODECS[name] ?? name,
  }
}
