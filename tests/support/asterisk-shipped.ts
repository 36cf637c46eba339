/**
 * Asterisk 22 with the very configuration that ships in `docker/asterisk/`: only addresses, ports and the password
 * are put in, as `docker/asterisk/start.sh` or an administrator would.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Asterisk, startAsterisk } from './asterisk.ts'
import { freePort, freePortBlock } from './ports.ts'

const shipped = join(import.meta.dirname, '../../docker/asterisk')
/** Two for each leg: fifty talks. */
const RTP_PORTS = 200

export const ARI_PASSWORD = 'only for this test'

export interface ShippedAsterisk extends Asterisk {
  /** Where ARI is served. */
  readonly url: string
  /** What a backend needs to reach it. */
  readonly sip: { readonly host: string; readonly port: number }
}

/**
 * @param extra more files, or lines that are appended to the shipped ones, by name
 * @param rtpPorts how many ports for audio
 */
export async function startShippedAsterisk(
  extra: Readonly<Record<string, string>> = {},
  rtpPorts = RTP_PORTS,
): Promise<ShippedAsterisk> {
  const [httpPort, managerPort] = [await freePort(), await freePort()]
  const rtpPort = await freePortBlock(rtpPorts)
  const asterisk = await startAsterisk((_folder, sipPort) => {
    const files = Object.fromEntries(
      readdirSync(shipped)
        .filter((name) => name.endsWith('.conf'))
        .map((name) => [name, readFileSync(join(shipped, name), 'utf8')]),
    )
    const change = (name: string, from: RegExp, to: string): void => {
      const text = files[name]
      if (text === undefined || !from.test(text)) throw new Error(`${name} of docker/asterisk has no ${from}`)
      files[name] = text.replaceAll(new RegExp(from, 'gm'), to)
    }
    change('pjsip.conf', /bind=0\.0\.0\.0:5060/, `bind=127.0.0.1:${sipPort}`)
    change('http.conf', /bindport=8088/, `bindport=${httpPort}`)
    change('ari_user.conf', /password=.*/, `password=${ARI_PASSWORD}`)
    change('manager.conf', /port=5038/, `port=${managerPort}`)
    change('manager_user.conf', /secret=.*/, `secret=${ARI_PASSWORD}`)
    change('rtp.conf', /rtpstart=\d+/, `rtpstart=${rtpPort}`)
    change('rtp.conf', /rtpend=\d+/, `rtpend=${rtpPort + rtpPorts - 1}`)
    for (const [name, text] of Object.entries(extra)) files[name] = `${files[name] ?? ''}\n${text}\n`
    return { files }
  })
  return Object.assign(asterisk, {
    url: `http://127.0.0.1:${httpPort}`,
    sip: { host: '127.0.0.1', port: asterisk.sipPort },
  })
}
