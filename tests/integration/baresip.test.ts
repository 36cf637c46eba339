/** baresip as the suites steer it, beside Asterisk: it registers, calls, is called, presses keys and is heard. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Asterisk, startAsterisk } from '../support/asterisk.ts'
import { startBaresip } from '../support/baresip.ts'
import { describeWith } from '../support/describe-with.ts'
import { type TempFolder, tempFolder } from '../support/temp-folder.ts'

const RATE = 8_000

describeWith(['baresip', 'asterisk'], 'baresip beside Asterisk', () => {
  let asterisk: Asterisk
  let folder: TempFolder
  let sound: string

  beforeAll(async () => {
    folder = await tempFolder('sound')
    sound = join(folder.path, 'tone.wav')
    await writeFile(sound, tone(500, 30))
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

    expect(await energyOf(await alice.heard())).toBeGreaterThan(0.05)
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

/** A sine as WAV: 8 kHz, mono, 16 bit. */
function tone(frequency: number, seconds: number): Buffer {
  const samples = RATE * seconds
  const wav = Buffer.alloc(44 + 2 * samples)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(36 + 2 * samples, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(RATE, 24)
  wav.writeUInt32LE(2 * RATE, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(2 * samples, 40)
  for (let i = 0; i < samples; i++) {
    wav.writeInt16LE(Math.round(16_000 * Math.sin((2 * Math.PI * frequency * i) / RATE)), 44 + 2 * i)
  }
  return wav
}

/** Root mean square of a recording, 0 to 1. */
async function energyOf(file: string | undefined): Promise<number> {
  if (file === undefined) return 0
  const wav = await readFile(file)
  const start = wav.indexOf('data') + 8
  let sum = 0
  for (let at = start; at + 1 < wav.length; at += 2) sum += (wav.readInt16LE(at) / 32_768) ** 2
  return Math.sqrt((2 * sum) / Math.max(1, wav.length - start))
}
