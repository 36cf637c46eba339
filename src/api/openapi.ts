import fastifySwagger from '@fastify/swagger'
import { type TSchema, Type } from 'typebox'
import * as contract from './contract/index.ts'
import { type Named, ref } from './contract/schema.ts'
import type { Api, Parts } from './parts.ts'

/** Every schema of the contract that has a name. */
const namedSchemas = Object.values<unknown>(contract).filter(
  (value): value is Named<TSchema> => Type.IsSchema(value) && '$id' in value,
)

const description = `All times are milliseconds since 1970-01-01 UTC. Refusals are problem details (RFC 9457):
\`code\` is made for programs, \`detail\` says what was found and what was expected, \`remedy\` what to do.
Sign in with \`POST /v1/session\`, then send \`Authorization: Bearer <token>\`.`

/** Makes the OpenAPI document from the schemas that also validate. To be called before the routes are made. */
export async function useOpenApi(app: Api, { version }: Pick<Parts, 'version'>): Promise<void> {
  for (const schema of namedSchemas) app.addSchema(schema)
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Switchroom',
        description,
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      tags: [
        { name: 'Session', description: 'Signing in and out.' },
        { name: 'Events', description: 'What happens, as it happens.' },
        { name: 'Agents', description: 'The state of people who take contacts.' },
        { name: 'Offers', description: 'Contacts that are being offered to agents.' },
        { name: 'Contacts', description: 'What is going on now.' },
        { name: 'Queues', description: 'Where callers wait.' },
        { name: 'Customers', description: 'Who contacts us.' },
        { name: 'Interactions', description: 'What went on.' },
        { name: 'Voicemails', description: 'Messages that callers left.' },
        { name: 'Users', description: 'People who can sign in.' },
        { name: 'Center', description: 'The server itself.' },
      ],
    },
    convertConstToEnum: false,
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, index) =>
        typeof $id === 'string' ? $id : `def-${index}`,
    },
    transform: ({ schema, url, route }) => {
      const access = route.config?.access ?? 'public'
      return {
        url,
        schema: {
          ...schema,
          ...(access !== 'public' && {
            security: [{ token: [] }],
            description: [schema.description, `For ${access.join(', ')}.`].filter(Boolean).join('\n\n'),
          }),
          response: {
            ...(schema.response as object | undefined),
            default: {
              description: 'Refused.',
              content: { 'application/problem+json': { schema: ref(contract.Problem) } },
            },
          },
        },
      }
    },
  })
}
