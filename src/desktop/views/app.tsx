import { useEffect } from 'react'
import { actionOf } from '../actions/all.ts'
import { Attention } from './attention.tsx'
import { ContactCard } from './contact-card.tsx'
import { useDesk, usePreferences, useStore } from './desk-context.ts'
import { Dialogs } from './dialogs.tsx'
import { Header, Help } from './header.tsx'
import { Middle } from './middle.tsx'
import { Notices } from './notices.tsx'
import { isTyping } from './page.ts'
import { Rail } from './rail.tsx'
import { SignIn } from './sign-in.tsx'
import { StateBar } from './state-bar.tsx'

export function App() {
  const { session } = useDesk()
  return session ? <Desk /> : <SignIn />
}

function Desk() {
  const { work, view, line } = useDesk()
  useKeys()
  return (
    <div className="desk" data-view={view.name}>
      <Header />
      <StateBar />
      {line.status === 'lost' && (
        <p className="reconnecting" role="status">
          The server cannot be reached. Reconnecting by itself; what you type is kept.
        </p>
      )}
      <div className="columns">
        {view.name !== 'floor' && <Rail />}
        <main>
          {work && <ContactCard key={work.contact} work={work} />}
          <Middle />
        </main>
      </div>
      <footer>
        <Help />
      </footer>
      <Notices />
      <Attention />
      <Dialogs />
    </div>
  )
}

/** Keys do what the buttons do. Escape leaves a field, so that letters count again. */
function useKeys(): void {
  const store = useStore()
  const { letterKeys } = usePreferences()
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const isWriting = isTyping()
      if (event.key === 'Escape') {
        if (isWriting && document.activeElement instanceof HTMLElement) document.activeElement.blur()
        else store.dispatch({ type: 'overlay', overlay: undefined })
        return
      }
      const action = actionOf(
        event,
        letterKeys && !isWriting && document.querySelector('dialog[open]') === null,
      )
      if (!action) return
      event.preventDefault()
      store.act(action)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [store, letterKeys])
}
