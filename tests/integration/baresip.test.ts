/** baresip as the suites steer it, beside Asterisk: it registers, calls, is called, presses keys and is heard. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Asterisk, startAsterisk } from '../support/asterisk.ts'
import { readSamples, tone, toneShare, writeWav } from '../support/audio.ts'
import { startBaresip } from '../support/baresip.ts'
import { describeWith } from '../support/describe-with.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

describeWith(['baresip', 'asterisk'], 'baresip beside Asterisk', () => {
  let asterisk: Asterisk
  let folder: TempFolder
  let sound: string

  beforeAll(async () => {
    folder = await tempFolder('sound')
    sound = await writeWav(join(folder.path, 'tone.wav'), tone(500, 30_000))
    asterisk = await startAsterisk(() => ({ pjsip: PJSIP, extensions: DIALPLAN, modules: ['func_db'] }))
  })

  afterAll(async () => {
    await asterisk.stop()
    await folder.remove()
  })

  it('registers, is called, answers, and hears the caller', async () => {
    const server = `127.0.0.1:${asterisk.sipPort}`
    await using alice = await startBaresip({ server, user: 'alice', password: 'secret', sound })
    await using caller = await startBaresip({ server, user: 'caller', sound })

    await caller.dial('alice')
    await alice.event('CALL_INCOMING')
    await alice.accept()
    await caller.event('CALL_ESTABLISHED')
    await alice.hears()
    await alice.hangUp()
    await caller.event('CALL_CLOSED')
    await alice.stop()

    const heard = await alice.heard()
    expect(heard && toneShare(await readSamples(heard), 500)).toBeGreaterThan(0.9)
  })

  it('presses keys', async () => {
    await using caller = await startBaresip({
      server: `127.0.0.1:${asterisk.sipPort}`,
      user: 'caller',
      sound,
    })
    await caller.dial('digits')
    await caller.event('CALL_ESTABLISHED')
    await caller.press('1')
    await caller.press('5')
    await caller.press('5')
    await caller.event('CALL_CLOSED')
    expect(await asterisk.cli('database get test digits')).toContain('Value: 155')
  })
})

const PJSIP = `
[anonymous]
type=endpoint
context=in
disallow=all
allow=ulaw
media_address=127.0.0.1
direct_media=no
[alice]
type=endpoint
context=in
disallow=all
allow=ulaw
media_address=127.0.0.1
direct_media=no
auth=alice
aors=alice
[alice]
type=auth
username=alice
password=secret
[alice]
type=aor
max_contacts=1
`

const DIALPLAN = `
[in]
exten => alice,1,Dial(PJSIP/alice)
exten => digits,1,Answer()
 same => n,Read(digits,,3,,1,5)
 same => n,Set(DB(test/digits)=\${digits})
 same => n,Hangup()
`
