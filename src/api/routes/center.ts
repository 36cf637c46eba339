import { anybody } from '../access.ts'
import { Center } from '../contract/index.ts'
import { ref } from '../contract/schema.ts'
import type { Api, Parts } from '../parts.ts'

/** What a desk or a phone has to know of the server. */
export function centerRoutes(app: Api, { center, sip, version }: Parts): void {
  app.get(
    '/v1/center',
    {
      config: { access: anybody },
      schema: {
        operationId: 'readCenter',
        summary: 'Version, where phones register, pause reasons, dispositions',
        tags: ['Center'],
        response: { 200: ref(Center) },
      },
    },
    async () => {
      const { pauseReasons, dispositions } = center
      return { version, sip, pauseReasons, dispositions }
    },
  )
}
