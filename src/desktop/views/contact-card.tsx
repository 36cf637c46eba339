import { useEffect, useLayoutEffect, useRef } from 'react'
import type { ScreenPop } from '../../api/contract/index.ts'
import { addNumber } from '../actions/add-number.ts'
import { explainOffer } from '../actions/explain-offer.ts'
import { hangUp } from '../actions/hang-up.ts'
import { rejectOffer } from '../actions/reject-offer.ts'
import { showDesk } from '../actions/show.ts'
import { takeOffer } from '../actions/take-offer.ts'
import type { Work } from '../state/desk-state.ts'
import { callerName, clock, duration, endedBy, phoneNumber, queueName } from '../state/words.ts'
import { ActionButton } from './action-button.tsx'
import { useDesk, useNow, useStore } from './desk-context.ts'
import { Icon, type IconName } from './icons.tsx'
import { isTyping } from './page.ts'
import { PopFacts } from './pop-facts.tsx'
import { Why } from './why.tsx'

/** Who is on the line, in which phase, and what can be done about it. It is the screen pop while it rings. */
export function ContactCard({ work }: { readonly work: Work }) {
  const state = useDesk()
  const customer = work.customer === undefined ? undefined : state.customers[work.customer]
  const heading = useRef<HTMLHeadingElement>(null)
  usePainted(work)

  useEffect(() => {
    if (work.phase === 'offered' && !isTyping()) heading.current?.focus()
  }, [work.contact, work.phase])

  return (
    <section className="contact-card" data-phase={work.phase} aria-labelledby="caller">
      <div className="contact-head">
        <div className="who">
          <Phase work={work} />
          <h1 id="caller" ref={heading} tabIndex={-1}>
            {callerName(state, work)}
            {customer && customer.tier !== 'standard' && <span className="tier">{customer.tier}</span>}
          </h1>
          <p className="who-line">
            {customer?.company && <span>{customer.company}</span>}
            {(customer || work.from.name) && (
              <span className="number">
                {work.from.number === undefined ? 'Number withheld' : phoneNumber(work.from.number)}
              </span>
            )}
            {addNumber.isPossible(state) && <ActionButton action={addNumber} kind="link" icon="plus" />}
            <span>{work.pop?.queue.name ?? queueName(state, work.queue)}</span>
            {customer === undefined && <Unknown work={work} />}
          </p>
        </div>
        <div className="contact-actions">
          {state.view.name !== 'desk' && <ActionButton action={showDesk}>Show the caller</ActionButton>}
          {work.pop && <ActionButton action={explainOffer} kind="link" />}
          {takeOffer.isPossible(state) && (
            <ActionButton action={takeOffer} kind="main" icon="phone" showKey />
          )}
          {work.phase === 'offered' && (
            <ActionButton action={rejectOffer} kind="decline" icon="close" showKey />
          )}
          {work.phase === 'talking' && <ActionButton action={hangUp} kind="danger" icon="phone" showKey />}
        </div>
      </div>
      {work.phase === 'offered' && work.pop && (
        <Countdown from={work.pop.offeredAt} to={work.pop.expiresAt} />
      )}
      {work.pop && <PopFacts pop={work.pop} />}
      {state.overlay === 'why' && work.pop && <Why offer={work.pop.offer} />}
    </section>
  )
}

/** Says to the server that the screen pop can be seen, once the browser has painted it: then the phone rings. */
function usePainted({ phase, pop }: Work): void {
  const store = useStore()
  const offer = phase === 'offered' ? pop?.offer : undefined
  useLayoutEffect(() => {
    if (offer === undefined) return undefined
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => store.acknowledge(offer)
    // The frame callback comes before the paint, and the message after it.
    const frame = requestAnimationFrame(() => port2.postMessage(undefined))
    return () => {
      cancelAnimationFrame(frame)
      port1.close()
    }
  }, [offer, store])
}

const howTaken: Readonly<Record<ScreenPop['takenBy'], string>> = {
  phone: 'Your phone rings: answer it there',
  itself: 'Your phone answers by itself',
  key: 'On your standing call: take it here or by key',
}

function Phase({ work }: { readonly work: Work }) {
  const now = useNow()
  const { me } = useDesk()
  const isRinging = work.phase === 'offered' && me?.slot === 'offered'
  const phases: Readonly<Record<Work['phase'], readonly [IconName, string]>> = {
    offered: ['ringing', isRinging ? howTaken[work.pop?.takenBy ?? 'phone'] : 'Incoming call'],
    talking: ['talking', 'Talking'],
    ended: ['ended', endedBy(work.endedBy)],
    wrapping: ['wrapping', work.endedBy ? `${endedBy(work.endedBy)}: wrap-up` : 'Wrap-up'],
  }
  const [icon, text] = phases[work.phase]
  return (
    <p className="phase">
      <Icon name={icon} /> <span>{text}</span>
      {work.phase === 'talking' && (
        <span className="timer" role="timer" aria-label="Talk time">
          {clock(now - work.since)}
        </span>
      )}
    </p>
  )
}

function Unknown({ work }: { readonly work: Work }) {
  const text =
    work.candidates.length > 0 ? `${work.candidates.length} customers fit: choose one` : 'Unknown caller'
  return <span className="unknown">{text}</span>
}

/** How long the offer stands. */
function Countdown({ from, to }: { readonly from: number; readonly to: number }) {
  const now = useNow(200)
  const left = Math.max(0, to - now)
  return (
    <div className="countdown">
      <div className="countdown-bar" aria-hidden="true">
        <div style={{ transform: `scaleX(${Math.min(1, left / Math.max(1, to - from))})` }} />
      </div>
      <span className="timer">{duration(Math.ceil(left / 1000) * 1000)} left to answer</span>
    </div>
  )
}
