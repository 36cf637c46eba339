import { expect, it } from 'vitest'
import {
  activateVersion,
  findVersion,
  listActivations,
  readActiveVersion,
} from '../../src/database/center-versions.ts'
import type { Database } from '../../src/database/open-database.ts'

const one = { hash: 'a'.repeat(64), files: { 'queues.yaml': 'queues: {}\n# "quoted", ünïcode\n' } }
const other = {
  hash: `aaaaaaaa${'b'.repeat(56)}`,
  files: { 'queues.yaml': 'queues: {}\n', 'teams.yaml': '' },
}

/** Versions of a center's rules. */
export function centerConformance(database: () => Database): void {
  it('keeps every version of the rules word for word, and which was active when', async () => {
    expect(await readActiveVersion(database())).toBeUndefined()
    expect(await listActivations(database())).toEqual([])
    await activateVersion(database(), one, { who: 'ada', at: 1000 })
    await activateVersion(database(), other, { who: 'operator', at: 2000 })
    expect(await readActiveVersion(database())).toEqual({ ...other, at: 2000, by: 'operator' })
    await activateVersion(database(), one, { who: 'ada', at: 3000 })
    expect(await readActiveVersion(database())).toEqual({ ...one, at: 3000, by: 'ada' })
    expect((await listActivations(database())).map(({ hash, at }) => [hash, at])).toEqual([
      [one.hash, 3000],
      [other.hash, 2000],
      [one.hash, 1000],
    ])
    expect(await listActivations(database(), 1)).toHaveLength(1)
  })

  it('finds a version by the front of its hash, when that is enough', async () => {
    expect(await findVersion(database(), 'aaaaaaaab')).toEqual(other)
    await expect(findVersion(database(), 'aaaaaa')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(findVersion(database(), 'aaaaaac')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    for (const wrong of ['aaaaa', '%%%%%%', 'A'.repeat(8)]) {
      await expect(findVersion(database(), wrong)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    }
  })

  it('has an audit entry for each activation, with the version before', async () => {
    const rows = await database()
      .selectFrom('auditLog')
      .select(['actor', 'entityId', 'before', 'after'])
      .where('action', '=', 'center.activate')
      .orderBy('id')
      .execute()
    expect(rows).toEqual([
      { actor: 'ada', entityId: one.hash, before: null, after: { hash: one.hash } },
      { actor: 'operator', entityId: other.hash, before: { hash: one.hash }, after: { hash: other.hash } },
      { actor: 'ada', entityId: one.hash, before: { hash: other.hash }, after: { hash: one.hash } },
    ])
  })
}
