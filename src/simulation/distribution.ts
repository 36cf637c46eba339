import type { Random } from './random.ts'

/** How a time varies from contact to contact; milliseconds. Plain data. */
export type Distribution =
  /** Without memory: what the formulas of Erlang assume. */
  | { readonly kind: 'exponential'; readonly meanMs: number }
  /** What talk times are usually like (Brown et al. 2005); mean and deviation are those of the time itself. */
  | { readonly kind: 'lognormal'; readonly meanMs: number; readonly deviationMs: number }
  | { readonly kind: 'constant'; readonly ms: number }
  /** One of these as it is, each as likely as the others. */
  | { readonly kind: 'empirical'; readonly valuesMs: readonly number[] }
  /** Longer than any: the patience of somebody who never gives up. */
  | { readonly kind: 'endless' }

/** Draws from a distribution, in whole milliseconds. */
export function draws(distribution: Distribution, random: Random): () => number {
  switch (distribution.kind) {
    case 'exponential':
      return () => Math.round(random.exponential(distribution.meanMs))
    case 'lognormal': {
      const { meanMs, deviationMs } = distribution
      const variance = Math.log1p((deviationMs / meanMs) ** 2)
      const middle = Math.log(meanMs) - variance / 2
      const spread = Math.sqrt(variance)
      return () => Math.round(Math.exp(middle + spread * random.normal()))
    }
    case 'constant':
      return () => distribution.ms
    case 'empirical': {
      const { valuesMs } = distribution
      return () => valuesMs[Math.floor(random.next() * valuesMs.length)] ?? 0
    }
    case 'endless':
      return () => Number.POSITIVE_INFINITY
  }
}

/** The mean in milliseconds; Infinity for an endless one. */
export function meanOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'exponential':
    case 'lognormal':
      return distribution.meanMs
    case 'constant':
      return distribution.ms
    case 'empirical':
      return distribution.valuesMs.reduce((sum, value) => sum + value, 0) / distribution.valuesMs.length
    case 'endless':
      return Number.POSITIVE_INFINITY
  }
}
