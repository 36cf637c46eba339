import type { Static } from 'typebox'
import type { Interaction, InteractionSegment } from '../call/interaction.ts'
import type { Clock } from '../clock/clock.ts'
import type { DemoCustomer, demoSchema } from '../config/center-schema.ts'
import type { NewCustomer } from '../crm/customer.ts'
import { insertCustomer } from '../crm/customers.ts'
import type { Actor } from './audit.ts'
import { insertInteractions } from './interactions.ts'
import { hashPassword } from './passwords.ts'
import { insertPerson } from './people.ts'
import type { Database } from './tables.ts'
import { json } from './values.ts'

/** People, customers and past calls of `demo.yaml`. */
export type Demo = Static<typeof demoSchema>

const DAY_MS = 86_400_000

/** Numbers of the demo are E.164, which no country changes. */
const ANY_COUNTRY = 'US'

/** The demo's callers have always dialled this. */
const DIALLED = { uri: 'sip:100@127.0.0.1', number: '100' }

/**
 * Puts the demo into a database that has no people yet, all of it or nothing.
 * @param realm of SIP digest authentication
 * @returns whether it was put in
 */
export async function seedDemo(
  database: Database,
  demo: Demo,
  realm: string,
  clock: Clock,
): Promise<boolean> {
  const somebody = await database.selectFrom('users').select('id').limit(1).executeTakeFirst()
  if (somebody) return false
  const by: Actor = { who: 'demo', at: clock.now() }
  const password = await hashPassword(demo.password, { published: true })
  await database.transaction().execute(async (transaction) => {
    for (const [username, { name, role, skills }] of Object.entries(demo.people)) {
      const person = { username, name, role, password: demo.password, ...(skills && { skills }) }
      await insertPerson(transaction, person, { password, realm, demo: true, by })
    }
    const past: Interaction[] = []
    for (const [id, customer] of Object.entries(demo.customers)) {
      await insertCustomer(transaction, customerOf(id, customer), ANY_COUNTRY, by)
      past.push(...customer.history.map((call, index) => pastCall(id, customer, call, index, by.at)))
    }
    await insertInteractions(
      transaction,
      json(past.map((interaction) => ({ interaction, explanations: [] }))),
    )
  })
  return true
}

function customerOf(id: string, customer: DemoCustomer): NewCustomer {
  const { name, tier, language, owner, notes, numbers, emails, accounts } = customer
  return {
    id,
    name,
    tier,
    ...(language !== undefined && { language }),
    ...(owner !== undefined && { owner }),
    ...(notes !== undefined && { notes }),
    identities: [
      ...numbers.map((value) => ({ kind: 'phone' as const, value })),
      ...emails.map((value) => ({ kind: 'email' as const, value })),
    ],
    accounts,
  }
}

function pastCall(
  customerId: string,
  { name, language, numbers: [number] }: DemoCustomer,
  call: DemoCustomer['history'][number],
  index: number,
  now: number,
): Interaction {
  const { queue, agent, outcome, disposition, notes, waitSeconds, talkSeconds } = call
  // Calls of one day are an hour apart, the first in the file being the latest, and none is in the future.
  const startedAt = now - call.daysAgo * DAY_MS - (index + 1) * 3_600_000
  const connectedAt = startedAt + waitSeconds * 1000
  const endedAt = connectedAt + talkSeconds * 1000
  const segments: InteractionSegment[] = []
  if (queue !== undefined) {
    const result = talkSeconds > 0 ? 'connected' : 'abandoned'
    segments.push({ kind: 'queue', queue, startedAt, endedAt: connectedAt, result })
  }
  if (talkSeconds > 0) {
    const who = agent === undefined ? {} : { agent }
    segments.push({ kind: 'talk', ...who, startedAt: connectedAt, endedAt, result: 'caller-hung-up' })
  }
  return {
    id: `demo-${customerId}-${index + 1}`,
    channel: 'voice',
    direction: 'inbound',
    startedAt,
    endedAt,
    outcome,
    from:
      number === undefined
        ? { uri: 'sip:anonymous@anonymous.invalid' }
        : { uri: `tel:${number}`, number, name },
    to: DIALLED,
    ...(language !== undefined && { language }),
    customer: customerId,
    path: [],
    data: {},
    segments,
    ...(disposition !== undefined && { disposition }),
    ...(notes !== undefined && { notes }),
  }
}
