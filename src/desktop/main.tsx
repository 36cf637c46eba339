import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { DeskStore } from './connection/desk-store.ts'
import './styles/tokens.css'
import './styles/elements.css'
import './styles/layout.css'
import './styles/contact.css'
import './styles/panels.css'
import './styles/overlays.css'
import { App } from './views/app.tsx'
import { StoreContext } from './views/desk-context.ts'
import { focusOn, isTyping } from './views/page.ts'

const place = document.getElementById('desk')
if (!place) throw new Error('the page has no place for the desk')

createRoot(place).render(
  <StrictMode>
    <StoreContext value={new DeskStore({ focusOn, isTyping })}>
      <App />
    </StoreContext>
  </StrictMode>,
)
