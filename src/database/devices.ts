import type { Logger } from 'pino'
import type { DeviceCredentials, FindCredentials } from '../telephony/telephony.ts'
import type { Database } from './tables.ts'

/**
 * Looks up what a device must prove. A device of a disabled person has no credentials; neither has one whose
 * password was hashed for another realm (`sip.realm` was changed): that is logged, since nobody could register.
 */
export function credentialsFinder(database: Database, realm: string, logger: Logger): FindCredentials {
  const find = async (device: string): Promise<DeviceCredentials | undefined> => {
    const found = await database
      .selectFrom('devices')
      .innerJoin('users', 'users.id', 'devices.userId')
      .select(['devices.realm', 'devices.ha1Md5', 'devices.ha1Sha256'])
      .where('devices.name', '=', device)
      .where('users.enabled', '=', true)
      .executeTakeFirst()
    if (!found) return undefined
    if (found.realm !== realm) {
      logger.warn(
        { device, realm, storedRealm: found.realm },
        'password is for another sip.realm: set it again',
      )
      return undefined
    }
    return { device, ha1: { md5: found.ha1Md5, sha256: found.ha1Sha256 } }
  }
  const list = credentialsLister(database, realm)
  return Object.assign(find, { names: async () => new Set((await list()).map(({ device }) => device)) })
}

/** The credentials of every device that may register: of enabled people, hashed for this realm. */
export function credentialsLister(
  database: Database,
  realm: string,
): () => Promise<readonly DeviceCredentials[]> {
  return async () => {
    const found = await database
      .selectFrom('devices')
      .innerJoin('users', 'users.id', 'devices.userId')
      .select(['devices.name', 'devices.ha1Md5', 'devices.ha1Sha256'])
      .where('devices.realm', '=', realm)
      .where('users.enabled', '=', true)
      .execute()
    return found.map(({ name, ha1Md5, ha1Sha256 }) => ({
      device: name,
      ha1: { md5: ha1Md5, sha256: ha1Sha256 },
    }))
  }
}
