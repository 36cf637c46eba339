import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { PersonRef, PublishedRules, RuleFinding, RulesHistory, RulesInForce } from '../api/contract/index.ts'
import { ruleTexts } from '../config/center-texts.ts'
import type { RuleAccess } from './center-rules.ts'
import { OperatorApi, otherVersion } from './operator-api.ts'

/** How the schemas mention their parts. */
const parts = Object.fromEntries([PersonRef, RuleFinding].map((schema) => [`${schema.$id}#`, schema]))

/** The rules through the API of the running server, as its operator. */
export function rulesOverApi(address: string, token: string, folder: string): RuleAccess {
  const api = new OperatorApi(address, token)
  return {
    isRunning: true,
    folder,
    show: async () => understood(RulesInForce, await api.ask('GET', '/v1/center/rules')),
    history: async () =>
      understood(RulesHistory, await api.ask('GET', '/v1/center/rules/history')).activations,
    publish: async (texts) =>
      understood(PublishedRules, await api.ask('POST', '/v1/center/rules', { files: ruleTexts(texts) })),
    rollback: async (hash) =>
      understood(
        PublishedRules,
        await api.ask('POST', `/v1/center/rules/${encodeURIComponent(hash)}/activate`),
      ),
    close: async () => {},
  }
}

function understood<const Schema extends TSchema>(schema: Schema, content: unknown) {
  if (Check(parts, schema, content)) return content
  throw otherVersion('rules of the center')
}
