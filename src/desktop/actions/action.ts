import type { DeskState } from '../state/desk-state.ts'
import type { Gesture } from '../state/gestures.ts'
import type { Request } from '../state/requests.ts'

/** Places of the page that an action can put the cursor in. */
export type Place = 'search' | 'record' | 'notes' | 'disposition'

/** What this browser remembers of its user's taste. */
export type Preference = 'ring' | 'notifications' | 'letterKeys'

/** What follows from an action: something asked of the server, done on the desk, or done to the page. */
export type Deed =
  | Request
  | Gesture
  | { readonly type: 'focus'; readonly place: Place }
  | { readonly type: 'toggle'; readonly preference: Preference }

/** Something that the agent can do, by a button or by a key. */
export interface Action {
  readonly name: string
  /** On its button and in the list of shortcuts. */
  readonly label: string
  /**
   * A letter, which works outside of fields, or `Ctrl+` or `Alt+` and a key, which work everywhere. What cannot be
   * taken back has no mere letter: words that were meant for a field must not hang up.
   */
  readonly key?: string
  readonly group: 'State' | 'Contact' | 'Customers' | 'Desk'
  isPossible(state: DeskState): boolean
  /** What it does in this state. To be called when it is possible. */
  perform(state: DeskState): readonly Deed[]
}
