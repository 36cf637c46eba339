/** What tshark makes of a capture file, one object per SIP message. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { program } from './peers.ts'

const FIELDS = {
  at: 'frame.time_epoch',
  protocols: 'frame.protocols',
  source: 'ip.src',
  destination: 'ip.dst',
  udp: 'udp.port',
  tcp: 'tcp.port',
  request: 'sip.Request-Line',
  response: 'sip.Status-Line',
  callId: 'sip.Call-ID',
  cseq: 'sip.CSeq',
  malformed: '_ws.malformed',
  badIpSum: 'ip.checksum.status',
  badUdpSum: 'udp.checksum.status',
  badTcpSum: 'tcp.checksum.status',
} as const

export type Dissected = Readonly<Record<keyof typeof FIELDS, string>>

const CHECK_SUMS = ['ip.check_checksum', 'udp.check_checksum', 'tcp.check_checksum']

export async function dissect(file: string): Promise<Dissected[]> {
  const names = Object.keys(FIELDS) as (keyof typeof FIELDS)[]
  const { stdout } = await promisify(execFile)(program('tshark'), [
    '-r',
    file,
    '-T',
    'fields',
    '-E',
    'separator=/t',
    ...CHECK_SUMS.flatMap((name) => ['-o', `${name}:TRUE`]),
    ...names.flatMap((name) => ['-e', FIELDS[name]]),
  ])
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const values = line.split('\t')
      return Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])) as Dissected
    })
}
