import { Type } from 'typebox'
import type { Published } from '../../active-center.ts'
import { actorOf, admins, floorWatchers } from '../access.ts'
import { NewRules, PublishedRules, RulesHistory, RulesInForce } from '../contract/index.ts'
import { closed, ref } from '../contract/schema.ts'
import type { Live } from '../live/live.ts'
import type { Api, Parts } from '../parts.ts'

/** A center of thousands of agents in teams is still far below this. */
const LARGEST_RULES_BYTES = 4 * 1024 * 1024

/** Which rules of queues, teams, skills and calendars are in force, and others in their place. */
export function ruleRoutes(app: Api, parts: Parts, live: Live): void {
  const { rules } = parts
  if (!rules) return

  app.get(
    '/v1/center/rules',
    {
      config: { access: floorWatchers },
      schema: {
        operationId: 'readRules',
        summary: 'The rules in force: since when, by whom, queues with their members',
        tags: ['Center'],
        response: { 200: ref(RulesInForce) },
      },
    },
    () => rules.describe(),
  )

  app.get(
    '/v1/center/rules/history',
    {
      config: { access: floorWatchers },
      schema: {
        operationId: 'readRulesHistory',
        summary: 'Which rules were put in force when, and by whom',
        tags: ['Center'],
        response: { 200: ref(RulesHistory) },
      },
    },
    async () => ({ activations: await rules.history() }),
  )

  app.post(
    '/v1/center/rules',
    {
      bodyLimit: LARGEST_RULES_BYTES,
      config: { access: admins },
      schema: {
        operationId: 'publishRules',
        summary: 'Check rules, keep them, and put them in force',
        description: 'Whoever waits keeps place and waiting time. Rules with errors change nothing.',
        tags: ['Center'],
        body: NewRules,
        response: { 200: ref(PublishedRules) },
      },
    },
    async (request) => published(await rules.publish(request.body.files, actorOf(request, parts))),
  )

  app.post(
    '/v1/center/rules/:hash/activate',
    {
      config: { access: admins },
      schema: {
        operationId: 'activateRules',
        summary: 'Put rules in force that were published before',
        tags: ['Center'],
        params: Type.Object(
          { hash: Type.String({ description: 'Six characters of the hash or more, from the front.' }) },
          closed,
        ),
        response: { 200: ref(PublishedRules) },
      },
    },
    async (request) => published(await rules.rollback(request.params.hash, actorOf(request, parts))),
  )

  function published(done: Published): Published {
    if (!done.unchanged) live.rulesChanged()
    return done
  }
}
