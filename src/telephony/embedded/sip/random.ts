import { randomFillSync } from 'node:crypto'
import { MAGIC_COOKIE } from './via.ts'

/**
 * Random identifiers (RFC 3261 19.3 asks for at least 32 bits of cryptographic randomness in a tag). Taken from
 * a pool, because one call of the generator costs more than the rest of a response.
 */
const pool = Buffer.alloc(8192)
let used = pool.length

/** `bytes` random bytes in hex. */
export function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}

export function newTag(): string {
  return randomHex(6)
}

/** Unique over space and time, with the magic cookie (8.1.1.7). */
export function newBranch(): string {
  return `${MAGIC_COOKIE}${randomHex(9)}`
}

export function newCallId(): string {
  return randomHex(12)
}

/** A number of 0 to `below` - 1. */
export function randomBelow(below: number): number {
  return Number.parseInt(randomHex(4), 16) % below
}
