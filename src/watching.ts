import { sql } from 'kysely'
import type { Readiness } from './api/api.ts'
import type { Metric } from './api/metrics.ts'
import type { Database } from './database/open-database.ts'
import { messageOf } from './errors.ts'
import type { Lines } from './runtime/lines.ts'

/** What `/readyz` says. Trunks that are down are told, and take no server out of service: its phones and other trunks work. */
export async function readiness(database: Database, lines: Lines): Promise<Readiness> {
  const named = (kind: string, parts: ReadonlyMap<string, string | undefined>): Record<string, string> =>
    Object.fromEntries([...parts].map(([name, fault]) => [`${kind} ${name}`, fault ?? 'ok']))
  const checks = { ...named('backend', lines.backends), ...named('trunk', lines.trunks) }
  try {
    await sql`select 1`.execute(database)
    return { ready: lines.serving, checks: { database: 'ok', ...checks } }
  } catch (error) {
    return { ready: false, checks: { database: messageOf(error), ...checks } }
  }
}

/** Which connections of the telephony and which trunks are up. */
export function lineMetrics({ backends, trunks }: Lines): Metric[] {
  const gauge = (of: string, help: string, parts: ReadonlyMap<string, string | undefined>): Metric => ({
    name: `switchroom_${of}_up`,
    type: 'gauge',
    help,
    samples: [...parts].map(([name, fault]) => ({
      labels: { [of]: name },
      value: fault === undefined ? 1 : 0,
    })),
  })
  return [
    gauge('backend', 'Whether each connection of the telephony stands.', backends),
    gauge('trunk', 'Whether calls can be made over each trunk.', trunks),
  ]
}
