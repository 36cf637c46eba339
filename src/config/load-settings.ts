import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Type } from 'typebox'
import { SwitchroomError } from '../errors.ts'
import { defaultSettings, type SettingInfo, type Settings, settingInfos, settingsSchema } from './settings.ts'
import { faultsOf, readYamlFile } from './yaml-file.ts'

/** The settings that are in force, and the folder that holds everything the customer owns. */
export interface Configuration {
  readonly settings: Settings
  /** Absolute path. */
  readonly center: string
}

/** The demo center: this package's own `config/`, `ivr-flows/` and `media/`. */
export const demoCenter = resolve(import.meta.dirname, '../..')

/**
 * Merges, each over the one before: defaults, `config/settings.yaml` of the center, the environment
 * (`SWITCHROOM_HTTP_PORT`), and flags (`--set http.port=18080`). Unknown names are refused wherever they stand.
 *
 * @param sets `name=value` as given to `--set`
 * @param center folder given by `--center`, or SWITCHROOM_CENTER, else the demo center
 * @throws SwitchroomError SETTING_INVALID, SETTINGS_UNREADABLE or CENTER_MISSING
 */
export async function loadSettings(
  sets: readonly string[] = [],
  center?: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Configuration> {
  const folder = resolve(center ?? environment['SWITCHROOM_CENTER'] ?? demoCenter)
  if (!existsSync(join(folder, 'config'))) {
    throw new SwitchroomError(
      'CENTER_MISSING',
      `${folder}: is not a center folder, it has no config/ in it`,
      {
        remedy: `Make one with \`switchroom init ${folder}\`, or name another with --center.`,
      },
    )
  }
  const merged = defaultSettings()
  const file = join(folder, 'config', 'settings.yaml')
  if (existsSync(file)) {
    const found = await readYamlFile(file, fileSchema, 'SETTINGS_UNREADABLE')
    for (const [group, values] of Object.entries(found)) Object.assign(merged[group] ?? {}, values)
  }
  for (const [info, text] of fromEnvironment(environment)) put(merged, info, text, info.env)
  for (const set of sets) {
    const [name = '', ...rest] = set.split('=')
    if (rest.length === 0)
      throw invalid(`--set ${set}: expected name=value`, 'For example --set http.port=18080.')
    put(merged, byName(name, `--set ${set}`), rest.join('='), `--set ${name}`)
  }
  const settings = merged as unknown
  const [fault] = [...faultsOf(settingsSchema, settings), ...rangeFaults(settings as Settings)]
  if (fault) throw invalid(fault, 'config/settings.sample.yaml describes every setting.')
  return { settings: withDataFolder(settings as Settings, folder), center: folder }
}

/** What one setting cannot say alone. */
function rangeFaults({ rtp: { minPort, maxPort } }: Settings): string[] {
  if (minPort < maxPort) return []
  return [`rtp.minPort: found ${minPort}, expected less than rtp.maxPort, which is ${maxPort}`]
}

/** The demo center may be read-only, inside an installed package: its data go where the person stands. */
function withDataFolder(settings: Settings, center: string): Settings {
  const dir = settings.data.dir || (center === demoCenter ? 'data' : join(center, 'data'))
  return { ...settings, data: { dir: resolve(dir) } }
}

/** The settings file may leave out what it does not change. */
const fileSchema = Type.Object(
  Object.fromEntries(
    Object.entries(settingsSchema.properties).map(([group, schema]) => [
      group,
      Type.Optional(Type.Object(withoutDefaults(schema.properties), { additionalProperties: false })),
    ]),
  ),
  { additionalProperties: false },
)

function withoutDefaults(
  properties: Record<string, object>,
): Record<string, ReturnType<typeof Type.Optional>> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => {
      const { default: _, ...rest } = schema as { default?: unknown }
      return [key, Type.Optional(Type.Unsafe(rest))]
    }),
  )
}

function* fromEnvironment(environment: NodeJS.ProcessEnv): Generator<[SettingInfo, string]> {
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('SWITCHROOM_') || value === undefined || reserved.test(name)) continue
    const info = settingInfos.find(({ env }) => env === name)
    if (!info) {
      throw invalid(
        `${name}: there is no such setting`,
        `Did you mean ${nearest(
          name,
          settingInfos.map((s) => s.env),
        )}?`,
      )
    }
    yield [info, value]
  }
}

/** Variables that are not settings: the center folder, and what switches tests on. */
const reserved = /^SWITCHROOM_(CENTER$|TEST_|PASSWORD$)/

function byName(name: string, where: string): SettingInfo {
  const info = settingInfos.find(({ path }) => path === name)
  if (info) return info
  throw invalid(
    `${where}: there is no setting ${name}`,
    `Did you mean ${nearest(
      name,
      settingInfos.map((s) => s.path),
    )}?`,
  )
}

function put(
  merged: Record<string, Record<string, unknown>>,
  info: SettingInfo,
  text: string,
  where: string,
): void {
  ;(merged[info.group] ??= {})[info.key] = read(info, text, where)
}

function read(info: SettingInfo, text: string, where: string): unknown {
  if (info.type === 'string') return text
  if (info.type === 'list') return text === '' ? [] : text.split(',').map((item) => item.trim())
  if (info.type === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true'
    throw invalid(`${where}: found "${text}", expected true or false`, info.description)
  }
  const number = Number(text)
  if (text.trim() !== '' && Number.isFinite(number)) return number
  throw invalid(`${where}: found "${text}", expected a number`, info.description)
}

function invalid(message: string, remedy: string): SwitchroomError {
  return new SwitchroomError('SETTING_INVALID', message, { remedy })
}

/** The name with the smallest edit distance (Levenshtein). */
function nearest(name: string, names: readonly string[]): string {
  const distance = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, i) => i)
    for (let i = 1; i <= a.length; i++) {
      const next = [i]
      for (let j = 1; j <= b.length; j++) {
        const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
        next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
      }
      row = next
    }
    return row[b.length] ?? 0
  }
  return names.toSorted((a, b) => distance(name, a) - distance(name, b))[0] ?? ''
}
