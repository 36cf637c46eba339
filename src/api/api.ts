import fastifyStatic from '@fastify/static'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { listPeople } from '../database/people.ts'
import { useAccess } from './access.ts'
import { serveDesk } from './desk.ts'
import { Directory } from './directory.ts'
import { serveDocs } from './docs.ts'
import { FloorMetrics } from './floor-metrics.ts'
import { Live } from './live/live.ts'
import { Seats } from './live/seats.ts'
import { useOpenApi } from './openapi.ts'
import type { Parts } from './parts.ts'
import { replyNoSuchRoute, replyWithProblem } from './problems.ts'
import { agentRoutes } from './routes/agents.ts'
import { centerRoutes } from './routes/center.ts'
import { contactRoutes } from './routes/contacts.ts'
import { customerRoutes } from './routes/customers.ts'
import { eventRoutes } from './routes/events.ts'
import { healthRoutes } from './routes/health.ts'
import { interactionRoutes } from './routes/interactions.ts'
import { offerRoutes } from './routes/offers.ts'
import { queueRoutes } from './routes/queues.ts'
import { ruleRoutes } from './routes/rules.ts'
import { sessionRoutes } from './routes/session.ts'
import { supervisorRoutes } from './routes/supervising.ts'
import { traceRoutes } from './routes/trace.ts'
import { userRoutes } from './routes/users.ts'
import { voicemailRoutes } from './routes/voicemails.ts'
import { useSecurityHeaders } from './security.ts'
import { useSchemas } from './validation.ts'

export type { CenterFacts, Check, Parts, Readiness } from './parts.ts'

const LARGEST_BODY_BYTES = 256 * 1024
const LARGEST_MESSAGE_BYTES = 16 * 1024

/** Builds the HTTP server: API, live events, desk and documentation. It listens with `listen` (listen.ts). */
export async function buildApi(parts: Parts): Promise<FastifyInstance> {
  const directory = new Directory(() => listPeople(parts.database))
  await directory.refresh()
  const live = new Live(parts, directory)
  const seats = new Seats()
  const metrics = new FloorMetrics(parts.floor, parts.clock)

  const loggerInstance: FastifyBaseLogger = parts.logger.child({ part: 'api' })
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LARGEST_BODY_BYTES,
    exposeHeadRoutes: false,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setErrorHandler(replyWithProblem)
  app.setNotFoundHandler(replyNoSuchRoute)
  useSchemas(app)
  useSecurityHeaders(app)
  // Before the WebSocket plugin, whose own hook closes without giving a reason.
  app.addHook('preClose', async () => {
    live.stop()
    metrics.stop()
  })
  await app.register(fastifyWebsocket, {
    options: { maxPayload: LARGEST_MESSAGE_BYTES, perMessageDeflate: false },
  })
  await app.register(fastifyStatic, { serve: false })
  await useOpenApi(app, parts)
  useAccess(app, parts)

  sessionRoutes(app, parts, live, seats)
  agentRoutes(app, parts, live, directory)
  offerRoutes(app, parts, directory)
  contactRoutes(app, parts, live, directory)
  supervisorRoutes(app, parts)
  traceRoutes(app, parts)
  queueRoutes(app, parts)
  customerRoutes(app, parts, live)
  interactionRoutes(app, parts)
  voicemailRoutes(app, parts, live, directory)
  userRoutes(app, parts, live, directory)
  centerRoutes(app, parts)
  ruleRoutes(app, parts, live)
  eventRoutes(app, parts, live, seats)
  healthRoutes(app, parts, live, metrics)
  serveDocs(app)
  serveDesk(app, parts)
  return app
}
