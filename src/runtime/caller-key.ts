import { createHmac } from 'node:crypto'

/**
 * What the routing engine knows a caller by: the same for the same number, and nobody can tell the number from it
 * without the secret. Undefined for a caller who withholds the number.
 */
export function callerKey(secret: Buffer, number: string | undefined): string | undefined {
  if (number === undefined) return undefined
  return createHmac('sha256', secret).update(number).digest('base64url').slice(0, 22)
}
