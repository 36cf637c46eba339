import type { Skills } from '../acd/contract.ts'
import type { NewPerson, Person, PhoneSettings } from '../database/person.ts'

/** What the commands do with people: in the running server if there is one, else in the database. */
export interface PeopleAccess {
  list(): Promise<readonly Account[]>
  add(person: NewPerson): Promise<void>
  setPassword(id: string, password: string): Promise<void>
  setEnabled(id: string, enabled: boolean): Promise<void>
  setPhone(id: string, phone: PhoneSettings): Promise<void>
  setSkills(id: string, skills: Skills): Promise<void>
  close(): Promise<void>
}

export type Account = Pick<Person, 'id' | 'username' | 'name' | 'role' | 'enabled' | 'skills' | 'phone'>
