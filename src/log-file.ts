import { openSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Logger, pino } from 'pino'
import type { Settings } from './config/settings.ts'
import { messageOf, SwitchroomError } from './errors.ts'

/** What is said within a moment goes to the file together: each write wakes another thread. */
const LOG_GATHER = { bytes: 2_048, ms: 100 }

/**
 * The log of the server: one JSON object per line. `close` writes what is still gathered.
 * @throws SwitchroomError SETTING_INVALID when the file cannot be written
 */
export function openLog(
  { log }: Pick<Settings, 'log'>,
  dataFolder: string,
): { readonly logger: Logger; readonly close: () => void } {
  const destination = pino.destination({
    dest:
      log.file === '-' ? 1 : openForAppend(log.file === '' ? join(dataFolder, 'switchroom.log') : log.file),
    sync: false,
    minLength: LOG_GATHER.bytes,
    periodicFlush: LOG_GATHER.ms,
  })
  return { logger: pino({ level: log.level, base: null }, destination), close: () => destination.flushSync() }
}

function openForAppend(file: string): number {
  try {
    return openSync(resolve(file), 'a', 0o640)
  } catch (cause) {
    throw new SwitchroomError(
      'SETTING_INVALID',
      `log.file: ${file} cannot be written (${messageOf(cause)})`,
      {
        remedy:
          'Name a file in a folder that is there and that this user may write to, or "-" for the terminal.',
        cause,
      },
    )
  }
}
