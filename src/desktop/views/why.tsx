import type { Candidate, Explanation } from '../../api/contract/index.ts'
import type { DeskState } from '../state/desk-state.ts'
import { duration, queueName, sentence } from '../state/words.ts'
import { useDesk } from './desk-context.ts'

/** Why the agent was chosen for this contact, and why nobody else was. */
export function Why({ offer }: { readonly offer: string }) {
  const state = useDesk()
  const why = state.explanations[offer]
  return (
    <section className="why" aria-label="Why me?" aria-live="polite">
      <h2>Why me?</h2>
      {why ? <Reasons why={why} /> : <p>Asking …</p>}
    </section>
  )
}

function Reasons({ why }: { readonly why: Explanation }) {
  const state = useDesk()
  return (
    <>
      <p>{storyOf(state, why)}</p>
      <ul className="candidates">
        {why.candidates.map((candidate) => (
          <li key={candidate.agent} data-verdict={candidate.verdict}>
            <strong>{candidate.agent === state.session?.user.id ? 'You' : candidate.name}</strong>
            <span className="verdict">{verdicts[candidate.verdict]}</span>
            <span>{candidate.because}</span>
          </li>
        ))}
        {why.others.map(({ reason, agents }) => (
          <li key={reason} data-verdict="rejected">
            <strong>{agents} more</strong>
            <span>{sentence(reason).toLowerCase()}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

const verdicts: Readonly<Record<Candidate['verdict'], string>> = {
  chosen: 'chosen',
  'ranked-lower': 'could have had it',
  rejected: 'could not',
}

function storyOf(state: DeskState, why: Explanation): string {
  const head = why.headStartMs > 0 ? `, with a head start of ${duration(why.headStartMs)}` : ''
  const needs = why.required === 'anyone' ? '' : ` It needs ${why.required}.`
  const step =
    why.step.who === 'named agent'
      ? 'The agent named in the record was asked first.'
      : `Everybody with these skills was asked by ${sentence(why.strategy).toLowerCase()}.`
  return `The caller had waited ${duration(why.waitedMs)} in ${queueName(state, why.queue)}${head}.${needs} ${step}`
}
