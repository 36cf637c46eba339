import { useEffect, useState } from 'react'
import { callerName, queueName } from '../state/words.ts'
import { useDesk, usePreferences } from './desk-context.ts'
import { startRing } from './ring.ts'

/** Makes a call noticed beyond the middle of the page: title, icon, screen reader, notification, a soft ring. */
export function Attention() {
  const state = useDesk()
  const { ring, notifications } = usePreferences()
  const { work } = state
  const isOffered = work?.phase === 'offered'
  const offer = isOffered ? work.pop?.offer : undefined
  const connectsItself = work?.pop?.takenBy === 'itself'
  const caller = work ? callerName(state, work) : ''
  const customer = work?.customer === undefined ? undefined : state.customers[work.customer]
  const said = isOffered
    ? `Incoming call from ${caller}${customer ? `, ${customer.tier} customer` : ''}, for ${work.pop?.queue.name ?? queueName(state, work.queue)}.`
    : ''

  useEffect(() => {
    document.title = titleOf(work?.phase, caller)
    const icon = document.getElementById('icon')
    if (icon instanceof HTMLLinkElement) {
      icon.href = `${import.meta.env.BASE_URL}${isOffered ? 'icon-ringing.svg' : 'icon.svg'}`
    }
  }, [work?.phase, caller, isOffered])

  useEffect(() => {
    // What connects by itself is told by a tone in the agent's ear.
    if (offer === undefined || !ring || connectsItself) return undefined
    return startRing()
  }, [offer, ring, connectsItself])

  useEffect(() => {
    if (offer === undefined || !notifications || !document.hidden) return undefined
    const notification = new Notification(said, { tag: offer })
    notification.onclick = () => focus()
    return () => notification.close()
    // The name may come a moment later: that is no second notification.
  }, [offer, notifications])

  return (
    <div className="unseen" aria-live="assertive">
      <Later text={said} />
    </div>
  )
}

function titleOf(phase: string | undefined, caller: string): string {
  if (phase === 'offered') return `☎ ${caller} is calling`
  if (phase === 'talking') return `Talking: ${caller}`
  if (phase === 'wrapping') return `Wrap-up: ${caller}`
  return 'Switchroom'
}

/** Screen readers announce what comes into a live region after it is there. */
function Later({ text }: { readonly text: string }) {
  const [shown, setShown] = useState('')
  useEffect(() => setShown(text), [text])
  return shown
}
