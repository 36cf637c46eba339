/** Many at once on Asterisk: everybody is served in turn, and nothing is left behind. */
import { expect, it } from 'vitest'
import { CallCenter } from '../../support/call-center.ts'
import { describeWith } from '../../support/describe-with.ts'
import { quickCenter } from '../../support/quick-center.ts'
import { until } from '../../support/until.ts'

const CALLERS = 40
const AGENTS = 5
const PATIENCE_MS = 30_000

describeWith(['asterisk'], 'forty callers at once on asterisk', () => {
  it('leave nothing behind, and no agent reserved', { timeout: 120_000 }, async () => {
    await using files = await quickCenter()
    await using center = await CallCenter.open({ backend: 'asterisk', center: files.path })
    const agents = await Promise.all(
      Array.from({ length: AGENTS }, () => center.newAgent({ billing: 5, en: 5 })),
    )
    for (const agent of agents) {
      agent.phone.listen((ringing) => void ringing.answer().catch(() => undefined))
      await agent.available()
    }
    const callers = Array.from({ length: CALLERS }, (_, at) => center.caller(`+1202555${1000 + at}`))
    const calls = (await Promise.all(callers)).map((caller) => caller.call('100'))
    for (const call of calls) {
      await call.answered
      await call.press('1')
    }
    await Promise.all(agents.map(({ events }) => events.next('contact.connected')))
    await Promise.all(calls.map((call) => call.hangUp()))
    await until('the last contact to end', async () => (await center.contacts()).length === 0, PATIENCE_MS)
    const metrics = await (await fetch(`${center.server.http}/metrics`)).text()
    const alive = [...metrics.matchAll(/switchroom_alive\{of="(\w+)"\} (\d+)/g)].map(([, of, n]) => [of, n])
    expect(Object.fromEntries(alive)).toEqual({
      legs: '0',
      contacts: '0',
      offers: '0',
      wrapUps: '0',
      calls: '0',
      registrations: String(AGENTS),
    })
    for (const agent of agents)
      expect(await agent.state()).toMatchObject({ presence: 'available', slot: 'free', device: 'ok' })
  })
})
