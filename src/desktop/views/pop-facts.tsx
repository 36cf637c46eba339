import type { ScreenPop } from '../../api/contract/index.ts'
import { duration, language, phoneNumber, sentence } from '../state/words.ts'
import { useDesk } from './desk-context.ts'
import { Icon } from './icons.tsx'

/** Why they call and what they already said. */
export function PopFacts({ pop }: { readonly pop: ScreenPop }) {
  const { session } = useDesk()
  const data = Object.entries(pop.data).filter(([, value]) => value !== null && value !== '')
  return (
    <div className="pop-facts">
      <dl className="facts">
        <Fact term="Waited">{duration(pop.waitedMs)}</Fact>
        <Fact term="Priority" detail={reasonOf(pop)}>
          {pop.priority} of 10
        </Fact>
        {pop.language !== undefined && <Fact term="Language">{language(pop.language)}</Fact>}
        {pop.namedAgent && (
          <Fact term="Named agent">
            {pop.namedAgent.id === session?.user.id ? 'You' : pop.namedAgent.name}
          </Fact>
        )}
        {pop.to.number !== undefined && <Fact term="Dialled">{phoneNumber(pop.to.number)}</Fact>}
        {data.map(([name, value]) => (
          <Fact key={name} term={sentence(name)}>
            {typeof value === 'boolean' ? (value ? 'yes' : 'no') : sentence(String(value))}
          </Fact>
        ))}
      </dl>
      <div className="path">
        <h2>Came through</h2>
        <ol>
          {stepsOf(pop).map(({ node, at, ms }) => (
            <li key={at + node}>
              <Icon name="right" />
              <span>{sentence(node)}</span>
              {ms >= 1000 && <span className="step-time">{duration(ms)}</span>}
            </li>
          ))}
        </ol>
      </div>
    </div>
  )
}

interface FactProps {
  readonly term: string
  readonly detail?: string
  readonly children: string | readonly (string | number)[]
}

function Fact({ term, detail, children }: FactProps) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        {children}
        {detail !== undefined && <span className="fact-detail">{detail}</span>}
      </dd>
    </div>
  )
}

/** The server's reason begins with the priority itself. */
function reasonOf({ priorityReason }: ScreenPop): string {
  const head = /(\d+) s head start/.exec(priorityReason)?.[1]
  if (head !== undefined) return `counts as ${duration(Number(head) * 1000)} more waiting`
  return priorityReason.replace(/^priority \d+: /, '')
}

interface Step {
  readonly node: string
  readonly at: number
  readonly ms: number
}

/** The nodes of the flow with the time that the caller spent in each, until they began to wait. */
function stepsOf({ path, offeredAt, waitedMs }: ScreenPop): readonly Step[] {
  const waitingSince = offeredAt - waitedMs
  return path.map(({ node, at }, index) => {
    const end = path[index + 1]?.at ?? Math.max(at, waitingSince)
    return { node, at, ms: end - at }
  })
}
