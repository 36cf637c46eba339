import { join } from 'node:path'
import { pino } from 'pino'
import type { Skills } from '../acd/contract.ts'
import { RealClock } from '../clock/real-clock.ts'
import { skillsSchema } from '../config/center-schema.ts'
import type { Configuration } from '../config/load-settings.ts'
import { parseYaml, readYamlFile } from '../config/yaml-file.ts'
import { readActiveVersion } from '../database/center-versions.ts'
import type { DataFolder } from '../database/data-folder.ts'
import { type Database, openDatabase } from '../database/open-database.ts'
import { addPerson, listPeople, setEnabled, setPassword, setPhone, setSkills } from '../database/people.ts'
import { SwitchroomError } from '../errors.ts'
import type { PeopleAccess } from './user-people.ts'

/** People in the database itself, while no server runs. Gives the data folder back when it is closed. */
export async function peopleInDatabase(
  data: DataFolder,
  { settings, center }: Configuration,
): Promise<PeopleAccess> {
  const clock = new RealClock()
  const { url } = settings.database
  const { realm } = settings.sip
  const by = () => ({ who: 'operator', at: clock.now() })
  try {
    const database = await openDatabase(
      url === '' ? { kind: 'pglite', folder: join(data.path, 'database') } : { kind: 'postgres', url },
      pino({ level: 'silent' }),
    )
    return {
      list: async () => {
        const people = await listPeople(database)
        return people.map(({ id, username, name, role, enabled, skills, phone }) => ({
          id,
          username,
          name,
          role,
          enabled,
          skills,
          phone,
        }))
      },
      add: async (person) => {
        await checkKnown(person.skills ?? {}, center, database)
        await addPerson(database, person, realm, by())
      },
      setPassword: (id, password) => setPassword(database, id, password, realm, by()),
      setEnabled: async (id, enabled) => {
        await setEnabled(database, id, enabled, by())
      },
      setPhone: async (id, phone) => {
        await setPhone(database, id, phone, by())
      },
      setSkills: async (id, skills) => {
        await checkKnown(skills, center, database)
        await setSkills(database, id, skills, by())
      },
      close: async () => {
        await database.destroy()
        data.release()
      },
    }
  } catch (thrown) {
    data.release()
    throw thrown
  }
}

/** @throws SwitchroomError INPUT_INVALID for a skill that the center does not have */
async function checkKnown(skills: Skills, center: string, database: Database): Promise<void> {
  if (Object.keys(skills).length === 0) return
  // Only this file: people can be mended while another one has a fault.
  const published = (await readActiveVersion(database))?.files['skills.yaml']
  const file =
    published === undefined
      ? await readYamlFile(join(center, 'config/skills.yaml'), skillsSchema, 'CENTER_INVALID')
      : parseYaml(published, 'skills.yaml', skillsSchema, 'CENTER_INVALID')
  const known = Object.keys(file.skills)
  const unknown = Object.keys(skills).filter((skill) => !known.includes(skill))
  if (unknown.length === 0) return
  throw new SwitchroomError(
    'INPUT_INVALID',
    `The center has no skill ${unknown.join(', ')}; it has ${known.join(', ')}.`,
    {
      remedy: 'Correct the name, or add it to config/skills.yaml and publish (`switchroom center publish`).',
    },
  )
}
