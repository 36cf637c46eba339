import { type RawBuilder, sql } from 'kysely'

/** A time in milliseconds since 1970 as SQL; the columns round it to whole milliseconds. */
export function time(ms: number): RawBuilder<number> {
  return sql<number>`to_timestamp(${ms}::float8 / 1000)`
}

/** Text as PostgreSQL can store it: without NUL and without halves of surrogate pairs. */
export function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

/** A value for a column of type jsonb. */
export function json(value: object): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storable(part) : part))
}
