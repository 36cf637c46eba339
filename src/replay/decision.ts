import { crc32 } from 'node:zlib'
import type { AcdEffect } from '../acd/contract.ts'
import { ENGINE_VERSION } from '../acd/snapshot.ts'

/** The engine as snapshots and journals name it. */
export const ENGINE = `acd ${ENGINE_VERSION}`

/** What a journal keeps of the effects of an input: the engine, and the CRC-32 of the effects as JSON: `acd 2 0f3c92d1`. */
export function decisionOf(effects: readonly AcdEffect[]): string {
  return `${ENGINE} ${crc32(JSON.stringify(effects)).toString(16).padStart(8, '0')}`
}

/** Which engine decided. */
export function engineOf(decision: string): string {
  return decision.slice(0, Math.max(0, decision.lastIndexOf(' ')))
}
