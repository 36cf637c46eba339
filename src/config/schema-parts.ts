import { type TProperties, Type } from 'typebox'

/** What the schemas of the center's files are made of. */

/** Names that other files point to. */
export const id = { pattern: '^[a-z][a-z0-9-]{0,39}$' }

/** User names of people. */
export const agentId = { pattern: '^[a-z0-9][a-z0-9._-]{0,63}$' }

export const name = (description: string) => Type.String({ minLength: 1, maxLength: 80, description })

const time = { pattern: '^[0-9]{1,6}(ms|s|m|h)$' }

export const duration = (fallback: string, description: string) =>
  Type.String({ ...time, default: fallback, description })

export const optionalDuration = (example: string, description: string) =>
  Type.Optional(Type.String({ ...time, examples: [example], description }))

export const object = <Properties extends TProperties>(properties: Properties, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description && { description }) })

export const table = <Value extends Parameters<typeof Type.Record>[1]>(
  key: { readonly pattern: string },
  value: Value,
  description: string,
) => Type.Record(Type.String(key), value, { additionalProperties: false, description })

export const levels = (description: string) =>
  table(id, Type.Integer({ minimum: 1, maximum: 10 }), `${description} Levels run from 1 to 10.`)

/** Skills at levels as a map, or a text: see requirement-text.ts. */
export const requirement = (description: string) =>
  Type.Union(
    [
      levels('All of these skills.'),
      Type.String({
        minLength: 1,
        maxLength: 2000,
        examples: ['billing:3 and (en or es:5) and not team:trainees'],
        description: 'A requirement over skills and teams.',
      }),
    ],
    { description },
  )

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** Milliseconds of a duration as the files write it: `250ms`, `20s`, `5m`, `1h`. */
export function durationMs(text: string): number {
  const [, count, unit] = /^([0-9]+)(ms|s|m|h)$/.exec(text) ?? []
  if (count === undefined || unit === undefined) throw new RangeError(`"${text}" is not a duration`)
  return Number(count) * units[unit as keyof typeof units]
}
