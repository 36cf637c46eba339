import type { LifeInput } from '../acd/contract.ts'
import { SwitchroomError } from '../errors.ts'
import type { AcdRunner } from './acd-runner.ts'

/** What a supervisor may do; see the inputs of the routing engine. */
export type SupervisorInput = Extract<LifeInput, { type: `supervisor.${string}` }>

/**
 * Gives it to the routing engine.
 * @throws SwitchroomError NOT_FOUND or WRONG_STATE where it could not do anything about it
 */
export function supervise(acd: AcdRunner, act: SupervisorInput): void {
  if ('contact' in act) {
    const contact = acd.engine.contact(act.contact)
    if (!contact) {
      throw new SwitchroomError('NOT_FOUND', `contact ${act.contact} is in no queue`, {
        remedy: 'It may be with an agent already, or over.',
      })
    }
    if (contact.state === 'connected') {
      throw new SwitchroomError('WRONG_STATE', `contact ${act.contact} is with ${contact.agent} already`, {
        remedy: 'Only who waits can be moved, assigned or given another priority.',
      })
    }
    if (act.type === 'supervisor.moved' && contact.queue === act.queue) {
      throw new SwitchroomError('WRONG_STATE', `contact ${act.contact} waits in ${act.queue} already`)
    }
  }
  if ('agent' in act) {
    const agent = acd.engine.agent(act.agent)
    if (!agent) throw new SwitchroomError('NOT_FOUND', `${act.agent} is not somebody who takes contacts`)
    const mayBeAway = act.type === 'supervisor.forced' && act.to !== 'paused'
    if (agent.presence === 'logged-out' && !mayBeAway) {
      throw new SwitchroomError('WRONG_STATE', `${act.agent} is signed out`, {
        remedy: 'They have to sign in first, or be made available.',
      })
    }
  }
  acd.put(act)
}

/**
 * Gives an agent more time.
 * @throws SwitchroomError WRONG_STATE where there is no such wrap-up, or it is as long as it may become
 */
export function extendWrapUp(untilOf: () => number | undefined, ask: () => void): void {
  const before = untilOf()
  if (before === undefined) {
    throw new SwitchroomError('WRONG_STATE', 'there is no wrap-up to extend', {
      remedy: 'It may have timed out.',
    })
  }
  ask()
  if (untilOf() === before) {
    throw new SwitchroomError('WRONG_STATE', 'the wrap-up is as long as the queue allows', {
      remedy: 'The limit is wrapUpLimit in queues.yaml.',
    })
  }
}
