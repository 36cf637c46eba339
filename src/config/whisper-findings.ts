import { type CenterFinding, errorAt, warningAt } from './center-finding.ts'
import type { Source } from './known-names.ts'
import type { Queue } from './queue-schema.ts'

/** Whether the center has this audio file in this language. */
export type HasAudio = (language: string, audio: string) => boolean

const NAMES = ['queue', 'minutes', 'seconds']

/** What is wrong with what agents of a queue are told. */
export function whisperFindings(
  id: string,
  { whisper = {} }: Queue,
  { inside, place }: Source<'queues.yaml'>,
  hasAudio: HasAudio,
): CenterFinding[] {
  return Object.entries(whisper).flatMap(([language, parts]) =>
    parts.flatMap((part, index) => {
      const path = ['queues', id, 'whisper', language, String(index)]
      if ('say' in part) {
        return [...part.say.matchAll(/\{([^}]*)\}/g)].flatMap(({ 0: found, 1: name = '', index: at }) => {
          if (NAMES.includes(name)) return []
          const message = `found ${found}, expected {queue}, {minutes} or {seconds}`
          const remedy = 'Write one of these, or leave out the braces.'
          return [errorAt(inside(at, ...path, 'say'), 'WRONG_VALUE', message, remedy)]
        })
      }
      if (!('audio' in part) || hasAudio(language, part.audio)) return []
      const message = `there is no media/prompts/${language}/${part.audio}.wav`
      const remedy = 'Record it, or add it to prompts.yaml and render it.'
      return [warningAt(place(...path, 'audio'), 'UNKNOWN_PROMPT', message, remedy)]
    }),
  )
}
