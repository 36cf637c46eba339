/** The ways from a caller to a phone that are compared: plain ones, and through us over each backend. */
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startAsterisk } from '../support/asterisk.ts'
import type { BackendName } from '../support/backends.ts'
import { startServer } from '../support/server.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { SYSTEM_CPU } from './systems.ts'

/** Dialled by callers; puts them through to the phone. */
export const NUMBER = '103'

export interface Way extends AsyncDisposable {
  readonly name: string
  /** Where callers send their INVITE. */
  readonly sipPort: number
  /** Our process, if we are on this way. */
  readonly pid?: number
  /** Name of the plain way that this one is compared with. */
  readonly plain?: string
}

/** Four for each call: five hundred at once, which is 100 a second of five seconds each. */
const RTP_PORTS = 2_000

export const DIRECT = 'direct'
export const DIALPLAN = 'Asterisk, Dial'

/** The caller calls the phone itself. */
export function directWay(phonePort: number): Way {
  return { name: DIRECT, sipPort: phonePort, [Symbol.asyncDispose]: async () => undefined }
}

/** Asterisk alone: a dialplan that dials the phone. In its favour: only the modules that it needs, no records. */
export async function dialplanWay(phonePort: number): Promise<Way> {
  const endpoint = (name: string): string[] => [
    `[${name}]`,
    'type=endpoint',
    'context=bench',
    'disallow=all',
    'allow=ulaw',
    'media_address=127.0.0.1',
    'direct_media=no',
  ]
  const phone = ['aors=phone', '[phone]', 'type=aor', `contact=sip:phone@127.0.0.1:${phonePort}`]
  const asterisk = await startAsterisk(() => ({
    rtpPorts: RTP_PORTS,
    pjsip: [...endpoint('anonymous'), ...endpoint('phone'), ...phone].join('\n'),
    extensions: ['[bench]', `exten => ${NUMBER},1,Dial(PJSIP/phone)`, ''].join('\n'),
  }))
  return {
    name: DIALPLAN,
    sipPort: asterisk.sipPort,
    [Symbol.asyncDispose]: () => asterisk[Symbol.asyncDispose](),
  }
}

/**
 * Through our flow over a backend: Asterisk with the configuration that ships, drachtio as the tests find it.
 * @param plain name of the way that it is compared with
 */
export async function ourWay(backend: BackendName, plain: string, phonePort: number): Promise<Way> {
  const center = await centerThatDials(phonePort)
  const server = await startServer({
    backend,
    center: center.path,
    launcher: SYSTEM_CPU,
    rtpPorts: RTP_PORTS,
    set: { 'sip.allowedUris': `127.0.0.1:${phonePort}` },
  })
  return {
    name: backend,
    plain,
    sipPort: server.sipPort,
    pid: server.pid,
    [Symbol.asyncDispose]: async () => {
      await server.stop()
      await center.remove()
    },
  }
}

/** The center of the benchmarks with one more number and its flow. */
async function centerThatDials(phonePort: number): Promise<Awaited<ReturnType<typeof tempFolder>>> {
  const folder = await tempFolder('bench-center')
  await cp(join(import.meta.dirname, 'center'), folder.path, { recursive: true })
  await mkdir(join(folder.path, 'ivr-flows'), { recursive: true })
  const flow = {
    flow: 'dial',
    start: 'phone',
    languages: ['en'],
    nodes: {
      phone: { type: 'transfer', to: `sip:phone@127.0.0.1:${phonePort}`, ringTime: '10s', failed: 'bye' },
      bye: { type: 'hangup' },
    },
  }
  await writeFile(join(folder.path, 'ivr-flows/dial.flow.yaml'), JSON.stringify(flow))
  await writeFile(
    join(folder.path, 'config/numbers.yaml'),
    JSON.stringify({ numbers: { [NUMBER]: { name: 'Puts through', flow: 'dial' } } }),
  )
  return folder
}
