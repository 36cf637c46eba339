import { SwitchroomError } from '../../errors.ts'

export interface Host {
  readonly host: string
  readonly port: number
}

interface Credentials {
  readonly tls: boolean
  readonly username?: string
  readonly password?: string
}

/** Where Redis or Valkey is. */
export type RedisAddress = Credentials &
  (
    | { readonly kind: 'single'; readonly hosts: readonly Host[]; readonly db: number }
    /** The hosts are the Sentinels; they know where the master of this name is. */
    | {
        readonly kind: 'sentinel'
        readonly hosts: readonly Host[]
        readonly db: number
        readonly master: string
      }
    /** The hosts are some of the Cluster's nodes; they know the others. */
    | { readonly kind: 'cluster'; readonly hosts: readonly Host[] }
  )

const FORM =
  /^(?<scheme>rediss?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<username>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^@/?#]+)(?:\/(?<path>[^?#]*))?$/
const HOST = /^(?<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(?<port>\d{1,5}))?$/

const EXPECTED =
  'redis://[user:password@]host[:port][/db], rediss:// for TLS, ' +
  'redis+sentinel://[user:password@]host:port,host:port/master[/db] or redis+cluster://[user:password@]host:port,host:port'

/**
 * @param url `redis://`, `redis+sentinel://`, `redis+cluster://`, or the same with `rediss` for TLS. Special characters in
 *   user and password are percent-encoded. The user and password are those of Redis; Sentinels are asked without.
 * @throws SwitchroomError SETTING_INVALID; the message does not show the password
 */
export function parseRedisUrl(url: string): RedisAddress {
  const parts = FORM.exec(url)?.groups
  if (!parts) throw invalid(url)
  const { scheme, kind, username, password, hosts = '', path = '' } = parts
  const credentials: Credentials = {
    tls: scheme === 'rediss',
    ...(username && { username: decoded(username, url) }),
    ...(password && { password: decoded(password, url) }),
  }
  const isSentinel = kind === 'sentinel'
  const list = hosts.split(',').map((host) => hostIn(host, isSentinel ? 26_379 : 6379, url))
  if (kind === 'cluster') {
    if (path !== '') throw invalid(url)
    return { ...credentials, kind, hosts: list }
  }
  if (isSentinel) {
    const [master = '', db, ...rest] = path.split('/')
    if (master === '' || rest.length > 0) throw invalid(url)
    return { ...credentials, kind: 'sentinel', hosts: list, master, db: databaseIn(db, url) }
  }
  if (list.length !== 1) throw invalid(url)
  return { ...credentials, kind: 'single', hosts: list, db: databaseIn(path || undefined, url) }
}

/** For messages and the log: without user and password. */
export function placeOf({ kind, hosts }: RedisAddress): string {
  const list = hosts.map(({ host, port }) => `${host}:${port}`).join(', ')
  if (kind === 'single') return `Redis at ${list}`
  return kind === 'sentinel' ? `Redis behind the Sentinels ${list}` : `the Redis Cluster of ${list}`
}

function hostIn(text: string, defaultPort: number, url: string): Host {
  const { host, port } = HOST.exec(text)?.groups ?? {}
  const number = port === undefined ? defaultPort : Number(port)
  if (host === undefined || number < 1 || number > 65_535) throw invalid(url)
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: number }
}

function databaseIn(text: string | undefined, url: string): number {
  if (text === undefined) return 0
  if (!/^\d{1,5}$/.test(text)) throw invalid(url)
  return Number(text)
}

function decoded(text: string, url: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid(url)
  }
}

function invalid(url: string): SwitchroomError {
  const shown = url.replace(/\/\/.*@/, '//...@')
  return new SwitchroomError(
    'SETTING_INVALID',
    `The address of Redis is ${JSON.stringify(shown)}; expected ${EXPECTED}.`,
  )
}
