import { basename, dirname } from 'node:path'
import { Type } from 'typebox'
import { listVoicemails, markVoicemail, readVoicemail } from '../../database/voicemails.ts'
import { SwitchroomError } from '../../errors.ts'
import { actorOf, anybody, people, signedInOf } from '../access.ts'
import { Voicemail, VoicemailList, VoicemailSearch } from '../contract/index.ts'
import { closed, Id, ref } from '../contract/schema.ts'
import type { Directory } from '../directory.ts'
import type { Live } from '../live/live.ts'
import type { Api, Parts } from '../parts.ts'
import { describeVoicemails } from '../voicemail-views.ts'

const ById = Type.Object({ id: Id }, closed)

/** Messages that callers left. */
export function voicemailRoutes(app: Api, parts: Parts, live: Live, directory: Directory): void {
  const { database } = parts

  app.get(
    '/v1/voicemails',
    {
      config: { access: anybody },
      schema: {
        operationId: 'listVoicemails',
        summary: 'Messages, latest first',
        tags: ['Voicemails'],
        querystring: VoicemailSearch,
        response: { 200: ref(VoicemailList) },
      },
    },
    async (request) => ({
      voicemails: await describeVoicemails(
        database,
        directory,
        await listVoicemails(database, request.query),
      ),
    }),
  )

  app.get(
    '/v1/voicemails/:id/audio',
    {
      config: { access: anybody },
      schema: {
        operationId: 'playVoicemail',
        summary: 'The message as a WAV file',
        description:
          'Parts of it can be asked for (Range). A person who asks for it counts as having heard it.',
        tags: ['Voicemails'],
        params: ById,
        response: {
          200: {
            description: 'All of it, or with 206 the part that was asked for.',
            content: { 'audio/wav': { schema: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }) } },
          },
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const voicemail = await readVoicemail(database, id)
      if (!voicemail) throw new SwitchroomError('NOT_FOUND', `There is no voicemail ${id}.`)
      if (!voicemail.heard && signedInOf(request).user.role !== 'integration') {
        await markVoicemail(database, id, 'heard', actorOf(request, parts))
      }
      return reply.type('audio/wav').sendFile(basename(voicemail.file), dirname(voicemail.file), {
        contentType: false,
        cacheControl: false,
      })
    },
  )

  app.post(
    '/v1/voicemails/:id/handled',
    {
      config: { access: people },
      schema: {
        operationId: 'handleVoicemail',
        summary: 'The message needs no more work',
        tags: ['Voicemails'],
        params: ById,
        response: { 200: ref(Voicemail) },
      },
    },
    async (request) => {
      const marked = await markVoicemail(database, request.params.id, 'handled', actorOf(request, parts))
      const [voicemail] = await describeVoicemails(database, directory, [marked])
      if (!voicemail) throw new TypeError('one voicemail in, none out')
      live.voicemailHandled(voicemail)
      return voicemail
    },
  )
}
