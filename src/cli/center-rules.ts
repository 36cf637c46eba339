import type { PublishedRules, RulesHistory, RulesInForce } from '../api/contract/index.ts'
import type { CenterTexts } from '../config/center-texts.ts'

/** The rules of a center, at the running server or in the database while none runs. */
export interface RuleAccess {
  /** False where no server runs: what is published is in force from the next start. */
  readonly isRunning: boolean
  /** Absolute path of the center folder. */
  readonly folder: string
  show(): Promise<RulesInForce>
  history(): Promise<RulesHistory['activations']>
  publish(texts: CenterTexts): Promise<PublishedRules>
  rollback(hash: string): Promise<PublishedRules>
  close(): Promise<void>
}
