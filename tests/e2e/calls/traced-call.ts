/** A call that rings at two agents and has everything in it that a trace shows. */
import type { CallTrace } from '../../../src/api/contract/index.ts'
import { tone, writeWav } from '../../support/audio.ts'
import type { CallCenter } from '../../support/call-center.ts'
import { until } from '../../support/until.ts'

/** Harbour Dental's calls are Alice's, then those of her peers. */
const HARBOUR_DENTAL = '+12025550142'

/** Alice is busy, Bob answers, both say a word, Bob hangs up. @returns when the record is written */
export async function busyThenAnswered(
  center: CallCenter,
): Promise<{ readonly contact: string; readonly trace: CallTrace }> {
  const [alice, bob] = [await center.agent('alice'), await center.agent('bob')]
  for (const agent of [alice, bob]) await agent.available()
  const call = await center.call(HARBOUR_DENTAL, '100')
  await call.press('1')
  await (await alice.rings()).reject('busy')
  const answered = await bob.answers()
  const { contact } = await bob.events.next('contact.connected')
  const word = await writeWav(center.file('word'), tone(1000, 300))
  await Promise.all([call.play(word), answered.play(word)])
  await answered.hangUp()
  await call.ended
  await center.interaction(contact)
  const sam = await center.watcher()
  // What another server tells of the end may come after the end.
  const trace = await until('both hang-ups to be answered', async () => {
    const so = await sam.ask<CallTrace>('GET', `contacts/${contact}/trace`)
    const ends = so.messages.filter(({ method, summary }) => method === 'BYE' && summary.startsWith('200'))
    return ends.length === 2 ? so : undefined
  })
  return { contact, trace }
}

/** What was said on the n-th leg, in order; `>` is what we sent. Repetitions and 1xx are left out. */
export function said({ legs, messages }: CallTrace, leg: number): string[] {
  return messages
    .filter(({ sipCallId }) => legs[leg]?.sipCallIds.includes(sipCallId))
    .filter(({ repeated, summary }) => !repeated && !/^1\d\d /.test(summary))
    .map(({ direction, summary, method }) => `${direction === 'sent' ? '>' : '<'} ${summary} ${method}`)
}
