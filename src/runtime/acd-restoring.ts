import type { Logger } from 'pino'
import type { AcdInput } from '../acd/contract.ts'
import { Engine } from '../acd/engine.ts'
import type { EngineSnapshot } from '../acd/snapshot.ts'
import { ENGINE } from '../replay/decision.ts'
import { BEGINNING, type Entry, type Journal, type Position, type Snapshot } from '../state/journal.ts'
import { damaged, type Fields, fieldsOf, isFields, listIn } from '../state/sealed.ts'

/** An engine as a journal has it, up to a position. */
export interface Restored {
  readonly engine: Engine
  position: Position
}

/**
 * Brings the engine back: the latest snapshot, and every input since at the time at which it was taken. What the engine
 * decides on the way was decided before, and is thrown away.
 * @throws SwitchroomError STATE_DAMAGED, STATE_UNREACHABLE
 */
export async function restore(journal: Journal, logger: Logger): Promise<Restored> {
  const snapshot = await journal.latestSnapshot()
  const restored: Restored = {
    engine: snapshot ? engineOf(snapshot, logger) : new Engine(),
    position: snapshot?.position ?? BEGINNING,
  }
  await readOn(restored, journal, logger)
  return restored
}

/** Applies everything that the journal has behind the position. */
export async function readOn(restored: Restored, journal: Journal, logger: Logger): Promise<void> {
  for (;;) {
    const entries = await journal.read(restored.position)
    if (entries.length === 0) return
    apply(restored, entries, logger)
  }
}

export function apply(restored: Restored, entries: readonly Entry[], logger: Logger): void {
  for (const entry of entries) {
    const { sequence, at, link } = entry
    const input = inputIn(entry)
    try {
      restored.engine.handle(input, at)
    } catch (error) {
      // It failed when it was taken, too.
      logger.error({ err: error, sequence, input: input.type }, 'routing failed at an input of the journal')
    }
    restored.position = { sequence, at, link }
  }
}

/**
 * A snapshot of another version cannot be continued: what its fields mean may have changed. Who is at work and who
 * pauses is taken over all the same, as if everybody had said it again; contacts are not.
 */
function engineOf({ engine, position, state }: Snapshot, logger: Logger): Engine {
  const fields = fieldsOf(state, 'the snapshot')
  if (engine === ENGINE) {
    for (const list of ['agents', 'contacts', 'timers', 'formerQueues']) listIn(fields[list], 'the snapshot')
    // Whole by its checksum, and made by this very version of the engine.
    return Engine.restore(fields as unknown as EngineSnapshot)
  }
  logger.warn(
    { found: engine, expected: ENGINE },
    'routing was kept by another version: only people are taken over',
  )
  const fresh = new Engine()
  for (const agent of listIn(fields['agents'], 'the snapshot')) {
    for (const input of presenceOf(fieldsOf(agent, 'an agent of the snapshot')))
      fresh.handle(input, position.at)
  }
  return fresh
}

function presenceOf({ id, presence, reason }: Fields): AcdInput[] {
  if (typeof id !== 'string') return []
  const known: AcdInput = { type: 'agent.known', agent: id, skills: {} }
  if (presence === 'logged-out' || presence === 'sign-out-pending') return [known]
  const signedIn: AcdInput = { type: 'agent.signed-in', agent: id }
  if (presence === 'available') return [known, signedIn, { type: 'agent.available', agent: id }]
  const paused: AcdInput = {
    type: 'agent.paused',
    agent: id,
    reason: typeof reason === 'string' ? reason : 'signed-in',
  }
  return [known, signedIn, paused]
}

/** Every type of input that there is: the table does not compile without one of them. */
const inputTypes: Record<AcdInput['type'], true> = {
  'rules.configured': true,
  'agent.known': true,
  'agent.forgotten': true,
  'agent.signed-in': true,
  'agent.available': true,
  'agent.paused': true,
  'agent.signed-out': true,
  'device.ok': true,
  'device.unregistered': true,
  'contact.queued': true,
  'contact.left': true,
  'contact.ended': true,
  'contact.returned': true,
  'offer.ringing': true,
  'offer.accepted': true,
  'offer.refused': true,
  'wrap-up.finished': true,
  timer: true,
  'queue.hours': true,
  'contact.callback': true,
  'callback.answered': true,
  'callback.failed': true,
  'wrap-up.extended': true,
  'supervisor.moved': true,
  'supervisor.assigned': true,
  'supervisor.reprioritised': true,
  'supervisor.forced': true,
}

/** Whole by its link, and written by a runner from an input that the compiler has checked. */
function inputIn({ sequence, input }: Entry): AcdInput {
  if (isFields(input) && typeof input['type'] === 'string' && Object.hasOwn(inputTypes, input['type'])) {
    return input as unknown as AcdInput
  }
  throw damaged(`entry ${sequence} of the journal is no input of routing: ${JSON.stringify(input)}`)
}
