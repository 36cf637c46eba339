import { Ajv2020 } from 'ajv/dist/2020.js'
import { Type } from 'typebox'
import type { RawData, WebSocket } from 'ws'
import { SwitchroomError } from '../../errors.ts'
import { authenticate, bearerToken, type SignedIn } from '../access.ts'
import { ClientMessage, closeCodes } from '../contract/index.ts'
import { closed } from '../contract/schema.ts'
import type { Line, Live } from '../live/live.ts'
import type { Seats } from '../live/seats.ts'
import { sseLine } from '../live/sse.ts'
import { closePolitely, websocketLine } from '../live/websocket.ts'
import type { Api, Parts } from '../parts.ts'
import { isSameOrigin } from '../security.ts'

/** How long a WebSocket may stay open without a word about who it is. */
const AUTHENTICATE_WITHIN_MS = 10_000

const EventsQuery = Type.Object(
  {
    cursor: Type.Optional(
      Type.String({ maxLength: 100, description: 'Where to go on; Last-Event-ID says the same.' }),
    ),
  },
  closed,
)

const isClientMessage = new Ajv2020({ strict: false }).compile<ClientMessage>(ClientMessage)

/** The stream of live events, over WebSocket and as server-sent events. */
export function eventRoutes(app: Api, parts: Parts, live: Live, seats: Seats): void {
  const { clock, floor, logger } = parts

  /** @returns how to end it */
  function connect(line: Line, signedIn: SignedIn, cursor: string | undefined, place: string): () => void {
    const { user, token, program } = signedIn
    const disconnect = live.connect(line, signedIn, cursor)
    const takenOver = (elsewhere: string): void => {
      line.send(live.frame({ type: 'session.taken-over', place: elsewhere }))
      line.close('signed-out')
    }
    const leave = seats.take({ user, token, program, place, since: clock.now(), takenOver })
    return () => {
      leave()
      disconnect()
    }
  }

  app.route({
    method: 'GET',
    url: '/v1/events',
    // Who it is may be said after the upgrade: browsers cannot send headers with a WebSocket.
    config: { access: 'public' },
    schema: {
      operationId: 'events',
      summary: 'Live events',
      description: [
        'Server-sent events, or a WebSocket when upgraded; the messages are those of the schema LiveMessage.',
        'Server-sent events want an Authorization header. A WebSocket may have one too, or says',
        '`{"type":"authenticate","token":"...","cursor":"..."}` first. It may then say',
        '`{"type":"acknowledge","offer":"..."}` as soon as a screen pop is shown.',
      ].join(' '),
      tags: ['Events'],
      querystring: EventsQuery,
    },
    preValidation: async (request) => {
      if (isSameOrigin(request.headers)) return
      throw new SwitchroomError('NOT_ALLOWED', `Pages of ${request.headers.origin} may not listen here.`, {
        remedy: 'Open the desk from this server, or connect without a browser.',
      })
    },
    handler: async (request, reply) => {
      const signedIn = await authenticate(parts, bearerToken(request))
      const isGone = request.raw.socket.destroyed
      if (isGone) return reply.hijack()
      const lastEventId = request.headers['last-event-id']
      const cursor = request.query.cursor ?? (typeof lastEventId === 'string' ? lastEventId : undefined)
      reply.headers({
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value)
      }
      reply.hijack()
      reply.raw.once('close', connect(sseLine(reply.raw), signedIn, cursor, request.ip))
      return reply
    },
    wsHandler: (socket, request) => {
      socket.on('error', (error) => logger.debug({ reason: error.message }, 'event stream failed'))
      listen(socket, bearerToken(request), request.query.cursor, request.ip)
    },
  })

  /** Messages are dealt with one after the other: who it is has to be settled first. */
  function listen(
    socket: WebSocket,
    bearer: string | undefined,
    firstCursor: string | undefined,
    place: string,
  ): void {
    let signedIn: SignedIn | undefined
    let last = Promise.resolve()
    const late = clock.after(AUTHENTICATE_WITHIN_MS, () =>
      closePolitely(socket, clock, closeCodes.notSignedIn, 'You did not say who you are.'),
    )
    socket.once('close', late)

    const begin = async (token: string | undefined, cursor: string | undefined): Promise<void> => {
      const session = await authenticate(parts, token)
      late()
      if (socket.readyState !== socket.OPEN) return
      signedIn = session
      socket.once('close', connect(websocketLine(socket, clock), session, cursor, place))
    }

    const receive = async (text: string): Promise<void> => {
      const message = parse(text)
      if (!message) {
        return closePolitely(
          socket,
          clock,
          closeCodes.badMessage,
          'The message does not fit the schema ClientMessage.',
        )
      }
      if (message.type === 'authenticate') {
        if (!signedIn) await begin(message.token, message.cursor)
      } else if (signedIn) {
        acknowledge(message.offer, signedIn.user.id, socket)
      } else {
        closePolitely(socket, clock, closeCodes.notSignedIn, 'Authenticate first.')
      }
    }

    const inTurn = (work: () => Promise<void>): void => {
      last = last.then(work).catch((thrown: unknown) => {
        const isRefused = thrown instanceof SwitchroomError && thrown.code === 'NOT_SIGNED_IN'
        if (!isRefused) logger.error({ err: thrown }, 'event stream failed')
        const code = isRefused ? closeCodes.notSignedIn : closeCodes.failed
        closePolitely(socket, clock, code, isRefused ? thrown.message : 'The server failed. Connect again.')
      })
    }

    socket.on('message', (data, isBinary) => inTurn(() => receive(isBinary ? '' : textOf(data))))
    if (bearer !== undefined) inTurn(() => begin(bearer, firstCursor))
  }

  /** An offer that is over needs no acknowledgement, so the refusal is told and the stream goes on. */
  function acknowledge(offer: string, agent: string, socket: WebSocket): void {
    try {
      floor.acknowledge(offer, agent)
    } catch (thrown) {
      if (!(thrown instanceof SwitchroomError)) throw thrown
      const { code, message: detail, remedy } = thrown
      const problem = { type: 'problem', code, detail, ...(remedy !== undefined && { remedy }) } as const
      websocketLine(socket, clock).send(live.frame(problem))
    }
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString()
}

function parse(text: string): ClientMessage | undefined {
  try {
    const message: unknown = JSON.parse(text)
    return isClientMessage(message) ? message : undefined
  } catch {
    return undefined
  }
}
