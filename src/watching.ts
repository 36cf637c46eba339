import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Calibration } from './acd/estimate-calibration.ts'
import type { Check, Readiness } from './api/api.ts'
import type { Metric } from './api/metrics.ts'
import type { Settings } from './config/settings.ts'
import type { Database } from './database/open-database.ts'
import { messageOf } from './errors.ts'
import type { RoutingHealth } from './open-routing.ts'
import type { Lines } from './runtime/lines.ts'

/**
 * What `/readyz` says. Trunks that are down are told, and take no server out of service: its phones and other trunks
 * work. Why lines are down they log themselves; the database has nobody else to say it, which is done once per loss.
 */
export function watchReadiness(
  database: Database,
  lines: Lines,
  routing: () => RoutingHealth,
  logger: Logger,
): () => Promise<Readiness> {
  let lost = false
  return async () => {
    const fault = await faultOf(database)
    if (fault !== undefined && !lost) logger.error({ reason: fault }, 'database does not answer')
    lost = fault !== undefined
    const { serves, fault: routingFault } = routing()
    return {
      ready: fault === undefined && lines.serving && serves,
      checks: [
        { name: 'database', publicName: 'database', fault },
        { name: 'routing', publicName: 'routing', fault: routingFault },
        ...checksOf(lines),
      ],
    }
  }
}

async function faultOf(database: Database): Promise<string | undefined> {
  try {
    await sql`select 1`.execute(database)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

/** A trunk's name was given by those who run the center; a connection's has its address after its kind. */
function checksOf({ backends, trunks }: Lines): Check[] {
  return [
    ...[...backends].map(([name, fault]) => ({
      name: `backend ${name}`,
      publicName: `backend ${name.split(' ', 1)[0]}`,
      fault,
    })),
    ...[...trunks].map(([name, fault]) => ({ name: `trunk ${name}`, publicName: `trunk ${name}`, fault })),
  ]
}

/** `host:port` of what the backend of the settings connects to. */
export function serversOf({ telephony, asterisk, drachtio }: Settings): readonly string[] {
  if (telephony.backend === 'asterisk') return asterisk.servers.map((url) => new URL(url).host)
  return telephony.backend === 'drachtio' ? drachtio.mediaServers : []
}

/**
 * Which connections of the telephony and which trunks are up. Strangers may read it: of a connection it says no
 * address but its place among those of the settings, `asterisk 2`.
 * @param addresses `host:port` of the servers that connections go to, of each kind in the order of the settings
 */
export function lineMetrics({ backends, trunks }: Lines, addresses: readonly string[]): Metric[] {
  const labelOf = (name: string): string => {
    const [kind = '', address = ''] = name.split(' ')
    const place = addresses.indexOf(address)
    return place === -1 ? name : `${kind} ${place + 1}`
  }
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
    gauge(
      'backend',
      'Whether each connection of the telephony stands.',
      new Map([...backends].map(([name, fault]) => [labelOf(name), fault])),
    ),
    gauge('trunk', 'Whether calls can be made over each trunk.', trunks),
  ]
}

/**
 * Whether the waits that callers were told come true: of all who were first told so many seconds or less, how many they
 * were, which share was answered within it, and which share was expected to be.
 */
export function waitMetrics(calibration: Calibration): Metric[] {
  const rows = calibration.snapshot().flatMap(({ upToMs }) => {
    const counted = calibration.of(upToMs)
    return counted ? [{ labels: { up_to: String(upToMs / 1000) }, ...counted }] : []
  })
  const metric = (
    of: string,
    type: Metric['type'],
    help: string,
    value: (row: (typeof rows)[number]) => number,
  ): Metric => ({
    name: `switchroom_announced_waits_${of}`,
    type,
    help,
    samples: rows.map((row) => ({ labels: row.labels, value: value(row) })),
  })
  return [
    metric(
      'total',
      'counter',
      'Callers who were first told a wait of so many seconds or less.',
      ({ told }) => told,
    ),
    metric('kept_ratio', 'gauge', 'Share of them answered within it.', ({ kept }) => kept),
    metric('expected_ratio', 'gauge', 'Share of them that was expected to be.', ({ predicted }) => predicted),
  ]
}
