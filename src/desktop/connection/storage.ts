import type { Preference } from '../actions/action.ts'
import type { SignedIn } from '../state/desk-state.ts'
import type { Kept } from '../state/gestures.ts'

/**
 * What this browser keeps. Session and unsaved edits are the tab's: they survive a reload and go with the tab, so
 * that nobody finds them on a shared machine. Preferences are the browser's.
 */

const SESSION = 'switchroom.session'
const PREFERENCES = 'switchroom.preferences'

export function readSession(): SignedIn | undefined {
  return read<SignedIn>(sessionStorage, SESSION)
}

export function keepSession(session: SignedIn | undefined): void {
  if (session) write(sessionStorage, SESSION, session)
  else sessionStorage.removeItem(SESSION)
}

/** Unsaved edits and the view are kept per person: after a new sign-in everybody finds their own. */
export function readKept(user: string): Kept | undefined {
  return read<Kept>(sessionStorage, draftsKey(user))
}

export function keep(user: string, { drafts, wrapUpDrafts, view }: Kept): void {
  write(sessionStorage, draftsKey(user), { drafts, wrapUpDrafts, view })
}

export type Preferences = Readonly<Record<Preference, boolean>>

const ordinary: Preferences = { ring: false, notifications: false, letterKeys: true }

export function readPreferences(): Preferences {
  return { ...ordinary, ...read<Partial<Preferences>>(localStorage, PREFERENCES) }
}

export function keepPreferences(preferences: Preferences): void {
  write(localStorage, PREFERENCES, preferences)
}

function draftsKey(user: string): string {
  return `switchroom.drafts.${user}`
}

/** What was written by an earlier version of this page and cannot be read is as good as not there. */
function read<Value>(storage: Storage, key: string): Value | undefined {
  try {
    const text = storage.getItem(key)
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function write(storage: Storage, key: string, value: unknown): void {
  try {
    storage.setItem(key, JSON.stringify(value))
  } catch {
    // Storage is full or forbidden: the desk works, and forgets at a reload.
  }
}
