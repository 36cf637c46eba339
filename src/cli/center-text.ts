import type { PublishedRules, RulesInForce } from '../api/contract/index.ts'
import { findingsText } from '../config/center-finding.ts'

/** So many characters of a hash are shown; they are enough to name a version. */
const SHOWN = 12

export function shortHash(hash: string): string {
  return hash.slice(0, SHOWN)
}

export function timeText(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace(/\..*/, ' UTC')
}

/** Which version, since when, by whom. */
export function versionText({
  hash,
  source,
  since,
  by,
}: Pick<RulesInForce, 'hash' | 'source' | 'since' | 'by'>): string {
  const short = shortHash(hash)
  if (source === 'files') return `version ${short}, from the files; nothing was published yet`
  return `version ${short}, in force since ${timeText(since)}, by ${by ?? 'somebody'}`
}

/** What came of publishing. */
export function publishedText(done: PublishedRules, isRunning: boolean): string {
  const unchanged = done.unchanged ? 'Nothing was done: ' : ''
  const later = isRunning ? '' : 'No server runs; it will start with them.\n'
  return `${findingsText(done.findings)}${unchanged}${versionText(done)}\n${later}`
}
