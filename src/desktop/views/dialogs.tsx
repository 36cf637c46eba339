import { type ReactNode, useEffect, useRef } from 'react'
import type { Action } from '../actions/action.ts'
import { actions } from '../actions/all.ts'
import { signOutAndDiscard } from '../actions/sign-out.ts'
import { toggleLetterKeys } from '../actions/toggle.ts'
import { isDirty, shownFields } from '../state/draft.ts'
import { ActionButton } from './action-button.tsx'
import { keyName, useDesk, usePreferences, useStore } from './desk-context.ts'

/** What lies over the page and waits for the agent. */
export function Dialogs() {
  const { overlay } = useDesk()
  if (overlay === 'shortcuts') return <Shortcuts />
  return overlay === 'unsaved' ? <Unsaved /> : null
}

function Dialog({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const store = useStore()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const close = (): void => store.dispatch({ type: 'overlay', overlay: undefined })
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={close}>
      <div className="panel-head">
        <h1 id="dialog-title">{title}</h1>
        <button type="button" className="button plain" onClick={close}>
          Close
        </button>
      </div>
      {children}
    </dialog>
  )
}

const groups: readonly Action['group'][] = ['State', 'Contact', 'Customers', 'Desk']

function Shortcuts() {
  const { letterKeys } = usePreferences()
  return (
    <Dialog title="Keyboard shortcuts">
      <div className="shortcuts">
        {groups.map((group) => (
          <section key={group}>
            <h2>{group}</h2>
            <dl>
              {actions
                .filter((action) => action.group === group && action.key !== undefined)
                .map(({ name, label, key = '' }) => (
                  <div key={name}>
                    <dt>{label}</dt>
                    <dd>
                      <kbd>{keyName(key)}</kbd>
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="hint">
        Letters work while you are not writing; Escape leaves a field. On a Mac, Ctrl is Command and Alt is
        Option.
      </p>
      <ActionButton action={toggleLetterKeys}>
        {letterKeys ? 'Turn single-letter shortcuts off' : 'Turn single-letter shortcuts on'}
      </ActionButton>
    </Dialog>
  )
}

function Unsaved() {
  const { drafts } = useDesk()
  const names = Object.values(drafts)
    .filter(isDirty)
    .map((draft) => shownFields(draft).name || 'a new customer')
  return (
    <Dialog title="Unsaved edits">
      <p>You have not saved: {names.join(', ')}. Signing out discards these edits.</p>
      <div className="button-row">
        <ActionButton action={signOutAndDiscard} kind="danger" />
      </div>
    </Dialog>
  )
}
