import type { Action } from './action.ts'
import { editRecord } from './edit-record.ts'
import { explainOffer } from './explain-offer.ts'
import { findCustomer } from './find-customer.ts'
import { finishWrapUp } from './finish-wrap-up.ts'
import { goAvailable } from './go-available.ts'
import { hangUp } from './hang-up.ts'
import { leaveFloor } from './leave-floor.ts'
import { newCustomer } from './new-customer.ts'
import { choosePause } from './pause.ts'
import { rejectOffer } from './reject-offer.ts'
import { saveCustomer } from './save-customer.ts'
import { showCustomers, showDesk, showFloor, showVoicemails } from './show.ts'
import { showShortcuts } from './show-shortcuts.ts'
import { signOut } from './sign-out.ts'
import { takeOffer } from './take-offer.ts'
import { toggleRing } from './toggle.ts'
import { chooseDisposition, writeNotes } from './write-notes.ts'

/** The actions that have a key, in the order of the list of shortcuts. */
export const actions: readonly Action[] = [
  goAvailable,
  choosePause,
  leaveFloor,
  signOut,
  takeOffer,
  rejectOffer,
  hangUp,
  explainOffer,
  writeNotes,
  chooseDisposition,
  finishWrapUp,
  findCustomer,
  editRecord,
  saveCustomer,
  newCustomer,
  showDesk,
  showCustomers,
  showVoicemails,
  showFloor,
  toggleRing,
  showShortcuts,
]

/** A key that was pressed, as a KeyboardEvent tells it. */
export interface Pressed {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/**
 * The action of a key.
 * @param lettersCount whether single letters do anything: not while the agent writes, nor where they were turned off
 */
export function actionOf(pressed: Pressed, lettersCount: boolean): Action | undefined {
  const key = nameOf(pressed)
  if (key === pressed.key && !lettersCount) return undefined
  return actions.find((action) => action.key === key)
}

/** With Alt the key's place counts: what it writes differs (Option on a Mac). Ctrl and Alt together are AltGr. */
function nameOf({ key, code, ctrlKey, metaKey, altKey }: Pressed): string | undefined {
  const isCommand = ctrlKey || metaKey
  if (altKey) return isCommand ? undefined : `Alt+${code.replace('Key', '').toLowerCase()}`
  return isCommand ? `Ctrl+${key}` : key
}
