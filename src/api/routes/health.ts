import { isAskedBy, supervisors } from '../access.ts'
import type { FloorMetrics } from '../floor-metrics.ts'
import type { Live } from '../live/live.ts'
import { prometheusText } from '../metrics.ts'
import type { Api, Check, Parts } from '../parts.ts'

/** For whoever watches the server: is it alive, does it work, how does it do. */
export function healthRoutes(app: Api, parts: Parts, live: Live, floor: FloorMetrics): void {
  const { readiness, metrics } = parts
  const schema = { hide: true }

  app.get('/healthz', { schema }, async () => ({ status: 'alive' }))

  app.get('/readyz', { schema }, async (request, reply) => {
    const { ready, checks } = await readiness()
    const told = (await isAskedBy(supervisors, request, parts)) ? inDetail(checks) : forStrangers(checks)
    return reply.code(ready ? 200 : 503).send({ ready, checks: told })
  })

  app.get('/metrics', { schema }, async (_request, reply) =>
    reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(prometheusText([...floor.read(live.connected), ...metrics()])),
  )
}

function inDetail(checks: readonly Check[]): Record<string, string> {
  return Object.fromEntries(checks.map(({ name, fault }) => [name, fault ?? 'ok']))
}

/** What is down and not why: that would name providers, accounts and addresses. Of those with one name, any. */
function forStrangers(checks: readonly Check[]): Record<string, string> {
  const down = new Set(checks.filter(({ fault }) => fault !== undefined).map(({ publicName }) => publicName))
  return Object.fromEntries(
    checks.map(({ publicName }) => [publicName, down.has(publicName) ? 'down' : 'ok']),
  )
}
