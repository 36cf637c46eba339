/**
 * The life of an agent in three tables: state -> what happens -> next state. What is not in a table cannot happen.
 *
 * A pause or sign-out that is *pending* waits for the end of the present work; which of the two verbs applies,
 * `pause` or `pauseLater`, depends on whether there is any.
 */

/** Whether the person wants to work. Pending states are still `available` to everybody who looks. */
export const presence = {
  'logged-out': { signIn: 'paused' },
  available: {
    pause: 'paused',
    pauseLater: 'pause-pending',
    signOut: 'logged-out',
    signOutLater: 'sign-out-pending',
  },
  paused: { makeAvailable: 'available', pause: 'paused', signOut: 'logged-out' },
  'pause-pending': {
    makeAvailable: 'available',
    pauseLater: 'pause-pending',
    signOut: 'logged-out',
    signOutLater: 'sign-out-pending',
    workDone: 'paused',
  },
  'sign-out-pending': {
    signIn: 'available',
    makeAvailable: 'available',
    pauseLater: 'pause-pending',
    signOut: 'logged-out',
    workDone: 'logged-out',
  },
} as const satisfies Table

/** The agent's one voice slot. */
export const slot = {
  free: { reserve: 'reserved' },
  reserved: { ring: 'offered', connect: 'connected', release: 'free' },
  offered: { connect: 'connected', release: 'free' },
  connected: { wrap: 'wrapping', release: 'free' },
  wrapping: { release: 'free' },
} as const satisfies Table

/** The agent's phone. */
export const device = {
  unregistered: { register: 'ok' },
  ok: { unregister: 'unregistered', fail: 'failed' },
  failed: { register: 'ok', unregister: 'unregistered', retry: 'ok' },
} as const satisfies Table

export type Presence = keyof typeof presence
export type Slot = keyof typeof slot
export type Device = keyof typeof device

export type PresenceVerb =
  | 'signIn'
  | 'makeAvailable'
  | 'pause'
  | 'pauseLater'
  | 'signOut'
  | 'signOutLater'
  | 'workDone'
export type SlotVerb = 'reserve' | 'ring' | 'connect' | 'wrap' | 'release'
export type DeviceVerb = 'register' | 'unregister' | 'fail' | 'retry'

type Table = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The state that follows; undefined when the table does not have it. */
export function nextPresence(state: Presence, verb: PresenceVerb): Presence | undefined {
  const row: Partial<Record<PresenceVerb, Presence>> = presence[state]
  return row[verb]
}

export function nextSlot(state: Slot, verb: SlotVerb): Slot | undefined {
  const row: Partial<Record<SlotVerb, Slot>> = slot[state]
  return row[verb]
}

export function nextDevice(state: Device, verb: DeviceVerb): Device | undefined {
  const row: Partial<Record<DeviceVerb, Device>> = device[state]
  return row[verb]
}
