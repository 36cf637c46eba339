import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { SwitchroomError } from '../errors.ts'
import type { Api, Parts } from './parts.ts'

/** Serves the built desk at /desk/. Its own addresses, which are no files, all get its one page. */
export async function serveDesk(app: Api, { deskFolder }: Pick<Parts, 'deskFolder'>): Promise<void> {
  app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/desk/'))
  app.get('/desk', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/desk/'))

  if (!existsSync(join(deskFolder, 'index.html'))) {
    app.get('/desk/*', { schema: { hide: true } }, async () => {
      throw new SwitchroomError('NOT_FOUND', 'The desk has not been built.', {
        remedy: 'Run `npm run build:desk` and start the server again; `npm start` does both.',
      })
    })
    return
  }

  await app.register(fastifyStatic, {
    root: deskFolder,
    prefix: '/desk/',
    wildcard: false,
    cacheControl: false,
    // The build names these files by their content.
    setHeaders: (reply, path) => {
      const isNamedByContent = path.startsWith(join(deskFolder, 'assets'))
      reply.setHeader('cache-control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.get('/desk/*', { schema: { hide: true } }, async (request, reply) => {
    const [path = ''] = request.url.split('?', 1)
    if (/\.\w+$/.test(path)) throw new SwitchroomError('NOT_FOUND', `The desk has no file ${path}.`)
    return reply.sendFile('index.html')
  })
}
