import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { placeText } from '../../../src/config/center-finding.ts'
import { trunksSchema } from '../../../src/config/trunk-schema.ts'
import { centerTrunks, trunkFaults } from '../../../src/config/trunks.ts'
import { readYamlSource } from '../../../src/config/yaml-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** A center folder with this `trunks.yaml`. */
async function center(yaml: string) {
  const { path, remove } = await tempFolder('trunks')
  onTestFinished(remove)
  await mkdir(join(path, 'config'))
  await writeFile(join(path, 'config/trunks.yaml'), yaml)
  const file = await readYamlSource(join(path, 'config/trunks.yaml'), trunksSchema, 'CENTER_INVALID')
  return {
    path,
    file,
    trunks: centerTrunks(path, file),
    faults: trunkFaults(file).map(({ message, ...place }) => `${placeText(place)} ${message}`),
  }
}

const PROVIDER = `
trunks:
  provider:
    name: Example Telecom
    hosts: ["sip.example.com", "192.0.2.5:5080"]
    register: true
    username: account
    password: { env: PROVIDER_PASSWORD }
    numbers: { countryCode: "1", receives: national }
  pbx: { name: PBX, hosts: ["192.0.2.10"], transport: tcp, health: { every: 0s }, realm: pbx, callerId: "+12025550100" }
routes:
  "_+1NXXNXXXXXX": { name: North America, trunks: [provider, pbx] }
  "+12025550199": { name: The duty officer, trunks: [pbx] }
`

describe('trunks.yaml', () => {
  test('says how each trunk is reached; what it leaves out is filled in', async () => {
    const { trunks, faults } = await center(PROVIDER)
    expect(faults).toEqual([])
    const [provider, pbx] = await trunks.open({ PROVIDER_PASSWORD: 'geheim' })
    expect(provider).toEqual({
      name: 'provider',
      hosts: ['sip.example.com', '192.0.2.5:5080'],
      transport: 'udp',
      trusted: false,
      identity: 'none',
      sources: [],
      credentials: { username: 'account', password: 'geheim' },
      registration: { expires: 300 },
      health: { everyMs: 30_000, failures: 3, successes: 1 },
      numbers: {
        countryCode: '1',
        nationalPrefix: '',
        internationalPrefix: '00',
        receives: 'national',
        sends: 'e164',
        received: { strip: 0, prepend: '' },
        sent: { strip: 0, prepend: '' },
      },
    })
    expect(pbx).not.toHaveProperty('health')
    expect(pbx).toMatchObject({ transport: 'tcp', realm: 'pbx', callerId: '+12025550100' })
  })

  test('routes a number over the trunks of the closest pattern', async () => {
    const { trunks } = await center(PROVIDER)
    expect(trunks.routeOf('+12025550123')).toEqual(['provider', 'pbx'])
    expect(trunks.routeOf('+12025550199')).toEqual(['pbx'])
    expect(trunks.routeOf('+442079460018')).toBeUndefined()
  })

  test('of a center that has none routes nothing', async () => {
    const trunks = centerTrunks('/nowhere', undefined)
    expect(trunks.routeOf('+12025550123')).toBeUndefined()
    expect(await trunks.open({})).toEqual([])
  })

  test('takes a password from a file of the center', async () => {
    const { path, trunks } = await center(
      PROVIDER.replace('{ env: PROVIDER_PASSWORD }', '{ file: secrets/provider }'),
    )
    await expect(trunks.open({})).rejects.toThrow(/trunks.yaml:8:5 .*secrets\/provider cannot be read/)
    await mkdir(join(path, 'secrets'))
    await writeFile(join(path, 'secrets/provider'), '\n')
    await expect(trunks.open({})).rejects.toThrow(/trunks.yaml:8:5 .* is empty/)
    await writeFile(join(path, 'secrets/provider'), 'geheim\n')
    expect((await trunks.open({}))[0]?.credentials).toEqual({ username: 'account', password: 'geheim' })
  })

  test('names the line whose variable is not set', async () => {
    const { trunks } = await center(PROVIDER)
    await expect(trunks.open({})).rejects.toThrow(
      /trunks.yaml:8:5 the environment variable PROVIDER_PASSWORD is not set/,
    )
  })

  test.each([
    ['    username: account\n', '', /:3:3 provider lacks username/],
    ['    password: { env: PROVIDER_PASSWORD }\n', '', /:3:3 provider lacks password/],
    ['countryCode: "1", ', '', /:9:16 national numbers need countryCode/],
    ['192.0.2.5:5080', '192.0.2.5:70000', /:5:\d+ 192.0.2.5:70000 has no port/],
    ['transport: tcp', 'sources: ["192.0.2.300"]', /:10:\d+ 192.0.2.300 is no IPv4 address/],
    ['transport: tcp', 'sources: ["192.0.2.0/33"]', /:10:\d+ 192.0.2.0\/33 is no IPv4 address/],
    ['[provider, pbx]', '[provider, pbz]', /:12:\d+ there is no trunk pbz/],
    ['_+1NXXNXXXXXX', '_+1Q', /:12:3 _\+1Q: found Q/],
    ['"+12025550199"', '"_+1XXXXXXXXXX"', undefined],
    ['"+12025550199"', '"_+1XXXNXXXXXX"', undefined],
    ['"+12025550199"', '"_+1[3-9]XXNXXXXXX"', undefined],
    ['"+12025550199"', '"_+1[2-9]XXNXXXXXX"', /:13:3 .* and _\+1NXXNXXXXXX \(.*:12:3\) fit the same/],
  ])('%j as %j', async (before, after, fault) => {
    expect(PROVIDER).toContain(before)
    const { faults } = await center(PROVIDER.replace(before, after))
    expect(faults).toEqual(fault ? [expect.stringMatching(fault)] : [])
  })

  test('has no place for a password itself', async () => {
    await expect(center(PROVIDER.replace('{ env: PROVIDER_PASSWORD }', 'geheim'))).rejects.toThrow(
      /trunks.yaml:8:5/,
    )
  })
})
