import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import { SwitchroomError } from '../errors.ts'
import type { Api, Parts } from './parts.ts'

const schema = { hide: true }
const Path = Type.Object({ '*': Type.String() })

/** Serves the built desk at /desk/. Its own addresses, which are no files, all get its one page. */
export function serveDesk(app: Api, { deskFolder }: Pick<Parts, 'deskFolder'>): void {
  app.get('/', { schema }, async (_request, reply) => reply.redirect('/desk/'))
  app.get('/desk', { schema }, async (_request, reply) => reply.redirect('/desk/'))

  app.get('/desk/*', { schema: { ...schema, params: Path } }, async (request, reply) => {
    if (!existsSync(join(deskFolder, 'index.html'))) {
      throw new SwitchroomError('NOT_FOUND', 'The desk has not been built.', {
        remedy: 'Run `npm run build:desk`; `npm start` does it by itself.',
      })
    }
    const { '*': path } = request.params
    const file = /\.\w+$/.test(path) ? path : 'index.html'
    // The build names its assets by their content.
    const cacheControl = file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
    return reply.header('cache-control', cacheControl).sendFile(file, deskFolder, { cacheControl: false })
  })
}
