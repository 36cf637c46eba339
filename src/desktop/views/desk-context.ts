import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import type { Action } from '../actions/action.ts'
import type { DeskStore } from '../connection/desk-store.ts'
import type { Preferences } from '../connection/storage.ts'
import type { DeskState } from '../state/desk-state.ts'

export const StoreContext = createContext<DeskStore | undefined>(undefined)

export function useStore(): DeskStore {
  const store = useContext(StoreContext)
  if (!store) throw new Error('a view of the desk was rendered outside of it')
  return store
}

export function useDesk(): DeskState {
  const store = useStore()
  return useSyncExternalStore(store.subscribe, store.getState)
}

export function usePreferences(): Preferences {
  const store = useStore()
  return useSyncExternalStore(store.subscribe, store.getPreferences)
}

/** The server's clock, which moves on every second while a view shows it. */
export function useNow(everyMs = 1000): number {
  const store = useStore()
  const [now, setNow] = useState(() => store.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(store.now()), everyMs)
    return () => clearInterval(timer)
  }, [store, everyMs])
  return Math.max(now, store.now())
}

/** How an action is named where there is room for its key: `Reject (X)`. */
export function tooltip({ label, key }: Action): string {
  return key === undefined ? label : `${label} (${keyName(key)})`
}

export function keyName(key: string): string {
  return key
    .split('+')
    .map((part) => (part.length === 1 ? part.toUpperCase() : part))
    .join('+')
}
