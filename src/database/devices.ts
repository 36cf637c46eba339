import type { Logger } from 'pino'
import type { FindCredentials } from '../telephony/telephony.ts'
import type { Database } from './tables.ts'

/**
 * Looks up what a device must prove. A device of a disabled person has no credentials; neither has one whose
 * password was hashed for another realm (`sip.realm` was changed): that is logged, since nobody could register.
 */
export function credentialsFinder(database: Database, realm: string, logger: Logger): FindCredentials {
  return async (device) => {
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
}
