import { createHash } from 'node:crypto'
import { docsPage, docsStyle } from './docs-page.ts'
import type { Api } from './parts.ts'

/** Serves the OpenAPI document, and a page made from it that needs nothing from elsewhere. */
export function serveDocs(app: Api): void {
  const styleHash = createHash('sha256').update(docsStyle).digest('base64')
  let page: string | undefined

  app.get('/docs/openapi.json', { schema: { hide: true } }, async () => app.swagger())

  app.get('/docs', { schema: { hide: true } }, async (_request, reply) => {
    page ??= docsPage(app.swagger())
    return reply
      .type('text/html; charset=utf-8')
      .header(
        'content-security-policy',
        `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'`,
      )
      .send(page)
  })
}
