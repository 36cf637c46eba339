import type { Skills } from '../acd/contract.ts'
import { SwitchroomError } from '../errors.ts'
import { type Actor, audit } from './audit.ts'
import { digestHa1, hashPassword, isPassword } from './passwords.ts'
import { checkPassword, checkPerson, type NewPerson, type Person, type PhoneSettings } from './person.ts'
import { checkSkills, writeSkills } from './skills.ts'
import type { Database, DatabaseTransaction } from './tables.ts'
import { time } from './values.ts'

export type { NewPerson, Person, PhoneSettings } from './person.ts'

/** Everybody by username, disabled ones too. */
export async function listPeople(database: Database): Promise<Person[]> {
  return readPeople(database)
}

/** Everybody whom the routing engine may offer contacts: enabled, and an agent by role or by skills. */
export async function listAgents(database: Database): Promise<Person[]> {
  const people = await readPeople(database)
  return people.filter(
    (person) => person.enabled && (person.role === 'agent' || Object.keys(person.skills).length > 0),
  )
}

/** By id or by username. */
export async function findPerson(database: Database, idOrUsername: string): Promise<Person | undefined> {
  const [person] = await readPeople(database, idOrUsername)
  return person
}

/**
 * Adds somebody, with a phone of the same name. The id is the username as it is now.
 * @param realm of SIP digest authentication
 * @throws SwitchroomError INPUT_INVALID, or CONFLICT when the name is taken
 */
export async function addPerson(
  database: Database,
  person: NewPerson,
  realm: string,
  by: Actor,
): Promise<Person> {
  checkPerson(person)
  const password = await hashPassword(person.password)
  await database
    .transaction()
    .execute((transaction) => insertPerson(transaction, person, { password, realm, demo: false, by }))
  return readPerson(database, person.username)
}

