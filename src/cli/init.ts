import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { demoCenter } from '../config/load-settings.ts'
import { settingsSample } from '../config/settings-sample.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import type { Command } from './command.ts'

/** What every new center gets of the demo's media: the rest belongs to the demo's own flows. */
const sharedMedia =
  /^(music\/hold|prompts\/[^/]+\/(beep|shutdown|digits\/[^/]+|numbers\/[^/]+|durations\/[^/]+))\.wav$/

/** `switchroom init`: a center folder of one's own. */
export const init: Command = {
  name: 'init',
  summary: 'make a center folder of your own',
  usage: `switchroom init <folder> [--demo]

  <folder>   where; must be empty or not be there yet
  --demo     a copy of the demo center, with its people, customers and known password`,
  example: 'switchroom init ./my-center',
  async run(args) {
    const { folder, demo } = read(args)
    await refuseUnlessEmpty(folder)
    if (demo) await copyDemo(folder)
    else await makeMinimal(folder)
    await cp(join(demoCenter, 'config/schemas'), join(folder, 'config/schemas'), { recursive: true })
    await cp(join(demoCenter, 'ivr-flows/flow.schema.json'), join(folder, 'ivr-flows/flow.schema.json'))
    await writeFile(join(folder, 'config/settings.yaml'), settings())
    await writeFile(join(folder, '.gitignore'), 'data/\n')
    process.stdout.write(await nextSteps(folder, demo))
    return 0
  },
}

function read(args: readonly string[]): { folder: string; demo: boolean } {
  const usage = (message: string): SwitchroomError =>
    new SwitchroomError('USAGE', message, { remedy: 'For example: switchroom init ./my-center' })
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { demo: { type: 'boolean', default: false } },
    })
    const [folder, ...others] = positionals
    if (folder === undefined || others.length > 0) {
      throw usage(
        `init takes one folder, found ${positionals.length === 0 ? 'none' : positionals.join(', ')}`,
      )
    }
    return { folder: resolve(folder), demo: values.demo }
  } catch (error) {
    throw error instanceof SwitchroomError ? error : usage(messageOf(error))
  }
}

async function refuseUnlessEmpty(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    if ((await readdir(folder)).length === 0) return
  } catch (cause) {
    throw new SwitchroomError('USAGE', `${folder}: no folder can be made there: ${messageOf(cause)}`, {
      remedy: 'Name another place.',
      cause,
    })
  }
  throw new SwitchroomError('USAGE', `${folder}: is not empty; nothing in it has been touched`, {
    remedy: 'Name a folder that is empty or not there yet.',
  })
}

async function makeMinimal(folder: string): Promise<void> {
  await cp(join(demoCenter, 'config/new-center'), folder, { recursive: true })
  await copyMedia(folder, (file) => sharedMedia.test(file))
}

async function copyDemo(folder: string): Promise<void> {
  const files = async (name: string): Promise<string[]> =>
    (await readdir(join(demoCenter, name)))
      .filter((file) => file.endsWith('.yaml') && !file.startsWith('settings.'))
      .map((file) => join(name, file))
  for (const file of [...(await files('config')), ...(await files('ivr-flows'))]) {
    await cp(join(demoCenter, file), join(folder, file))
  }
  await copyMedia(folder, () => true)
}

/** Copies the files, and what `prompts render` remembers of them. */
async function copyMedia(folder: string, chosen: (file: string) => boolean): Promise<void> {
  const from = join(demoCenter, 'media')
  const entries = await readdir(from, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const file = relative(from, join(entry.parentPath, entry.name)).replaceAll('\\', '/')
    if (entry.isFile() && file.endsWith('.wav') && chosen(file)) {
      await cp(join(from, file), join(folder, 'media', file))
    }
  }
  const rendered: unknown = JSON.parse(await readFile(join(from, 'rendered.json'), 'utf8'))
  const kept = Object.entries(Object(rendered)).filter(([file]) => chosen(file))
  await writeFile(
    join(folder, 'media/rendered.json'),
    `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`,
  )
}

/** The sample, under a heading that fits a file which is in use. */
function settings(): string {
  return settingsSample().replace(
    /^#.*\n/,
    '# Settings of this center. Open the lines that you want to change.\n',
  )
}

async function nextSteps(folder: string, demo: boolean): Promise<string> {
  const flows = (await readdir(join(folder, 'ivr-flows'))).filter((file) => file.endsWith('.flow.yaml'))
  const fromHere = relative(process.cwd(), folder)
  const shown = fromHere === '' || fromHere.startsWith('..') ? folder : fromHere
  const people = demo
    ? '  Sign in as the people in config/demo.yaml: their password stands there too.'
    : '  switchroom user add --help      how people are made; nobody can sign in yet'
  return `A new center is in ${folder}:
  config/      queues, skills, numbers, opening hours, settings (all commented out)
  ivr-flows/   ${flows.join(', ')}
  media/       digits, numbers, durations, beep and music on hold

Next:
  switchroom center check ${shown}
  switchroom start --center ${shown}
${people}
  docs/center.md describes every file and every key.
`
}
