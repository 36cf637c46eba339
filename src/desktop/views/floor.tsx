import type { Agent, Contact } from '../../api/contract/index.ts'
import { clock, doing, party, queueName, sentence } from '../state/words.ts'
import { useDesk, useNow } from './desk-context.ts'
import { Icon } from './icons.tsx'
import { longestWait } from './rail.tsx'
import { toneOf } from './tone.ts'

/** The whole floor, live: queues, people, contacts. */
export function Floor() {
  return (
    <div className="floor">
      <Queues />
      <Agents />
      <Contacts />
    </div>
  )
}

function Queues() {
  const { queues } = useDesk()
  const now = useNow()
  return (
    <section className="panel" aria-labelledby="queues-title">
      <div className="panel-head">
        <h1 id="queues-title">Queues</h1>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">Queue</th>
            <th scope="col">Waiting</th>
            <th scope="col">Longest</th>
            <th scope="col">Free</th>
            <th scope="col">Busy</th>
            <th scope="col">Paused</th>
            <th scope="col">No phone</th>
          </tr>
        </thead>
        <tbody>
          {Object.values(queues).map((queue) => (
            <tr key={queue.id} data-waiting={queue.waiting > 0}>
              <th scope="row">{queue.name}</th>
              <td>{queue.waiting}</td>
              <td className="timer">{queue.waiting > 0 ? clock(longestWait(queue, now)) : '–'}</td>
              <td>{queue.agents.free}</td>
              <td>{queue.agents.busy}</td>
              <td>{queue.agents.paused}</td>
              <td>{queue.agents.unreachable}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const devices: Readonly<Record<Agent['device'], string>> = {
  ok: 'registered',
  unregistered: 'not registered',
  failed: 'failed',
}

function Agents() {
  const state = useDesk()
  const now = useNow()
  const agents = Object.values(state.agents).sort((one, other) => one.name.localeCompare(other.name))
  return (
    <section className="panel" aria-labelledby="agents-title">
      <div className="panel-head">
        <h1 id="agents-title">Agents</h1>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">Agent</th>
            <th scope="col">State</th>
            <th scope="col">Since</th>
            <th scope="col">Phone</th>
            <th scope="col">With</th>
          </tr>
        </thead>
        <tbody>
          {agents.map((agent) => {
            const contact = agent.contact === undefined ? undefined : state.contacts[agent.contact]
            return (
              <tr key={agent.id} data-off={agent.presence === 'logged-out'}>
                <th scope="row">{agent.name}</th>
                <td>
                  <span className="doing" data-tone={toneOf(agent)}>
                    <Icon name={toneOf(agent)} /> {doing(state, agent)}
                  </span>
                </td>
                <td className="timer">{agent.presence === 'logged-out' ? '–' : clock(now - agent.since)}</td>
                <td>{devices[agent.device]}</td>
                <td>{contact ? party(contact.from) : '–'}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

const stages: Readonly<Record<Contact['state'], string>> = {
  ivr: 'In the menu',
  waiting: 'Waiting',
  offered: 'Being offered',
  talking: 'Talking',
  wrapping: 'Wrap-up',
}

function Contacts() {
  const state = useDesk()
  const now = useNow()
  const contacts = Object.values(state.contacts).sort((one, other) => one.startedAt - other.startedAt)
  return (
    <section className="panel" aria-labelledby="contacts-title">
      <div className="panel-head">
        <h1 id="contacts-title">Contacts</h1>
      </div>
      {contacts.length === 0 && <p className="hint">Nobody is on the line.</p>}
      {contacts.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Caller</th>
              <th scope="col">State</th>
              <th scope="col">For</th>
              <th scope="col">Queue</th>
              <th scope="col">Agent</th>
            </tr>
          </thead>
          <tbody>
            {contacts.map((contact) => {
              const { id, from, queue, agent, node, position, since } = contact
              const place = position === undefined ? '' : `, place ${position}`
              const where = contact.state === 'ivr' && node !== undefined ? `: ${sentence(node)}` : place
              return (
                <tr key={id}>
                  <th scope="row">{party(from)}</th>
                  <td>
                    {stages[contact.state]}
                    {where}
                  </td>
                  <td className="timer">{clock(now - since)}</td>
                  <td>{queue === undefined ? '–' : queueName(state, queue)}</td>
                  <td>{agent === undefined ? '–' : (state.agents[agent]?.name ?? agent)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
    </section>
  )
}
