import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { loadCenter } from '../config/center.ts'
import { centerNames, FlowLibrary } from '../config/flow-library.ts'
import { loadSettings } from '../config/load-settings.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import { parseFlow } from '../flow/parse-flow.ts'
import { type FlowProblem, formatProblems } from '../flow/problems.ts'
import type { Command } from './command.ts'

const ending = '.flow.yaml'

/** `switchroom flow check`: everything that is wrong with flow files, without starting anything. */
export const flowCheck: Command = {
  name: 'flow check',
  summary: 'say what is wrong with flow files, with line and column',
  usage: `switchroom flow check [<file or folder> ...] [--center <folder>]

  <file or folder>    what is checked (default: all flows of the center, and its number plan)
  --center <folder>   the center whose queues, calendars and prompts the flows name (default: the demo center)

Ends with exit code 1 when there are errors; warnings are for people.`,
  example: 'switchroom flow check --center ./my-center',
  async run(args) {
    const { paths, folder } = read(args)
    const center = await loadCenter((await loadSettings([], folder)).center)
    const names = await centerNames(center)
    const files = (
      await Promise.all((paths.length > 0 ? paths : [join(center.folder, 'ivr-flows')]).map(flowFiles))
    ).flat()
    const problems: FlowProblem[] = []
    for (const file of files) {
      problems.push(...parseFlow(relative(process.cwd(), file), await text(file), names).problems)
    }
    const found = (severity: FlowProblem['severity']) =>
      problems.filter((problem) => problem.severity === severity).length
    const errors = found('error')
    process.stdout.write(formatProblems(problems))
    process.stdout.write(
      `${counted(files.length, 'flow')}, ${counted(errors, 'error')}, ${counted(found('warning'), 'warning')}\n`,
    )
    if (errors > 0) return 1
    if (paths.length === 0) await FlowLibrary.load(center)
    return 0
  },
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

function read(args: readonly string[]): { paths: readonly string[]; folder: string | undefined } {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      options: { center: { type: 'string' } },
      allowPositionals: true,
    })
    return { paths: positionals, folder: values.center }
  } catch (error) {
    throw new SwitchroomError('USAGE', messageOf(error), { remedy: '`switchroom flow check --help`' })
  }
}

async function flowFiles(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const files = await readdir(path)
    return files
      .filter((file) => file.endsWith(ending))
      .toSorted()
      .map((file) => join(path, file))
  } catch (error) {
    throw unreadable(path, error)
  }
}

async function text(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw unreadable(file, error)
  }
}

function unreadable(path: string, error: unknown): SwitchroomError {
  return new SwitchroomError('NOT_FOUND', `${path} cannot be read: ${messageOf(error)}`, {
    remedy: `Name flow files (*${ending}), or a folder of them.`,
    cause: error,
  })
}
