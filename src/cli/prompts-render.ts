import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { RealClock } from '../clock/real-clock.ts'
import { promptsSchema } from '../config/center-schema.ts'
import { loadSettings } from '../config/load-settings.ts'
import { readYamlFile } from '../config/yaml-file.ts'
import { errorText, messageOf, SwitchroomError } from '../errors.ts'
import { type RenderResult, renderMedia } from '../speech/render-media.ts'
import { Speech } from '../speech/speech.ts'
import type { Command } from './command.ts'

/** `switchroom prompts render`: makes the audio files of a center from their texts. */
export const promptsRender: Command = {
  name: 'prompts render',
  summary: 'make the audio of all prompts in config/prompts.yaml that are new or have changed',
  usage: `switchroom prompts render [--center <folder>]

  --center <folder>   the center whose prompts are made (default: the demo center)

English is spoken by the program itself, other languages by espeak-ng, which must be installed for them.
Files that you recorded yourself stay as they are; delete one to have it rendered.`,
  example: 'switchroom prompts render --center ./my-center',
  async run(args) {
    const { center } = await loadSettings([], centerOf(args))
    const texts = await readYamlFile(join(center, 'config', 'prompts.yaml'), promptsSchema, 'CENTER_INVALID')
    const cacheFolder = await mkdtemp(join(tmpdir(), 'switchroom-prompts-'))
    const speech = new Speech({
      cacheFolder,
      logger: pino({ level: 'silent' }),
      clock: new RealClock(),
      voices: texts.voices,
    })
    const results: RenderResult[] = []
    try {
      await speech.start()
      await renderMedia(join(center, 'media'), texts, speech, (result) => {
        results.push(result)
        show(result)
      })
    } finally {
      await speech.stop()
      await rm(cacheFolder, { recursive: true, force: true })
    }
    const count = (what: RenderResult['what']): number =>
      results.filter((result) => result.what === what).length
    process.stdout.write(
      `${count('rendered')} rendered, ${count('unchanged')} unchanged, ${count('kept')} kept, ${count('removed')} removed\n`,
    )
    const failed = results.filter(({ what }) => what === 'failed')
    if (failed.length > 0) process.stderr.write(`${failed.length} failed:\n${reasons(failed)}\n`)
    return failed.length > 0 ? 1 : 0
  },
}

function centerOf(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { center: { type: 'string' } } }).values.center
  } catch (error) {
    throw new SwitchroomError('USAGE', messageOf(error), { remedy: '`switchroom prompts render --help`' })
  }
}

function show({ file, what }: RenderResult): void {
  if (what !== 'unchanged') process.stdout.write(`${what.padEnd(9)} ${file}\n`)
}

/** Each reason once: where espeak-ng is not installed, every prompt of a language has the same. */
function reasons(failed: readonly RenderResult[]): string {
  return [
    ...new Set(
      failed.map(({ error }) => (error instanceof SwitchroomError ? errorText(error) : messageOf(error))),
    ),
  ].join('\n')
}
