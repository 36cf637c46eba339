import { existsSync, realpathSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { RealClock } from './clock/real-clock.ts'
import { loadSettings } from './config/load-settings.ts'
import { errorText, messageOf, StandbyStopped, SwitchroomError } from './errors.ts'

/**
 * Runs the server until SIGTERM or SIGINT, then drains it; a second signal ends it at once.
 *
 * Flags: `--set name=value` (any number of times), `--center <folder>`.
 * @returns the exit code: 0 drained, 1 failed, 2 called wrongly
 */
export async function run(args: readonly string[]): Promise<number> {
  const clock = new RealClock()
  // The person has been waiting since the process began, before the first line of this.
  const began = clock.now() - process.uptime() * 1000
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`)
  }
  const signals = listenForSignals()
  try {
    const { sets, center } = flags(args)
    say('switchroom: starting')
    const progress = (step: string): void => {
      say(`  ${((clock.now() - began) / 1000).toFixed(1).padStart(5)} s  ${step}`)
    }
    const configuration = await loadSettings(sets, center)
    keepCompiledCode(configuration.settings.data.dir)
    // Loading takes a while; what is said before that is said at once.
    const { openApp } = await import('./app.ts')
    const app = await openApp(configuration, { clock, progress, ended: signals.asked })
    // Node ends the process after this, and tells the terminal; the log shall have it too.
    process.on('uncaughtExceptionMonitor', (error) => app.logger.fatal({ err: error }, 'the server dies'))
    say(app.welcome())
    say(`ready in ${((clock.now() - began) / 1000).toFixed(1)} s`)
    const end = await Promise.race([
      signals.asked.then((name) => ({ why: name, code: 0 })),
      // Whoever watches over this process starts it again; it is a standby then.
      app.deposed.then((reason) => ({ why: `another process routes (${reason})`, code: 1 })),
    ])
    say(`${end.why}: taking no new calls, ending those that are up; once more ends it at once`)
    await app.stop()
    say('stopped')
    return end.code
  } catch (error) {
    if (error instanceof StandbyStopped) {
      say('stopped')
      return 0
    }
    process.stderr.write(`${errorText(error)}\n`)
    if (!(error instanceof SwitchroomError) && error instanceof Error)
      process.stderr.write(`${error.stack ?? ''}\n`)
    return error instanceof SwitchroomError && error.code === 'USAGE' ? 2 : 1
  } finally {
    signals.ignore()
  }
}

/**
 * What was compiled at one start need not be compiled at the next: a fifth of its time. Kept where nobody else may
 * write, since it is run as it is; not before the folder is there, which is made and locked by its owner.
 */
function keepCompiledCode(dataFolder: string): void {
  if (existsSync(dataFolder)) enableCompileCache(join(dataFolder, 'code'))
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

/** `asked` resolves with the name of the first SIGTERM or SIGINT; the next one, of either, ends the process. */
function listenForSignals(): { readonly asked: Promise<string>; readonly ignore: () => void } {
  const names = ['SIGTERM', 'SIGINT'] as const
  const { promise, resolve } = Promise.withResolvers<string>()
  let heard = false
  const hear = (name: string): void => {
    if (heard) process.exit(130)
    heard = true
    resolve(name)
  }
  for (const name of names) process.on(name, hear)
  return {
    asked: promise,
    ignore: () => {
      for (const name of names) process.off(name, hear)
    },
  }
}

const script = process.argv[1]
if (script !== undefined && realpathSync(script) === import.meta.filename) {
  process.exitCode = await run(process.argv.slice(2))
}
