/**
 * The container files of the Asterisk backend cannot be run by the tests; so it is checked that they are well formed,
 * and that everything they name exists: settings, paths, ports and variables. The configuration itself is what the
 * tests with a real Asterisk run on.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadSettings } from '../../src/config/load-settings.ts'
import { settingInfos } from '../../src/config/settings.ts'

const docker = join(import.meta.dirname, '../../docker')
const read = (name: string): string => readFileSync(join(docker, name), 'utf8')

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
}

const text = read('compose.asterisk.yaml')
const { services, volumes } = parse(text.replaceAll(/\$\{\w+:\?[^}]*\}/g, 'given')) as {
  readonly services: Readonly<Record<'server' | 'asterisk', Service>>
  readonly volumes: Readonly<Record<string, null>>
}

describe('compose.asterisk.yaml', () => {
  it('uses the variables of its sample, all of them and no others', () => {
    const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name))
    const sample = [...read('.env.asterisk.sample').matchAll(/^(\w+)=./gm)].map(([, name]) => name)
    expect(used).toEqual(new Set(sample))
  })

  it('gives the server settings that it accepts, and both the same password and port', async () => {
    const { settings } = await loadSettings([], undefined, services.server.environment ?? {})
    expect(settings.telephony.backend).toBe('asterisk')
    expect(settings.asterisk.password).toBe(services.asterisk.environment?.['ARI_PASSWORD'])
    const [, address, port] = /bindaddr=(\S+)\s+bindport=(\d+)/.exec(read('asterisk/http.conf')) ?? []
    expect(settings.asterisk.servers).toEqual([`http://${address}:${port}`])
    for (const file of ['ari_user.conf', 'manager_user.conf'])
      expect(read(`asterisk/${file}`)).toContain(`[${settings.asterisk.username}]`)
  })

  it('names volumes and files that exist, and waits for what says that it is healthy', () => {
    for (const mount of services.asterisk.volumes ?? [])
      expect(Object.keys(volumes)).toContain(mount.split(':')[0])
    const { context = '', dockerfile = '' } = services.asterisk.build ?? {}
    expect(statSync(join(docker, context, dockerfile)).isFile()).toBe(true)
    expect(services.server.depends_on?.['asterisk']?.condition).toBe('service_healthy')
    expect(services.asterisk.healthcheck).toBeDefined()
  })

  it('tells the ports that are configured', () => {
    const rtp = read('asterisk/rtp.conf')
    const [first, last] = [/rtpstart=(\d+)/, /rtpend=(\d+)/].map((each) => each.exec(rtp)?.[1])
    expect(text).toContain(`${first}-${last} (UDP)`)
    const audio = settingInfos.find(({ path }) => path === 'asterisk.mediaPort')?.fallback
    expect(text).toContain(`127.0.0.1:${String(audio)}`)
  })
})

describe('docker/asterisk', () => {
  it('has a Dockerfile that takes along all of the configuration', () => {
    const copied = /COPY --chown=asterisk:asterisk ([\s\S]*?) \/etc\/asterisk\//.exec(
      read('asterisk/Dockerfile'),
    )
    const configuration = readdirSync(join(docker, 'asterisk')).filter((name) => name.endsWith('.conf'))
    expect(copied?.[1]?.replaceAll('\\\n', ' ').split(/\s+/)).toEqual(configuration)
  })

  it('has a dialplan that hands calls to the application of the settings', () => {
    const application = String(settingInfos.find(({ path }) => path === 'asterisk.application')?.fallback)
    expect(read('asterisk/extensions.conf')).toContain(`Stasis(${application},offered,`)
  })

  it('starts Asterisk with the password of the environment, and not without one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'switchroom-asterisk-'))
    try {
      writeFileSync(join(folder, 'asterisk'), '#!/bin/sh\necho "asterisk $*"\n')
      chmodSync(join(folder, 'asterisk'), 0o755)
      const run = (env: Readonly<Record<string, string>>) =>
        spawnSync('sh', [join(docker, 'asterisk/start.sh')], {
          env: { PATH: `${folder}:/usr/bin:/bin`, ASTERISK_ETC: folder, ...env },
          encoding: 'utf8',
        })
      expect(run({ ARI_PASSWORD: 'a secret' })).toMatchObject({ status: 0, stdout: 'asterisk -f -n\n' })
      const file = join(folder, 'ari_user.conf')
      expect(readFileSync(file, 'utf8')).toBe('[switchroom]\ntype=user\npassword=a secret\n')
      expect(statSync(file).mode & 0o077).toBe(0)
      const manager = join(folder, 'manager_user.conf')
      expect(readFileSync(manager, 'utf8')).toBe('[switchroom](switchroom-reader)\nsecret=a secret\n')
      expect(statSync(manager).mode & 0o077).toBe(0)
      const without = run({})
      expect(without.status).not.toBe(0)
      expect(without.stderr).toContain('ARI_PASSWORD')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
