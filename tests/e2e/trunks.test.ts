/**
 * Asterisk as a trunk on both sides of the embedded backend: calls that come from one and go on to the other, in both
 * directions, with registration, digest, audio measured at both ends, and digits by RFC 4733.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Asterisk, type AsteriskOptions, startAsterisk } from '../support/asterisk.ts'
import { asteriskRoot } from '../support/asterisk-root.ts'
import { longestSound, milliseconds, readSamples, toneShare } from '../support/audio.ts'
import { describeWith } from '../support/describe-with.ts'
import { type QuickCenter, quickCenter } from '../support/quick-center.ts'
import { type Server, startServer } from '../support/server.ts'
import { until } from '../support/until.ts'

const PASSWORD = 'between us'
const CALLER_HZ = 440
const CALLEE_HZ = 700

/** One end: an account for us to register with, a caller who can be originated, and a callee who answers any number. */
function pbx(callerId: string): (folder: string) => AsteriskOptions {
  return (folder) => ({
    modules: [
      'app_mixmonitor',
      'app_senddtmf',
      'func_global',
      'func_strings',
      'res_clioriginate',
      'res_pjsip_header_funcs',
    ],
    rtpPorts: 20,
    pjsip: `
[global]
type=global
endpoint_identifier_order=username,auth_username

[switchroom]
type=endpoint
transport=udp
context=callee
disallow=all
allow=ulaw,alaw
auth=switchroom
aors=switchroom
identify_by=username,auth_username
send_pai=yes
direct_media=no
dtmf_mode=rfc4733
media_address=127.0.0.1

[switchroom]
type=auth
auth_type=userpass
username=switchroom
password=${PASSWORD}

[switchroom]
type=aor
max_contacts=1
remove_existing=yes
`,
    extensions: `
[dial]
exten => _+X.,1,Set(CALLERID(all)=Caller <${callerId}>)
 same => n,Dial(PJSIP/\${EXTEN}@switchroom)

[caller]
exten => s,1,Answer()
 same => n,MixMonitor(${folder}/both.wav,r(${folder}/caller.wav))
 same => n,Wait(1)
 same => n,Playtones(${CALLER_HZ})
 same => n,Wait(3)
 same => n,StopPlaytones()
 same => n,Wait(1)
 same => n,SendDTMF(159#)
 same => n,Read(KEYS,,3,,1,10)
 same => n,Set(GLOBAL(caller_keys)=\${KEYS})
 same => n,Hangup()

[callee]
exten => _+X.,1,Answer()
 same => n,Set(GLOBAL(callee_number)=\${EXTEN})
 same => n,Set(GLOBAL(callee_from)=\${PJSIP_HEADER(read,From)})
 same => n,MixMonitor(${folder}/both.wav,r(${folder}/callee.wav))
 same => n,Playtones(${CALLEE_HZ})
 same => n,Wait(3)
 same => n,StopPlaytones()
 same => n,Read(KEYS,,4,,1,10)
 same => n,Set(GLOBAL(callee_keys)=\${KEYS})
 same => n,Wait(1)
 same => n,SendDTMF(753)
 same => n,Wait(10)
`,
  })
}

