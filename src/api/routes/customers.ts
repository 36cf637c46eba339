import { Type } from 'typebox'
import { createCustomer, readCustomer, updateCustomer } from '../../crm/customers.ts'
import { findCustomers } from '../../crm/find-customers.ts'
import { SwitchroomError } from '../../errors.ts'
import { actorOf, anybody } from '../access.ts'
import { Customer, CustomerChange, CustomerList, CustomerSearch, NewCustomer } from '../contract/index.ts'
import { closed, Id, ref } from '../contract/schema.ts'
import type { Live } from '../live/live.ts'
import type { Api, Parts } from '../parts.ts'
import { Refusal } from '../problems.ts'

const ById = Type.Object({ id: Id }, closed)

/** Customer records. Their history is in interactions.ts. */
export function customerRoutes(app: Api, parts: Parts, live: Live): void {
  const { database, country } = parts

  app.get(
    '/v1/customers',
    {
      config: { access: anybody },
      schema: {
        operationId: 'findCustomers',
        summary: 'Find customers by text or by telephone number',
        tags: ['Customers'],
        querystring: CustomerSearch,
        response: { 200: ref(CustomerList) },
      },
    },
    async (request) => {
      const { q, number, limit } = request.query
      if (number !== undefined) {
        return { customers: await findCustomers(database, 'number', number, country, limit) }
      }
      if (q !== undefined) return { customers: await findCustomers(database, 'text', q, country, limit) }
      throw new SwitchroomError('INPUT_INVALID', 'The query has neither q nor number.', {
        remedy: 'Give one of them, for example ?q=harbour or ?number=+12025550142.',
      })
    },
  )

  app.post(
    '/v1/customers',
    {
      config: { access: anybody },
      schema: {
        operationId: 'createCustomer',
        summary: 'Add a customer',
        tags: ['Customers'],
        body: NewCustomer,
        response: { 201: ref(Customer) },
      },
    },
    async (request, reply) => {
      const customer = await createCustomer(database, request.body, country, actorOf(request, parts))
      live.customerChanged(customer)
      return reply.code(201).header('location', `/v1/customers/${customer.id}`).send(customer)
    },
  )

  app.get(
    '/v1/customers/:id',
    {
      config: { access: anybody },
      schema: {
        operationId: 'readCustomer',
        summary: 'One customer',
        tags: ['Customers'],
        params: ById,
        response: { 200: ref(Customer) },
      },
    },
    async (request) => present(request.params.id),
  )

  app.patch(
    '/v1/customers/:id',
    {
      config: { access: anybody },
      schema: {
        operationId: 'changeCustomer',
        summary: 'Change a customer',
        description:
          'What is left out stays. A change that was made from an old version is refused with CONFLICT, and the record as it is now is in `current`.',
        tags: ['Customers'],
        params: ById,
        body: CustomerChange,
        response: { 200: ref(Customer) },
      },
    },
    async (request) => {
      const { id } = request.params
      const { version, ...change } = request.body
      const by = actorOf(request, parts)
      const customer = await updateCustomer(database, id, version, change, country, by).catch(withCurrent(id))
      live.customerChanged(customer)
      return customer
    },
  )

  async function present(id: string): Promise<Customer> {
    const customer = await readCustomer(database, id)
    if (customer) return customer
    throw new SwitchroomError('NOT_FOUND', `There is no customer with the id "${id}".`)
  }

  /** Gives a conflict the record that won, so that whoever lost can merge without asking again. */
  function withCurrent(id: string) {
    return async (thrown: unknown): Promise<never> => {
      if (!(thrown instanceof SwitchroomError) || thrown.code !== 'CONFLICT') throw thrown
      const { message, remedy } = thrown
      throw new Refusal('CONFLICT', message, {
        ...(remedy !== undefined && { remedy }),
        current: await present(id),
      })
    }
  }
}
