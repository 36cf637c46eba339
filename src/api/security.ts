import type { FastifyInstance } from 'fastify'

/**
 * Everything comes from this server; nothing may frame it. Recordings are played from blobs. The styles that
 * React sets go through the CSSOM, which this does not restrict.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** Sets the headers that keep browsers from helping an attacker. Other origins get no CORS headers: they are refused. */
export function useSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    if (request.url.startsWith('/v1/')) reply.header('cache-control', 'no-store')
  })
}

/** Whether a browser's request comes from a page of this server; programs send no Origin. */
export function isSameOrigin(headers: { origin?: string | undefined; host?: string | undefined }): boolean {
  if (headers.origin === undefined) return true
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host
}
