import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FastifyInstance } from 'fastify'

/**
 * Validates requests by the schemas of the contract (JSON Schema 2020-12, as OpenAPI 3.1 uses it). Nothing is
 * dropped in silence: an unknown property is refused. Text becomes numbers only where HTTP has nothing but text.
 */
export function useSchemas(app: FastifyInstance): void {
  const options = { strict: false, useDefaults: true, removeAdditional: false } as const
  const bodies = new Ajv2020({ ...options, coerceTypes: false })
  const texts = new Ajv2020({ ...options, coerceTypes: true })
  const known = new Set<string>()
  app.setValidatorCompiler<object>(({ schema, httpPart }) => {
    for (const [name, shared] of Object.entries(app.getSchemas())) {
      if (known.has(name)) continue
      known.add(name)
      for (const ajv of [bodies, texts]) ajv.addSchema(shared as object)
    }
    return (httpPart === 'body' ? bodies : texts).compile(schema)
  })
}
