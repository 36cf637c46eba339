/** A softphone that knows nothing of us, at both ends: baresip as a caller with keys, and as an agent's phone. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readSamples, tone, toneShare, writeWav } from '../support/audio.ts'
import { type Baresip, startBaresip } from '../support/baresip.ts'
import { describeWith } from '../support/describe-with.ts'
import { type Server, startServer } from '../support/server.ts'
import { tempFolder } from '../support/temp-folder.ts'

const PASSWORD = 'fernhill'
/** A customer of the demo center, whose calls to billing go to Alice. */
const CALLER = '+12025550142'
const CALLER_HZ = 1_000
const AGENT_HZ = 600
/** How long the tones must have been heard to be measured; what is heard before them is the greeting and music. */
const TALK_SECONDS = 2

describeWith(['baresip'], 'baresip', () => {
  it('calls 100, presses a key, is connected to an agent at another baresip, and both are heard', async () => {
    await using folder = await tempFolder('sound')
    await using server = await startServer()
    const sound = (name: string, hz: number): Promise<string> =>
      writeWav(join(folder.path, name), tone(hz, 60_000))
    await using agent = await startBaresip({
      server: server.sip,
      user: 'alice',
      password: PASSWORD,
      sound: await sound('agent.wav', AGENT_HZ),
    })
    await using caller = await startBaresip({
      server: server.sip,
      user: CALLER,
      sound: await sound('caller.wav', CALLER_HZ),
    })
    const api = await signIn(server, 'alice')
    await api('POST', 'agents/me/available')

    await caller.dial('100')
    await caller.event('CALL_ESTABLISHED')
    await caller.hears(1)
    await caller.press('1')

    const ringing = await agent.event('CALL_INCOMING')
    expect(ringing.peeruri).toContain(CALLER)
    await agent.accept()
    await agent.event('CALL_ESTABLISHED')
    await agent.hears(TALK_SECONDS)
    await agent.hangUp()
    await caller.event('CALL_CLOSED')
    await agent.stop()
    await caller.stop()

    expect(await shareOf(agent, CALLER_HZ)).toBeGreaterThan(0.9)
    expect(await shareOf(caller, AGENT_HZ)).toBeGreaterThan(0.9)
  })
})

/** How much of the last second that a phone heard is this tone. */
async function shareOf(phone: Baresip, hz: number): Promise<number> {
  const file = await phone.heard()
  return file === undefined ? 0 : toneShare((await readSamples(file)).slice(-8_000), hz)
}

type Ask = (method: string, path: string, body?: object) => Promise<unknown>

async function signIn(to: Server, username: string): Promise<Ask> {
  let token = ''
  const ask: Ask = async (method, path, body) => {
    const response = await fetch(`${to.http}/v1/${path}`, {
      method,
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  const session = (await ask('POST', 'session', { username, password: PASSWORD })) as { token: string }
  token = session.token
  return ask
}
