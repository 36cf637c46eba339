import { pino } from 'pino'
import { expect, test } from 'vitest'
import { Calibration } from '../../src/acd/estimate-calibration.ts'
import { prometheusText } from '../../src/api/metrics.ts'
import { Lines } from '../../src/runtime/lines.ts'
import { lineMetrics, waitMetrics, watchReadiness } from '../../src/watching.ts'
import { openTestDatabase } from '../support/database.ts'

test('readiness names each part; a lost database is logged with its reason, once', async () => {
  const log: string[] = []
  const logger = pino({ level: 'error' }, { write: (line) => void log.push(line) })
  const lines = new Lines(pino({ level: 'silent' }))
  lines.receive({ type: 'backend.ready', backend: 'asterisk 10.0.0.7:8088', serving: true })
  lines.receive({ type: 'trunk.down', trunk: 'main', reason: 'unregistered', detail: '403' })
  const routing: { serves: boolean; fault: string | undefined } = { serves: true, fault: 'degraded' }
  const opened = await openTestDatabase()
  const readiness = watchReadiness(opened.database, lines, () => routing, logger)
  expect(await readiness()).toEqual({
    ready: true,
    checks: [
      { name: 'database', publicName: 'database', fault: undefined },
      { name: 'routing', publicName: 'routing', fault: 'degraded' },
      { name: 'backend asterisk 10.0.0.7:8088', publicName: 'backend asterisk', fault: undefined },
      { name: 'trunk main', publicName: 'trunk main', fault: 'unregistered: 403' },
    ],
  })
  routing.serves = false
  expect((await readiness()).ready).toBe(false)
  await opened[Symbol.asyncDispose]()
  for (let times = 0; times < 2; times++) {
    const { ready, checks } = await readiness()
    expect(ready).toBe(false)
    expect(checks[0]?.fault).toEqual(expect.any(String))
  }
  expect(log).toHaveLength(1)
  expect(log[0]).toContain('database does not answer')
})

test('metrics, which anybody may read, name connections by their place in the settings and not by address', () => {
  const lines = new Lines(pino({ level: 'silent' }))
  const servers = ['10.0.0.8:8088', '10.0.0.7:8088']
  const detail = 'http://10.0.0.7:8088 does not answer'
  lines.receive({ type: 'backend.lost', backend: 'asterisk 10.0.0.7:8088', serving: true, detail })
  lines.receive({ type: 'backend.ready', backend: 'asterisk 10.0.0.8:8088', serving: true })
  lines.receive({ type: 'backend.ready', backend: 'media worker', serving: true })
  const text = prometheusText(lineMetrics(lines, servers))
  expect(text).toContain('switchroom_backend_up{backend="asterisk 1"} 1')
  expect(text).toContain('switchroom_backend_up{backend="asterisk 2"} 0')
  expect(text).toContain('switchroom_backend_up{backend="media worker"} 1')
  expect(text).not.toContain('10.0.0')
})

test('the waits that callers were told are published with what became of them, the shorter among the longer', () => {
  const calibration = new Calibration()
  const told = { predicted: 0.9, answered: true }
  calibration.record({ ...told, upToMs: 60_000, waitedMs: 30_000 })
  calibration.record({ ...told, upToMs: 240_000, waitedMs: 300_000 })
  const text = prometheusText(waitMetrics(calibration))
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    'switchroom_announced_waits_total{up_to="60"} 1',
    'switchroom_announced_waits_total{up_to="240"} 2',
    'switchroom_announced_waits_kept_ratio{up_to="60"} 1',
    'switchroom_announced_waits_kept_ratio{up_to="240"} 0.5',
    'switchroom_announced_waits_expected_ratio{up_to="60"} 0.9',
    'switchroom_announced_waits_expected_ratio{up_to="240"} 0.9',
  ])
})
