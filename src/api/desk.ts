import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SwitchroomError } from '../errors.ts'
import type { Api, Parts } from './parts.ts'

const schema = { hide: true }

/** Serves the built desk at /desk/. Its own addresses, which are no files, all get its one page. */
export function serveDesk(app: Api, { deskFolder }: Pick<Parts, 'deskFolder'>): void {
  app.get('/', { schema }, async (_request, reply) => reply.redirect('/desk/'))
  app.get('/desk', { schema }, async (_request, reply) => reply.redirect('/desk/'))

  app.get('/desk/*', { schema }, async (request, reply) => {
    if (!existsSync(join(deskFolder, 'index.html'))) {
      throw new SwitchroomError('NOT_FOUND', 'The desk has not been built.', {
        remedy: 'Run `npm run build:desk`; `npm start` does it by itself.',
      })
    }
    const [path = ''] = request.url.slice('/desk/'.length).split('?', 1)
    const file = /\.\w+$/.test(path) ? decodeURIComponent(path) : 'index.html'
    // The build names its assets by their content.
    const cacheControl = file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
    return reply.header('cache-control', cacheControl).sendFile(file, deskFolder, { cacheControl: false })
  })
}
