/** The systems that are measured, each on the same CPU, configured to do the same. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codesOf, readTelephoneWav } from '../../src/audio/wav.ts'
import { startAsterisk } from '../support/asterisk.ts'
import { startServer } from '../support/server.ts'

/** One CPU for the system under test, the other for what drives it. */
export const SYSTEM_CPU = ['taskset', '-c', '0']
export const DRIVER_CPU = ['taskset', '-c', '1']

/** Enough for 400 calls a second of two seconds each, and for ports that rest after their call. */
const RTP_PORTS = 6_000
const center = join(import.meta.dirname, 'center')

export type SystemName = 'switchroom' | 'asterisk'

export interface System extends AsyncDisposable {
  readonly name: SystemName
  readonly version: string
  readonly sipPort: number
  readonly pid: number
}

/** Number that is dialled -> what happens: 100 answers and hangs up; 101 answers, plays two seconds, hangs up. */
export async function startSystem(name: SystemName): Promise<System> {
  return name === 'switchroom' ? startOurs() : startTheirs()
}

/** As delivered: with its log, its database and a row for every call. */
async function startOurs(): Promise<System> {
  const server = await startServer({
    center,
    launcher: SYSTEM_CPU,
    rtpPorts: RTP_PORTS,
    set: { 'limits.calls': RTP_PORTS / 2 },
  })
  return {
    name: 'switchroom',
    version: `Node ${process.versions.node}`,
    sipPort: server.sipPort,
    pid: server.pid,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/**
 * In its favour: only the modules that it needs, neither call records nor events, no registration, the prompt in
 * the codec of the call, so that nothing is transcoded.
 */
async function startTheirs(): Promise<System> {
  const wav = await readFile(join(center, 'media/prompts/en/two-seconds.wav'))
  const asterisk = await startAsterisk((folder) => ({
    launcher: SYSTEM_CPU,
    rtpPorts: RTP_PORTS,
    pjsip: [
      '[anonymous]',
      'type=endpoint',
      'context=bench',
      'disallow=all',
      'allow=ulaw',
      'media_address=127.0.0.1',
      'direct_media=no',
    ].join('\n'),
    extensions: [
      '[bench]',
      'exten => 100,1,Answer()',
      ' same => n,Hangup()',
      'exten => 101,1,Answer()',
      ` same => n,Playback(${folder}/two-seconds)`,
      ' same => n,Hangup()',
      '',
    ].join('\n'),
    files: { 'two-seconds.ulaw': codesOf(readTelephoneWav(wav, 'two-seconds.wav'), 'PCMU') },
  }))
  return {
    name: 'asterisk',
    version: /\d+(\.\d+)+/.exec(await asterisk.cli('core show version'))?.[0] ?? 'unknown',
    sipPort: asterisk.sipPort,
    pid: asterisk.pid,
    [Symbol.asyncDispose]: () => asterisk[Symbol.asyncDispose](),
  }
}
