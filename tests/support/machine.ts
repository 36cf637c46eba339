/** What the machine has without us: its own Node and npm, as a newcomer would use them. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { finish } from './process.ts'

const folders = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))

/** The environment of a plain terminal: nothing of the npm that runs the tests, and no Node but the machine's. */
export const plainEnvironment: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => /^(npm_|node|vite|vitest)/i.test(name))
      .map((name) => [name, undefined]),
  ),
  CI: undefined,
  PATH: folders.join(delimiter),
}

/** The machine's own Node; undefined when there is none. */
export const machineNode = folders.map((folder) => join(folder, 'node')).find((file) => existsSync(file))

/** Its major version, 0 when there is none. */
export async function machineNodeVersion(): Promise<number> {
  if (machineNode === undefined) return 0
  return Number(/^v(\d+)/.exec((await finish(machineNode, ['--version'])).output)?.[1] ?? 0)
}
