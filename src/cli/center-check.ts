import { checkCenter } from '../config/center.ts'
import { findingsText } from '../config/center-finding.ts'
import { readTexts } from '../config/center-texts.ts'
import { checkFlows } from '../config/flow-library.ts'
import { loadSettings } from '../config/load-settings.ts'
import { SwitchroomError } from '../errors.ts'
import type { Command } from './command.ts'
import { readArguments, textOf, textsOf } from './user-arguments.ts'

const example = 'switchroom center check ./my-center'

/** `switchroom center check` */
export const centerCheck: Command = {
  name: 'center check',
  summary: 'say what is wrong with the files of a center, with line and column',
  usage: `switchroom center check [<folder>] [--format json]

  <folder>            the center (default: the demo center)
  --format json       for programs: { findings, errors, warnings }

Checks the files of config/, and the flows with the number plan that names them. Ends with exit code 1 when there are
errors; warnings are for people. Nothing is started or changed.`,
  example,
  async run(args) {
    const given = readArguments(args, { format: { type: 'string' } }, example)
    const [folder = textOf(given.values['center']), ...others] = given.positionals
    const format = textOf(given.values['format']) ?? 'text'
    if (others.length > 0 || !['text', 'json'].includes(format)) {
      const found = others.length > 0 ? others.join(' ') : `--format ${format}`
      throw new SwitchroomError('USAGE', `expected one folder and --format text or json, found ${found}`, {
        remedy: example,
      })
    }
    const { center } = await loadSettings(textsOf(given.values['set']), folder)
    const { files, findings } = checkCenter(center, await readTexts(center))
    // What flows name is in the files: while these have errors, every name would be missing.
    const flows = files && (await checkFlows(files))
    const all = [...findings, ...(flows?.faults ?? []), ...(flows?.problems ?? [])]
    const [errors, warnings] = (['error', 'warning'] as const).map(
      (severity) => all.filter((finding) => finding.severity === severity).length,
    )
    if (format === 'json') {
      process.stdout.write(`${JSON.stringify({ findings: all, errors, warnings }, undefined, 2)}\n`)
    } else {
      const seen = files
        ? [
            counted(files.queues.length, 'queue'),
            counted(files.teams.length, 'team'),
            counted(flows?.flows.size ?? 0, 'flow'),
          ]
        : ['flows not looked at']
      const found = [counted(errors ?? 0, 'error'), counted(warnings ?? 0, 'warning')]
      process.stdout.write(`${findingsText(all)}${[...seen, ...found].join(', ')}\n`)
    }
    return errors === 0 ? 0 : 1
  },
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
