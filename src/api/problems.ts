import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, errorCodes, SwitchroomError } from '../errors.ts'
import type { Problem } from './contract/index.ts'

/** The HTTP status of each code that a request may be refused with; any other error is ours (500). */
const statuses: Partial<Record<ErrorCode, number>> = {
  INPUT_INVALID: 400,
  NOT_SIGNED_IN: 401,
  NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  WRONG_STATE: 409,
  CENTER_INVALID: 422,
  CENTER_MISSING: 422,
  FLOW_INVALID: 422,
  TOO_MANY_ATTEMPTS: 429,
  DATABASE_UNAVAILABLE: 503,
}

type Extra = Pick<Problem, 'current' | 'faults' | 'retryAfterSeconds'>

/** A refusal that carries more than words. */
export class Refusal extends SwitchroomError {
  readonly extra: Extra

  constructor(code: ErrorCode, message: string, options: { remedy?: string; cause?: unknown } & Extra) {
    super(code, message, options)
    const { remedy: _remedy, cause: _cause, ...extra } = options
    this.extra = extra
  }
}

/** Says in problem details why a request was refused. */
export function problemOf(error: SwitchroomError, status = statuses[error.code] ?? 500): Problem {
  return {
    type: `/docs#${error.code}`,
    title: errorCodes[error.code],
    status,
    code: error.code,
    detail: error.message,
    ...(error.remedy !== undefined && { remedy: error.remedy }),
    ...(error instanceof Refusal && error.extra),
  }
}

/** Answers with a problem, whatever was thrown. Details of unexpected errors go to the log only. */
export function replyWithProblem(
  thrown: FastifyError | SwitchroomError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const problem = thrown instanceof SwitchroomError ? problemOf(thrown) : problemOfFramework(thrown)
  if (problem.status >= 500)
    request.log.error(
      { err: thrown, method: request.method, route: request.routeOptions.url },
      'request failed',
    )
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer')
  if (problem.retryAfterSeconds !== undefined) void reply.header('retry-after', problem.retryAfterSeconds)
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem)
}

/** Fastify's own refusals (malformed JSON, wrong media type, body too large, schema) in our words. */
function problemOfFramework(error: FastifyError): Problem {
  if (error.validation) {
    const faults = error.validation.map(({ instancePath, message, params }) => ({
      field: [
        error.validationContext ?? 'body',
        ...instancePath.split('/').slice(1),
        ...[params['missingProperty'] ?? params['additionalProperty'] ?? []].flat().map(String),
      ].join('.'),
      message: message ?? 'does not fit',
    }))
    const detail = faults.map(({ field, message }) => `${field} ${message}`).join('; ')
    return problemOf(
      new Refusal('INPUT_INVALID', detail, {
        faults,
        remedy: 'Compare what is sent with the schema at /docs.',
      }),
    )
  }
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500)
    return problemOf(new SwitchroomError('INPUT_INVALID', error.message), status)
  return problemOf(
    new SwitchroomError('INTERNAL', 'The request could not be carried out.', {
      remedy: 'The log of the server says why. Please report it.',
    }),
  )
}

/** Answers requests for addresses that we do not have. */
export function replyNoSuchRoute(request: FastifyRequest, reply: FastifyReply) {
  const [path] = request.url.split('?', 1)
  return replyWithProblem(
    new SwitchroomError('NOT_FOUND', `There is no ${request.method} ${path}.`, {
      remedy: 'All addresses are listed at /docs.',
    }),
    request,
    reply,
  )
}