/** Writes a new person whose fields are checked and whose password is hashed. */
export async function insertPerson(
  transaction: DatabaseTransaction,
  person: NewPerson,
  how: { password: string; realm: string; demo: boolean; by: Actor },
): Promise<void> {
  const { username: id, username, name, role, skills = {} } = person
  const { password, realm, demo, by } = how
  const inserted = await transaction
    .insertInto('users')
    .values({ id, username, name, role, password, demo, createdAt: time(by.at), updatedAt: time(by.at) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) throw taken(username)
  await writeSkills(transaction, id, skills)
  await writeDevice(transaction, id, username, realm, person.password)
  await audit(transaction, by, {
    action: 'user.add',
    entity: 'user',
    entityId: id,
    after: { username, name, role, skills },
  })
}

/**
 * Sets a new password for the person and for their phones; every session ends.
 * @throws SwitchroomError NOT_FOUND, INPUT_INVALID
 */
export async function setPassword(
  database: Database,
  id: string,
  password: string,
  realm: string,
  by: Actor,
): Promise<void> {
  checkPassword(password)
  const stored = await database
    .selectFrom('users')
    .select(['password', 'demo'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (stored?.demo && (await isPassword(password, stored.password))) {
    throw new SwitchroomError('INPUT_INVALID', 'This is the password of the demo, which everybody knows.', {
      remedy: 'Choose another one.',
    })
  }
  const hashed = await hashPassword(password)
  await database.transaction().execute(async (transaction) => {
    const updated = await transaction
      .updateTable('users')
      .set({ password: hashed, demo: false, updatedAt: time(by.at) })
      .where('id', '=', id)
      .executeTakeFirst()
    if (updated.numUpdatedRows !== 1n) throw missing(id)
    const devices = await transaction.selectFrom('devices').select('name').where('userId', '=', id).execute()
    for (const { name } of devices) await writeDevice(transaction, id, name, realm, password)
    await transaction.deleteFrom('sessions').where('userId', '=', id).execute()
    await audit(transaction, by, { action: 'user.password', entity: 'user', entityId: id })
  })
}

/**
 * Lets somebody in, or keeps them and their phones out; being kept out ends every session.
 * @throws SwitchroomError NOT_FOUND
 */
export async function setEnabled(
  database: Database,
  id: string,
  enabled: boolean,
  by: Actor,
): Promise<Person> {
  await database.transaction().execute(async (transaction) => {
    const updated = await transaction
      .updateTable('users')
      .set({ enabled, updatedAt: time(by.at) })
      .where('id', '=', id)
      .executeTakeFirst()
    if (updated.numUpdatedRows !== 1n) throw missing(id)
    if (!enabled) await transaction.deleteFrom('sessions').where('userId', '=', id).execute()
    const action = enabled ? 'user.enable' : 'user.disable'
    await audit(transaction, by, { action, entity: 'user', entityId: id })
  })
  return readPerson(database, id)
}

/**
 * Replaces the person's skills.
 * @throws SwitchroomError NOT_FOUND, INPUT_INVALID
 */
export async function setSkills(database: Database, id: string, skills: Skills, by: Actor): Promise<Person> {
  checkSkills(skills)
  const before = await readPerson(database, id)
  await database.transaction().execute(async (transaction) => {
    await writeSkills(transaction, before.id, skills)
    await audit(transaction, by, {
      action: 'user.skills',
      entity: 'user',
      entityId: before.id,
      before: before.skills,
      after: skills,
    })
  })
  return readPerson(database, before.id)
}

/**
 * Says how the person's phones are used; what is not given stays.
 * @throws SwitchroomError NOT_FOUND, or WRONG_STATE for somebody without a phone
 */
export async function setPhone(
  database: Database,
  id: string,
  phone: Partial<PhoneSettings>,
  by: Actor,
): Promise<Person> {
  const before = await readPerson(database, id)
  if (before.devices.length === 0) {
    throw new SwitchroomError('WRONG_STATE', `${before.username} has no phone.`)
  }
  const after = { ...before.phone, ...phone }
  await database.transaction().execute(async (transaction) => {
    await transaction.updateTable('devices').set(after).where('userId', '=', before.id).execute()
    await audit(transaction, by, {
      action: 'user.phone',
      entity: 'user',
      entityId: before.id,
      before: before.phone,
      after,
    })
  })
  return readPerson(database, before.id)
}

/**
 * The enabled person with this name and password; undefined for a wrong name, a wrong password and a disabled
 * person alike, after the same time.
 */
export async function checkCredentials(
  database: Database,
  username: string,
  password: string,
): Promise<Person | undefined> {
  const user = await database
    .selectFrom('users')
    .select(['id', 'password', 'enabled'])
    .where('username', '=', username.toLowerCase())
    .executeTakeFirst()
  const right = await isPassword(password, user?.password)
  return right && user?.enabled ? readPerson(database, user.id) : undefined
}

/** Whether anybody who is let in still has the published password of the demo. */
export async function hasDemoPasswords(database: Database): Promise<boolean> {
  const found = await database
    .selectFrom('users')
    .select('id')
    .where('demo', '=', true)
    .where('enabled', '=', true)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

async function readPerson(database: Database, id: string): Promise<Person> {
  const person = await findPerson(database, id)
  if (!person) throw missing(id)
  return person
}

async function readPeople(database: Database, idOrUsername?: string): Promise<Person[]> {
  let users = database
    .selectFrom('users')
    .select(['id', 'username', 'name', 'role', 'enabled', 'createdAt'])
    .orderBy('username')
  if (idOrUsername !== undefined) {
    users = users.where((where) => where.or({ id: idOrUsername, username: idOrUsername }))
  }
  const rows = await users.execute()
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const skills = await database
    .selectFrom('userSkills')
    .selectAll()
    .where('userId', 'in', ids)
    .orderBy('skill')
    .execute()
  const devices = await database
    .selectFrom('devices')
    .select(['userId', 'name', 'autoAnswer', 'standing'])
    .where('userId', 'in', ids)
    .orderBy('name')
    .execute()
  const skillsOf = Map.groupBy(skills, ({ userId }) => userId)
  const devicesOf = Map.groupBy(devices, ({ userId }) => userId)
  return rows.map((row) => ({
    ...row,
    skills: Object.fromEntries((skillsOf.get(row.id) ?? []).map(({ skill, level }) => [skill, level])),
    devices: (devicesOf.get(row.id) ?? []).map(({ name }) => name),
    phone: phoneOf(devicesOf.get(row.id) ?? []),
  }))
}

/** A person's phones are all used alike. */
function phoneOf(devices: readonly PhoneSettings[]): PhoneSettings {
  return {
    autoAnswer: devices.some(({ autoAnswer }) => autoAnswer),
    standing: devices.some(({ standing }) => standing),
  }
}

async function writeDevice(
  transaction: DatabaseTransaction,
  userId: string,
  name: string,
  realm: string,
  password: string,
): Promise<void> {
  const { md5: ha1Md5, sha256: ha1Sha256 } = digestHa1(name, realm, password)
  const inserted = await transaction
    .insertInto('devices')
    .values({ name, userId, realm, ha1Md5, ha1Sha256 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({ realm, ha1Md5, ha1Sha256 }).where('devices.userId', '=', userId),
    )
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) throw taken(name)
}

function missing(id: string): SwitchroomError {
  return new SwitchroomError('NOT_FOUND', `There is nobody with the id or username "${id}".`, {
    remedy: '`switchroom user list` shows everybody.',
  })
}

function taken(name: string): SwitchroomError {
  return new SwitchroomError('CONFLICT', `The name "${name}" is taken.`, {
    remedy: 'Choose another username.',
  })
}
