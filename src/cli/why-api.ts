import { Check } from 'typebox/value'
import {
  Caller,
  Candidate,
  Contact,
  ContactList,
  ContactWhy,
  Explanation,
  PersonRef,
  WaitingExplanation,
} from '../api/contract/index.ts'
import { SwitchroomError } from '../errors.ts'
import { OperatorApi, otherVersion } from './operator-api.ts'

/** How the schemas mention their parts. */
const parts = Object.fromEntries(
  [Caller, Candidate, Contact, Explanation, PersonRef, WaitingExplanation].map((schema) => [
    `${schema.$id}#`,
    schema,
  ]),
)

/** What the running server says of its choices. */
export class WhyApi {
  readonly #api: OperatorApi

  constructor(address: string, token: string) {
    this.#api = new OperatorApi(address, token)
  }

  /**
   * @param contact its id, or a part of the id of one that is going on
   * @throws SwitchroomError NOT_FOUND, INPUT_INVALID (it fits several), SERVER_UNREACHABLE
   */
  async read(contact: string): Promise<ContactWhy> {
    const id = await this.#idOf(contact)
    const content = await this.#api.ask('GET', `/v1/contacts/${encodeURIComponent(id)}/why`)
    if (Check(parts, ContactWhy, content)) return content
    throw otherVersion('explanation of a contact')
  }

  async #idOf(contact: string): Promise<string> {
    const content = await this.#api.ask('GET', '/v1/contacts')
    if (!Check(parts, ContactList, content)) throw otherVersion('list of contacts')
    const ids = content.contacts.map(({ id }) => id).filter((id) => id.includes(contact))
    const [only, ...others] = ids
    if (only === undefined || ids.includes(contact)) return contact
    if (others.length === 0) return only
    throw new SwitchroomError('INPUT_INVALID', `"${contact}" fits ${ids.join(', ')}.`, {
      remedy: 'Give more of the id.',
    })
  }
}
