/** How PostgreSQL's text becomes a value, by type id: the same for the embedded database and for a server. */
export const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  20: parseInt8,
  1184: parseTimestamptz,
}

/** int8 (also what `count(*)` gives): a number, or a bigint where a number would not be exact. */
function parseInt8(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

/** timestamptz, for example `2026-11-22 21:07:56.123+00`: milliseconds since 1970. */
function parseTimestamptz(text: string): number {
  const iso = text.replace(' ', 'T')
  return Date.parse(/[+-]\d\d$/.test(iso) ? `${iso}:00` : iso)
}
