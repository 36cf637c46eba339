/**
 * Every error that Switchroom raises on purpose, in one table: stable code -> what it means.
 * `docs/errors.md` has a section for each; a test compares the two.
 */
export const errorCodes = {
  SETTING_INVALID: 'A setting has a value that its schema does not allow, or a name that no setting has.',
  SETTINGS_UNREADABLE: 'A settings file could not be read or is not YAML.',
  CENTER_MISSING: 'The center folder, or a file that it must have, is not there.',
  CENTER_INVALID: 'A file of the center folder (queues, calendars, numbers) has a fault.',
  SCENARIO_INVALID: 'A scenario for the simulator has a fault, or does not fit its center.',
  FLOW_INVALID: 'A flow file has faults; none of its calls would be served.',
  PROMPT_MISSING: 'An audio file that a flow or the music names is not there or not a WAV file that we play.',
  SPEECH_FAILED: 'Text could not be rendered to speech.',
  PORT_TAKEN: 'A port that a setting names is in use by another program.',
  ADDRESS_UNAVAILABLE: 'An address that a setting names does not belong to this machine or may not be bound.',
  BACKEND_UNREACHABLE:
    'A telephony server that the settings name (Asterisk, drachtio-server, FreeSWITCH) does not take us.',
  DEMO_PASSWORDS: 'The server would listen beyond this machine while demo passwords exist.',
  DATA_FOLDER_BUSY: 'Another process has the data folder open.',
  DATA_FOLDER_UNUSABLE: 'The data folder cannot be created, read or written.',
  DATABASE_UNAVAILABLE: 'The database could not be opened or migrated.',
  STATE_UNREACHABLE: 'What keeps the state of routing (Redis or Valkey, or the disk) cannot be reached.',
  STATE_DAMAGED: 'A journal, snapshot or archive of routing is not what was written.',
  ENGINE_DIFFERS: 'A journal or snapshot was written by another version of the routing engine.',
  SERVER_UNREACHABLE: 'The command found no running server at the address it was given.',
  NOT_SIGNED_IN: 'The name or password is wrong, or the token has expired.',
  NOT_ALLOWED: 'The signed-in person may not do this.',
  NOT_FOUND: 'There is no such thing (any more).',
  CONFLICT: 'Somebody else changed it in the meantime; read it again.',
  WRONG_STATE: 'It cannot be done in the present state.',
  INPUT_INVALID: 'What was sent does not fit the schema.',
  TOO_MANY_ATTEMPTS: 'Too many sign-ins failed; further ones are refused for a while.',
  INTERNAL: 'Something failed that should not have. The log has the details.',
  USAGE: 'A command was called with words or flags that it does not know.',
} as const

export type ErrorCode = keyof typeof errorCodes

/**
 * An error that a person can act on: `message` names what was found and what was expected, `remedy` says what
 * to do. Such an error is shown without its stack.
 */
export class SwitchroomError extends Error {
  override readonly name = 'SwitchroomError'
  readonly code: ErrorCode
  readonly remedy: string | undefined

  constructor(code: ErrorCode, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.remedy = options.remedy
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** An error as people are shown it: what is wrong, then what to do. */
export function errorText(error: unknown): string {
  if (!(error instanceof SwitchroomError)) return messageOf(error)
  return `${error.message}${error.remedy === undefined ? '' : `\n  ${error.remedy}`}\n  (${error.code})`
}

/** Makes the compiler find a forgotten case of a union. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`)
}

/** A process that stood by for another one was told to end: no fault. */
export class StandbyStopped extends Error {}
