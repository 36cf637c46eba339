import { realpathSync } from 'node:fs'
import { errorText, SwitchroomError } from '../errors.ts'
import type { Command } from './command.ts'
import { commands } from './commands.ts'

/**
 * The `switchroom` program: finds the command, runs it, and shows errors as one message with its remedy.
 * @returns the exit code: 0 done, 1 failed, 2 called wrongly
 */
export async function switchroom(args: readonly string[]): Promise<number> {
  try {
    const command = findCommand(args)
    if (!command) return overview(args)
    const rest = args.slice(command.name.split(' ').length)
    if (rest.includes('--help') || rest.includes('-h')) return help(command)
    return await command.run(rest)
  } catch (error) {
    if (!(error instanceof SwitchroomError)) throw error
    process.stderr.write(`${errorText(error)}\n`)
    return error.code === 'USAGE' ? 2 : 1
  }
}

function findCommand(args: readonly string[]): Command | undefined {
  return commands
    .filter(({ name }) => name.split(' ').every((word, i) => args[i] === word))
    .toSorted((a, b) => b.name.length - a.name.length)[0]
}

function overview(args: readonly string[]): number {
  const [word] = args
  const width = Math.max(...commands.map(({ name }) => name.length))
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  const text = `switchroom: a customer interaction center\n\n${lines.join('\n')}\n\nswitchroom <command> --help says more.\n`
  if (word === undefined || word === '--help' || word === '-h' || word === 'help') {
    process.stdout.write(text)
    return word === undefined ? 2 : 0
  }
  const partial = commands.filter(({ name }) => name.startsWith(`${word} `)).map(({ name }) => name)
  throw new SwitchroomError('USAGE', `there is no command "${args.slice(0, 2).join(' ')}"`, {
    remedy:
      partial.length > 0
        ? `Did you mean ${partial.join(' or ')}?`
        : '`switchroom --help` lists every command.',
  })
}

function help({ name, summary, usage, example }: Command): number {
  process.stdout.write(`switchroom ${name}: ${summary}\n\n${usage}\n\nExample:\n  ${example}\n`)
  return 0
}

const script = process.argv[1]
if (script !== undefined && realpathSync(script) === import.meta.filename) {
  process.exitCode = await switchroom(process.argv.slice(2))
}
