import { Type } from 'typebox'
import { SwitchroomError } from '../../errors.ts'
import type { CallTrace as Trace } from '../../telephony/call-trace.ts'
import { supervisors } from '../access.ts'
import { CallTrace } from '../contract/index.ts'
import { closed, ref } from '../contract/schema.ts'
import type { Api, Parts } from '../parts.ts'

const ById = Type.Object(
  {
    id: Type.String({
      minLength: 1,
      description:
        'Id of a contact, id of one of its calls, a Call-ID header, or at least four characters out of one that fit no other.',
    }),
  },
  closed,
)

/** What was signalled during a call, for people who look into it. */
export function traceRoutes(app: Api, { traces }: Parts): void {
  app.get(
    '/v1/contacts/:id/trace',
    {
      config: { access: supervisors },
      schema: {
        operationId: 'traceContact',
        summary: 'Every SIP message of a contact, over all its legs',
        description: 'Kept in memory for `trace.hours`; secrets are masked.',
        tags: ['Contacts'],
        params: ById,
        response: { 200: ref(CallTrace) },
      },
    },
    async (request) => find(request.params.id),
  )

  app.get(
    '/v1/contacts/:id/trace.pcap',
    {
      config: { access: supervisors },
      schema: {
        operationId: 'captureContact',
        summary: 'The same as a capture file for tshark and Wireshark',
        tags: ['Contacts'],
        params: ById,
        response: {
          200: {
            description: 'Ethernet frames with the addresses and times that the messages had.',
            content: {
              'application/vnd.tcpdump.pcap': {
                schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }),
              },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const trace = find(request.params.id)
      return reply
        .type('application/vnd.tcpdump.pcap')
        .header('content-disposition', 'attachment; filename="trace.pcap"')
        .header('cache-control', 'no-store')
        .send(traces?.capture(trace))
    },
  )

  function find(id: string): Trace {
    const found = traces?.find(id)
    if (found?.type === 'found') return found.trace
    if (found?.type === 'several') {
      throw new SwitchroomError('INPUT_INVALID', `"${id}" fits several calls: ${found.ids.join(', ')}.`, {
        remedy: 'Give more of the id.',
      })
    }
    throw new SwitchroomError('NOT_FOUND', `There is no trace of a call "${id}".`, {
      remedy: traces
        ? 'Traces are kept in memory for trace.hours, fewer where trace.memory is full, and not over a restart.'
        : 'Nothing is traced: set trace.memory to more than 0.',
    })
  }
}
