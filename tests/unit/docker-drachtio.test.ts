/**
 * The container files of the drachtio backend cannot be run by the tests; so it is checked that they are well formed,
 * and that everything they name exists: settings, paths, ports, modules and variables.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadSettings } from '../../src/config/load-settings.ts'

const docker = join(import.meta.dirname, '../../docker')
const read = (name: string): string => readFileSync(join(docker, name), 'utf8')

interface Service {
  readonly image?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
}

const sample = Object.fromEntries(
  `${read('.env.sample')}\n${read('.env.drachtio.sample')}`
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('=') as [string, string]),
)
const text = read('compose.drachtio.yaml')
const filled = text.replaceAll(/\$\{(\w+):\?[^}]*\}/g, (_, name: string) => sample[name] ?? '')
const { services, volumes } = parse(filled) as {
  readonly services: Readonly<Record<'server' | 'drachtio' | 'freeswitch', Service>>
  readonly volumes: Readonly<Record<string, null>>
}

describe('compose.drachtio.yaml', () => {
  it('uses variables that the samples have, and every one of its own', () => {
    const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name))
    expect([...used].filter((name) => !sample[name ?? ''])).toEqual([])
    const own = [...read('.env.drachtio.sample').matchAll(/^(\w+)=/gm)].map(([, name]) => name)
    expect(own.filter((name) => !used.has(name))).toEqual([])
  })

  it('gives the server settings that it accepts', async () => {
    const { settings } = await loadSettings([], undefined, services.server.environment ?? {})
    expect(settings.telephony.backend).toBe('drachtio')
    expect(settings.drachtio.mediaServers).toEqual(['127.0.0.1:8021'])
  })

  it('lets them find each other', async () => {
    const { settings } = await loadSettings([], undefined, services.server.environment ?? {})
    const { environment = {} } = services.freeswitch
    const [address] = settings.drachtio.mediaServers
    expect(address).toBe(`${environment['EVENT_SOCKET_IP']}:${environment['EVENT_SOCKET_PORT']}`)
    expect(environment['EVENT_SOCKET_PASSWORD']).toBe(settings.drachtio.mediaPassword)
    expect(services.drachtio.command).toContain(settings.drachtio.secret)
    const admin = /<admin port="(\d+)"[^>]*>([^<]+)</.exec(read('drachtio/drachtio.conf.xml'))
    expect(admin?.slice(1)).toEqual([String(settings.drachtio.port), settings.drachtio.host])
  })

  it('mounts files that exist, and what FreeSWITCH plays and records under the paths of the server', () => {
    const mounts = [services.drachtio, services.freeswitch].flatMap(({ volumes: all = [] }) => all)
    for (const [from = '', to] of mounts.map((mount) => mount.split(':'))) {
      if (from.startsWith('./') && from !== sample['CENTER_FOLDER'])
        expect(existsSync(join(docker, from)), from).toBe(true)
      else if (!from.startsWith('.')) expect(Object.keys(volumes), `${from}:${to}`).toContain(from)
    }
    const base = parse(read('compose.yaml')) as { services: { server: Service } }
    const paths = (service: Service): string[] =>
      (service.volumes ?? []).map((mount) => mount.replace(/^\$\{[^}]*\}/, 'x').split(':')[1] ?? '')
    expect(paths(services.freeswitch)).toEqual(expect.arrayContaining(paths(base.services.server)))
  })

  it('waits for what says that it is healthy', () => {
    for (const [name, { condition }] of Object.entries(services.server.depends_on ?? {})) {
      const service = services[name as keyof typeof services]
      expect(service).toBeDefined()
      if (condition === 'service_healthy') expect(service.healthcheck).toBeDefined()
    }
  })
})

describe('docker/freeswitch', () => {
  const xml = read('freeswitch/freeswitch.xml')

  it('has every variable that it uses from the environment, which the compose file sets', () => {
    const defined = [...xml.matchAll(/cmd="env-set" data="(\w+)=\$(\w+)"/g)]
    const names = defined.map(([, name]) => name)
    const used = new Set([...xml.matchAll(/\$\$\{(\w+)\}/g)].map(([, name]) => name))
    expect(new Set(names)).toEqual(used)
    const given = Object.keys(services.freeswitch.environment ?? {})
    expect(new Set(defined.map(([, , variable]) => variable))).toEqual(new Set(given))
  })

  it('closes every element that it opens', () => {
    const open: string[] = []
    for (const [, end, name = '', rest = ''] of xml
      .replaceAll(/<!--[\s\S]*?-->/g, '')
      .matchAll(/<(\/?)([\w-]+)((?:\s[^<>]*?)?\/?)>/g)) {
      if (end) expect(open.pop()).toBe(name)
      else if (!rest.endsWith('/')) open.push(name)
    }
    expect(open).toEqual([])
  })

  it('has the profile that the settings name, which offers plain RTP and takes calls without SDP', async () => {
    const { settings } = await loadSettings([], undefined, {})
    expect(xml).toContain(`<profile name="${settings.drachtio.profile}">`)
    expect(xml).toContain('rtp_secure_media_inbound=forbidden')
    expect(xml).toContain('<param name="enable-3pcc" value="true"/>')
  })
})
