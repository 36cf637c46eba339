import type { CallCommand } from '../call/commands.ts'
import type { CallEvent } from '../call/events.ts'

/**
 * The telephony contract: three methods, kept by every backend beside this file and proved by one
 * conformance suite (`tests/conformance/telephony.ts`).
 *
 * - Every command has exactly one ending: its result event, `command.failed`, or the `call.ended` of its call.
 *   Each ending arrives through `receive`, never as an exception and never inside `execute`.
 * - Events are in order per call; bridging is ordered for both calls that it names.
 * - A digit pressed ahead is reported at once, whatever plays; a backend collects none.
 * - No input from the network makes a backend throw.
 */
export interface Telephony {
  /**
   * Binds and connects, then reports every event to `receive` until `stop` resolves.
   * @throws SwitchroomError when it cannot start (a taken port, an unreadable key), naming the setting.
   */
  start(receive: (event: CallEvent) => void): Promise<void>
  execute(command: CallCommand): void
  /** Ends what is still up, closes every socket and resolves when nothing of the backend is left. */
  stop(): Promise<void>
}

/** What a backend needs to know of a device that registers or calls with credentials (RFC 8760, RFC 2617). */
export interface DeviceCredentials {
  readonly device: string
  /** Digest HA1, hex: MD5 and SHA-256 of `device:realm:password`. */
  readonly ha1: { readonly md5: string; readonly sha256: string }
}

/** Finds the credentials of a device; undefined when there is no such device or it is disabled. */
export interface FindCredentials {
  (device: string): Promise<DeviceCredentials | undefined>
  /** The names of all that it would find, where that is known at once. */
  readonly names?: () => Promise<ReadonlySet<string>>
}
