import { Candidates } from './candidates.tsx'
import { CustomerRecord } from './customer-record.tsx'
import { Customers } from './customers.tsx'
import { useDesk } from './desk-context.ts'
import { Floor } from './floor.tsx'
import { Idle } from './idle.tsx'
import { Timeline } from './timeline.tsx'
import { Voicemails } from './voicemails.tsx'
import { WrapUp } from './wrap-up.tsx'

/** What the agent has chosen to see; with a contact, everything of its customer. */
export function Middle() {
  const { view, work, customers } = useDesk()
  switch (view.name) {
    case 'customers':
      return <Customers />
    case 'voicemails':
      return <Voicemails />
    case 'floor':
      return <Floor />
    case 'new-customer':
      return <CustomerRecord record="new" title="New customer" />
    case 'customer':
      return (
        <div className="split">
          {customers[view.id] ? (
            <CustomerRecord key={view.id} record={view.id} title="Customer" />
          ) : (
            <Reading />
          )}
          <Timeline customer={view.id} />
        </div>
      )
    case 'desk':
      break
  }
  if (!work) return <Idle />
  const { customer } = work
  const record =
    customer === undefined ? (
      <Candidates work={work} />
    ) : customers[customer] ? (
      <CustomerRecord key={customer} record={customer} title="Customer" />
    ) : (
      <Reading />
    )
  const wrapUp = <WrapUp key="wrap-up" work={work} />
  const history = customer !== undefined && <Timeline key="history" customer={customer} />
  // Before the talk the history matters more; the form does not move under the hands of somebody who writes in it.
  return (
    <div className="split">
      {record}
      <div className="stack">{work.phase === 'offered' ? [history, wrapUp] : [wrapUp, history]}</div>
    </div>
  )
}

function Reading() {
  return (
    <section className="panel">
      <p className="hint">Reading the record …</p>
    </section>
  )
}
