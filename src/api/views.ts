import type { AgentView, Explanation as Why, WaitingExplanation as WhyWaiting } from '../acd/contract.ts'
import type { ScreenPop as FloorPop, LiveContact, LiveQueue } from '../runtime/floor.ts'
import type { Agent, Contact, Explanation, Queue, ScreenPop, WaitingExplanation } from './contract/index.ts'
import type { Directory } from './directory.ts'
import type { Dossier } from './live/dossiers.ts'

/** What the floor says, in the words of the contract. */

export function agentOf({ agent, ...view }: AgentView, directory: Directory): Agent {
  return { id: agent, name: directory.nameOf(agent), ...view }
}

export function queueOf({ queue, ...view }: LiveQueue): Queue {
  return { id: queue, ...view }
}

export function contactOf(contact: LiveContact): Contact {
  return { ...contact }
}

export function explanationOf(why: Why, directory: Directory): Explanation {
  return { ...why, candidates: namedOf(why.candidates, directory) }
}

/** Why a contact waits, with the names of people. */
export function waitingOf(why: WhyWaiting, directory: Directory): WaitingExplanation {
  return { ...why, candidates: namedOf(why.candidates, directory) }
}

function namedOf(candidates: Why['candidates'], directory: Directory): Explanation['candidates'] {
  return candidates.map((candidate) => ({ ...candidate, name: directory.nameOf(candidate.agent) }))
}

/** The screen pop with as much of the customer as is in memory. */
export function screenPopOf(pop: FloorPop, dossier: Dossier, directory: Directory): ScreenPop {
  const { customer, candidates, namedAgent, ...rest } = pop
  return {
    ...rest,
    ...(namedAgent !== undefined && { namedAgent: directory.person(namedAgent) }),
    ...(customer !== undefined && { customerId: customer }),
    candidateIds: candidates,
    customers: dossier.customers,
    ...(dossier.history && { history: dossier.history }),
  }
}
