import { constants } from 'node:fs'
import { access, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { PlayItem } from '../../call/commands.ts'

/**
 * Files reach FreeSWITCH by a folder that both see under one absolute path. What cannot be read here is not asked
 * of it, so that the error names the file; for a list FreeSWITCH would leave it out without a word.
 */

/** FreeSWITCH splits lists there, and takes what follows as an offset into the file. */
const SPLITS = /[!']|@@/
/** So often in one playback; with the next there is a gap of a frame or two. */
const MUSIC_ROUNDS = 60

/** What FreeSWITCH plays for this list; undefined for a list of nothing. */
export function listPath(items: readonly PlayItem[]): string | undefined {
  const paths = items.map((item) => ('file' in item ? item.file : `silence_stream://${item.silenceMs}`))
  return paths.length > 1 ? `file_string://${paths.join('!')}` : paths[0]
}

/** What it plays for music: the file many times, without a gap between. */
export function musicPath(file: string): string {
  return `file_string://${Array.from({ length: MUSIC_ROUNDS }, () => file).join('!')}`
}

/** Why a file cannot be played; undefined when it can. */
export async function whyUnplayable(file: string): Promise<string | undefined> {
  if (SPLITS.test(file))
    return `${file} has "!", "'" or "@@" in its path, which FreeSWITCH reads as its own signs`
  try {
    const handle = await open(file)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(12), 0, 12, 0)
      const isWav =
        bytesRead === 12 &&
        buffer.toString('latin1', 0, 4) === 'RIFF' &&
        buffer.toString('latin1', 8, 12) === 'WAVE'
      return isWav ? undefined : `${file} is not a WAV file`
    } finally {
      await handle.close()
    }
  } catch {
    return `${file} cannot be read`
  }
}

/** Why nothing can be recorded into this file; undefined when it can. FreeSWITCH would make folders by itself. */
export async function whyUnwritable(file: string): Promise<string | undefined> {
  if (SPLITS.test(file))
    return `${file} has "!", "'" or "@@" in its path, which FreeSWITCH reads as its own signs`
  try {
    await access(dirname(file), constants.W_OK)
    return undefined
  } catch {
    return `${dirname(file)} is not a folder that can be written to`
  }
}
