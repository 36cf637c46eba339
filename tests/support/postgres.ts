/**
 * A private PostgreSQL cluster in a temporary folder, without fsync. PostgreSQL refuses to run as root: then it
 * runs as the user `postgres`, which its package makes.
 */
import { chown } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { program } from './peers.ts'
import { freePort } from './ports.ts'
import { finish, start } from './process.ts'
import { tempFolder } from './temp-folder.ts'

export interface Postgres extends AsyncDisposable {
  readonly port: number
  /** Of the database `postgres`, as a superuser. */
  readonly url: string
  stop(): Promise<void>
}

export async function startPostgres(): Promise<Postgres> {
  const binaries = dirname(program('postgres'))
  const folder = await tempFolder('postgres')
  const owner = await serverUser()
  if (owner.ids) await chown(folder.path, owner.ids.user, owner.ids.group)
  const cluster = join(folder.path, 'cluster')
  const as = (command: string, args: readonly string[]): [string, string[]] => [
    owner.command[0] ?? join(binaries, command),
    [...owner.command.slice(1), ...(owner.command.length > 0 ? [join(binaries, command)] : []), ...args],
  ]
  const initdb = ['-D', cluster, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  const made = await finish(...as('initdb', initdb), { cwd: folder.path })
  if (made.code !== 0) throw new Error(`initdb failed:\n${made.output}`)

  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${folder.path}`,
    'fsync=off',
    'max_connections=50',
  ]
  const args = ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])]
  const server = start(...as('postgres', args), { cwd: folder.path })
  const stop = async (): Promise<void> => {
    // SIGINT is its fast shutdown: it does not wait for clients.
    server.signal('SIGINT')
    await server.ended
    await folder.remove()
  }
  try {
    await server.line(/ready to accept connections/)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    port,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

interface ServerUser {
  /** Put before a command so that it runs as that user; empty: as it is. */
  readonly command: readonly string[]
  readonly ids?: { readonly user: number; readonly group: number }
}

async function serverUser(): Promise<ServerUser> {
  if (userInfo().uid !== 0) return { command: [] }
  const idOf = async (flag: string): Promise<number> =>
    Number((await finish('id', [flag, 'postgres'])).output)
  const ids = { user: await idOf('-u'), group: await idOf('-g') }
  const command = ['setpriv', `--reuid=${ids.user}`, `--regid=${ids.group}`, '--init-groups']
  return { command, ids }
}
