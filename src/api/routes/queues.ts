import { anybody } from '../access.ts'
import { QueueList } from '../contract/index.ts'
import { ref } from '../contract/schema.ts'
import type { Api, Parts } from '../parts.ts'
import { queueOf } from '../views.ts'

/** Queues with their live figures. */
export function queueRoutes(app: Api, { floor }: Parts): void {
  app.get(
    '/v1/queues',
    {
      config: { access: anybody },
      schema: {
        operationId: 'listQueues',
        summary: 'All queues with their live figures',
        tags: ['Queues'],
        response: { 200: ref(QueueList) },
      },
    },
    async () => ({ queues: floor.queues().map(queueOf) }),
  )
}
