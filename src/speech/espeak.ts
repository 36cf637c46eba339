import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SwitchroomError } from '../errors.ts'

/** Words a minute; the program's own 175 is hurried on a telephone. */
const SPEED = '150'
const LONGEST_MS = 30_000

/**
 * Speaks a text with the system's espeak-ng into a new WAV file (22050 Hz), which the caller deletes.
 * @param voice as `espeak-ng --voices` lists them, for example `es-419`
 * @throws SwitchroomError SPEECH_FAILED when the program is not installed, does not know the voice or fails
 */
export function espeak(voice: string, text: string, program = 'espeak-ng'): Promise<string> {
  const file = join(tmpdir(), `switchroom-${randomUUID()}.wav`)
  const failed = (message: string, remedy: string): SwitchroomError =>
    new SwitchroomError('SPEECH_FAILED', message, { remedy })
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['-v', voice, '-s', SPEED, '-w', file, '--stdin'], {
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: LONGEST_MS,
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      if (said.length < 500) said += part
    })
    // A program that ends before it has read everything is judged by its exit code.
    child.stdin.on('error', () => {})
    child.on('error', () =>
      reject(
        failed(
          `text in the voice "${voice}" needs the program ${program}, which is not installed`,
          'Install it (Debian: apt-get install espeak-ng), or give the prompt as an audio file.',
        ),
      ),
    )
    child.on('close', (code, signal) => {
      if (code === 0) resolve(file)
      else
        reject(
          failed(
            `${program} ended with ${code === null ? signal : `code ${code}`}: ${said.trim().split('\n')[0] ?? ''}`,
            'Check the voice in config/prompts.yaml against `espeak-ng --voices`.',
          ),
        )
    })
    child.stdin.end(text)
  })
}
