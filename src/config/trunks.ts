import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Static } from 'typebox'
import { messageOf, SwitchroomError } from '../errors.ts'
import { suggest } from '../flow/problems.ts'
import type { Trunk } from '../telephony/trunk.ts'
import { type CenterFinding, errorAt } from './center-finding.ts'
import { NumberPlan, planFaults } from './number-plan.ts'
import { durationMs } from './schema-parts.ts'
import type { TrunkEntry, trunksSchema } from './trunk-schema.ts'
import type { YamlSource } from './yaml-file.ts'

export type TrunksFile = YamlSource<Static<typeof trunksSchema>>

/** The trunks of a center and what goes over them. */
export interface CenterTrunks {
  /** The names of the trunks that carry a number, in failover order; undefined where the center has no route for it. */
  readonly routeOf: (number: string) => readonly string[] | undefined
  /**
   * Reads the passwords, which are wanted at the start of the server and not for a check of the files.
   * @param env the environment, unless another is given
   * @throws SwitchroomError CENTER_INVALID, naming the line whose variable or file is not there
   */
  readonly open: (env?: Readonly<Record<string, string | undefined>>) => Promise<readonly Trunk[]>
}

const NO_TRUNKS: CenterTrunks = { routeOf: () => undefined, open: async () => [] }

/** @param file undefined where the center has none */
export function centerTrunks(folder: string, file: TrunksFile | undefined): CenterTrunks {
  if (!file) return NO_TRUNKS
  const plan = new NumberPlan(file.value.routes)
  return {
    routeOf: (number) => plan.find(number)?.trunks,
    open: (env = process.env) =>
      Promise.all(
        Object.entries(file.value.trunks).map(async ([name, entry]) => {
          const { username, password } = entry
          if (username === undefined || password === undefined) return trunkOf(name, entry, undefined)
          const where = file.at('trunks', name, 'password')
          const secret = await readSecret(folder, password, env, where)
          return trunkOf(name, entry, { username, password: secret })
        }),
      ),
  }
}

/** What is wrong with the trunks beyond each key by itself. */
export function trunkFaults({ value, place }: TrunksFile): CenterFinding[] {
  const ofTrunks = Object.entries(value.trunks).flatMap(([name, entry]) => {
    const { username, password, register, sources, hosts } = entry
    const fault = (path: readonly string[], message: string, remedy: string): CenterFinding =>
      errorAt(place('trunks', name, ...path), 'BAD_TRUNK', message, remedy)
    const needs = (key: string, why: string): CenterFinding =>
      fault([], `${name} lacks ${key}: ${why}`, `Add ${key}.`)
    return [
      ...(register && username === undefined ? [needs('username', 'it is registered')] : []),
      ...((register || username !== undefined) && password === undefined
        ? [needs('password', 'it has a username or is registered')]
        : []),
      ...(entry.numbers.receives === 'national' && entry.numbers.countryCode === undefined
        ? [fault(['numbers', 'receives'], 'national numbers need countryCode', 'Add countryCode.')]
        : []),
      ...sources.flatMap((source, index) =>
        isAddress(source)
          ? []
          : [
              fault(
                ['sources', String(index)],
                `${source} is no IPv4 address or network`,
                'For example 203.0.113.7 or 203.0.113.0/24.',
              ),
            ],
      ),
      ...hosts.flatMap((host, index) =>
        Number(host.split(':')[1] ?? 5060) <= 65_535
          ? []
          : [fault(['hosts', String(index)], `${host} has no port that exists`, 'Ports end at 65535.')],
      ),
    ]
  })
  const ofRoutes = Object.entries(value.routes).flatMap(([key, { trunks }]) =>
    trunks.flatMap((trunk, index) =>
      Object.hasOwn(value.trunks, trunk)
        ? []
        : [
            errorAt(
              place('routes', key, 'trunks', String(index)),
              'UNKNOWN_TRUNK',
              `there is no trunk ${trunk} in trunks.yaml`,
              suggest(trunk, Object.keys(value.trunks), 'There are no trunks yet: add it.'),
            ),
          ],
    ),
  )
  return [...ofTrunks, ...ofRoutes, ...planFaults(Object.keys(value.routes), (key) => place('routes', key))]
}

function isAddress(source: string): boolean {
  const [, address = '', bits, port] = /^([\d.]+)(?:\/(\d+)|:(\d+))?$/.exec(source) ?? []
  return (
    address.split('.').every((part) => Number(part) <= 255) &&
    Number(bits ?? 32) <= 32 &&
    Number(port ?? 1) <= 65_535
  )
}

async function readSecret(
  folder: string,
  from: NonNullable<TrunkEntry['password']>,
  env: Readonly<Record<string, string | undefined>>,
  where: string,
): Promise<string> {
  if ('env' in from) {
    const value = env[from.env]
    if (value) return value
    throw missing(`${where} the environment variable ${from.env} is not set`, `Set ${from.env}.`)
  }
  const file = resolve(folder, from.file)
  try {
    const value = (await readFile(file, 'utf8')).trim()
    if (value !== '') return value
  } catch (cause) {
    throw missing(`${where} ${file} cannot be read: ${messageOf(cause)}`, 'Put the password there.')
  }
  throw missing(`${where} ${file} is empty`, 'Put the password there.')
}

function missing(message: string, remedy: string): SwitchroomError {
  return new SwitchroomError('CENTER_INVALID', message, { remedy })
}

function trunkOf(name: string, entry: TrunkEntry, credentials: Trunk['credentials']): Trunk {
  const { domain, realm, health, callerId, numbers } = entry
  const everyMs = durationMs(health.every)
  return {
    name,
    hosts: entry.hosts,
    transport: entry.transport,
    trusted: entry.trusted,
    identity: entry.identity,
    sources: entry.sources,
    numbers: {
      nationalPrefix: numbers.nationalPrefix ?? '',
      internationalPrefix: numbers.internationalPrefix ?? '00',
      receives: numbers.receives,
      sends: numbers.sends,
      received: numbers.received,
      sent: numbers.sent,
      ...(numbers.countryCode !== undefined && { countryCode: numbers.countryCode }),
    },
    ...(domain !== undefined && { domain }),
    ...(realm !== undefined && { realm }),
    ...(callerId !== undefined && { callerId }),
    ...(credentials && { credentials }),
    ...(entry.register && {
      registration: { expires: Math.max(60, durationMs(entry.registerEvery) / 1000) },
    }),
    ...(everyMs > 0 && {
      health: { everyMs, failures: health.failures, successes: health.successes },
    }),
  }
}
