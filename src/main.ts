import { realpathSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openApp } from './app.ts'
import { RealClock } from './clock/real-clock.ts'
import { loadSettings } from './config/load-settings.ts'
import { errorText, messageOf, SwitchroomError } from './errors.ts'

/**
 * Runs the server until SIGTERM or SIGINT, then drains it.
 *
 * Flags: `--set name=value` (any number of times), `--center <folder>`.
 * @returns the exit code
 */
export async function run(args: readonly string[]): Promise<number> {
  const clock = new RealClock()
  const began = clock.now()
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`)
  }
  try {
    const { sets, center } = flags(args)
    say('switchroom: starting')
    const stopAsked = signal()
    const progress = (step: string): void => {
      say(`  ${((clock.now() - began) / 1000).toFixed(1).padStart(5)} s  ${step}`)
    }
    const app = await openApp(await loadSettings(sets, center), { clock, progress })
    say(app.welcome())
    say(`ready in ${((clock.now() - began) / 1000).toFixed(1)} s`)
    const name = await stopAsked
    say(`${name}: taking no new calls, ending those that are up`)
    await app.stop()
    say('stopped')
    return 0
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`)
    if (!(error instanceof SwitchroomError) && error instanceof Error)
      process.stderr.write(`${error.stack ?? ''}\n`)
    return 1
  }
}

function flags(args: readonly string[]): { sets: readonly string[]; center: string | undefined } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { set: { type: 'string', multiple: true }, center: { type: 'string' } },
    })
    return { sets: values.set ?? [], center: values.center }
  } catch (error) {
    throw new SwitchroomError('USAGE', messageOf(error), {
      remedy: 'Flags are --set name=value and --center <folder>, for example --set http.port=18080.',
    })
  }
}

/** Resolves with the name of the first SIGTERM or SIGINT; a second one ends the process at once. */
function signal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.once(name, () => {
        resolve(name)
        process.once(name, () => process.exit(130))
      })
    }
  })
}

const script = process.argv[1]
if (script !== undefined && realpathSync(script) === import.meta.filename) {
  process.exitCode = await run(process.argv.slice(2))
}