describeWith(['asterisk'], 'Asterisk as a trunk on both sides', () => {
  let west: Asterisk
  let east: Asterisk
  let files: QuickCenter
  let server: Server

  beforeAll(async () => {
    west = await startAsterisk(pbx('+15550190'))
    east = await startAsterisk(pbx('+15550290'))
    files = await quickCenter({
      'config/numbers.yaml': [
        [
          'numbers:\n',
          `numbers:
  "_+155501XX": { name: From the west, flow: through, variables: { to: "+15550201" } }
  "_+155502XX": { name: From the east, flow: through, variables: { to: "+15550101" } }
`,
        ],
      ],
    })
    const trunk = (name: string, { sipPort }: Asterisk): string => `
  ${name}:
    name: ${name}
    hosts: ["127.0.0.1:${sipPort}"]
    register: true
    username: switchroom
    password: { env: TRUNK_PASSWORD }
    trusted: true
    health: { every: 1s, failures: 1 }`
    await writeFile(
      join(files.path, 'config/trunks.yaml'),
      `trunks:${trunk('west', west)}${trunk('east', east)}
routes:
  "_+155501XX": { name: West, trunks: [west] }
  "_+155502XX": { name: East, trunks: [east] }
`,
    )
    await writeFile(
      join(files.path, 'ivr-flows/through.flow.yaml'),
      `flow: through
start: out
languages: [en]
variables:
  to: { type: string, description: Where the call goes on to. }
nodes:
  out: { type: transfer, to: "\${to}", ringTime: 20s, failed: sorry }
  sorry: { type: hangup }
`,
    )
    server = await startServer({ center: files.path, env: { TRUNK_PASSWORD: PASSWORD } })
    await until(
      'both trunks are up',
      async () => (await checks())['trunk west'] === 'ok' && (await checks())['trunk east'] === 'ok',
    )
  }, 120_000)
  afterAll(async () => {
    await server.stop()
    await Promise.all([west.stop(), east.stop()])
    await files.remove()
  })

  const checks = async (): Promise<Record<string, string>> => {
    const response = await fetch(`${server.http}/readyz`)
    const { checks: found } = (await response.json()) as { checks: Record<string, string> }
    return found
  }

  async function globalOf(asterisk: Asterisk, name: string): Promise<string> {
    const all = await asterisk.cli('dialplan show globals')
    return new RegExp(`${name}=(.*)`).exec(all)?.[1]?.trim() ?? ''
  }

  async function heard(asterisk: Asterisk, who: 'caller' | 'callee'): Promise<Int16Array> {
    return longestSound(await readSamples(join(asteriskRoot, asterisk.folder, `${who}.wav`)))
  }

  it.each([
    ['west', 'east', '+15550177', '+15550201', '+15550190'],
    ['east', 'west', '+15550277', '+15550101', '+15550290'],
  ] as const)(
    'a call from %s goes on to %s, and they talk and press keys',
    async (from, to, dialled, reached, caller) => {
      const [near, far] = from === 'west' ? [west, east] : [east, west]
      await near.cli(`channel originate Local/${dialled}@dial/n extension s@caller`)
      await until('the call is over', async () => (await globalOf(near, 'caller_keys')) !== '', 40_000)
      await until('nobody is left', async () =>
        /^0 active channels/m.test(await far.cli('core show channels')),
      )
      expect(await globalOf(far, 'callee_number'), `the number in the ${to}`).toBe(reached)
      expect(await globalOf(far, 'callee_from')).toContain(`"Caller" <sip:${caller}@`)
      expect(await globalOf(far, 'callee_keys')).toBe('159')
      expect(await globalOf(near, 'caller_keys')).toBe('753')
      for (const [end, who, hz] of [
        [near, 'caller', CALLEE_HZ],
        [far, 'callee', CALLER_HZ],
      ] as const) {
        const sound = await heard(end, who)
        expect(milliseconds(sound), `${who} hears the other`).toBeGreaterThan(2_500)
        expect(milliseconds(sound)).toBeLessThan(3_500)
        expect(toneShare(sound, hz), `${who} hears ${hz} Hz`).toBeGreaterThan(0.9)
      }
    },
    90_000,
  )

  it('a trunk whose Asterisk is killed is down, and up again with it', async () => {
    await east.kill()
    await until('the trunk is down', async () => (await checks())['trunk east'] === 'down', 20_000)
    expect(await checks()).toMatchObject({ 'trunk west': 'ok' })
    await east.restart()
    await until('the trunk is up again', async () => (await checks())['trunk east'] === 'ok', 60_000)
  }, 120_000)
})
