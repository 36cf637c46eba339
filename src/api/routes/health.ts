import type { FloorMetrics } from '../floor-metrics.ts'
import type { Live } from '../live/live.ts'
import { prometheusText } from '../metrics.ts'
import type { Api, Parts } from '../parts.ts'

/** For whoever watches the server: is it alive, does it work, how does it do. */
export function healthRoutes(app: Api, { readiness, metrics }: Parts, live: Live, floor: FloorMetrics): void {
  const schema = { hide: true }

  app.get('/healthz', { schema }, async () => ({ status: 'alive' }))

  app.get('/readyz', { schema }, async (_request, reply) => {
    const state = await readiness()
    return reply.code(state.ready ? 200 : 503).send(state)
  })

  app.get('/metrics', { schema }, async (_request, reply) =>
    reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(prometheusText([...floor.read(live.connected), ...metrics()])),
  )
}
