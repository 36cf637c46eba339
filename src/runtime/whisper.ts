/**
 * What agents are told quietly as they get a caller: "billing, waited four minutes".
 *
 * The caller must not wait for it. Played before the bridge it would be dead air, which callers take for a lost call;
 * played to the agent instead of the caller it would cover the caller's first words, and a phone that rings cannot be
 * played anything. So the two are bridged at once and the whisper is mixed into the agent's ear only, which every backend
 * can; it is prepared while the phone rings. On a standing call that waits for the agent's key it is played before, while
 * the caller still hears the music of the queue.
 */
import type { Logger } from 'pino'
import type { PlayItem } from '../call/commands.ts'
import type { PromptPart } from '../flow/effects.ts'
import type { Prompts } from './parts.ts'

/** What an agent hears first whose phone has not rung. */
const TONE = { audio: 'beep' } as const

/** `{queue}`, `{minutes}` and `{seconds}` in what is said stand for the queue's name and the wait. */
export type WhisperPart =
  | { readonly audio: string }
  | { readonly say: string }
  | { readonly number: 'minutes' | 'seconds' }

/** By language. */
export type Whisper = Readonly<Record<string, readonly WhisperPart[]>>

export interface WhisperFacts {
  /** The agent's; the language that they hold at the highest level is theirs. */
  readonly skills: Readonly<Record<string, number>>
  readonly queueName: string
  readonly waitedMs: number
}

/** The agent's language among those that the whisper has (else its first), and what is said in it. */
export function whisperFor(
  whisper: Whisper,
  { skills, queueName, waitedMs }: WhisperFacts,
): { readonly language: string; readonly parts: readonly PromptPart[] } {
  const levelOf = (language: string): number => skills[language] ?? skills[language.split('-')[0] ?? ''] ?? 0
  const [best] = Object.entries(whisper).sort(([one], [other]) => levelOf(other) - levelOf(one))
  const [language, parts] = best ?? ['en', []]
  const numbers = { minutes: Math.round(waitedMs / 60_000), seconds: Math.round(waitedMs / 1000) }
  const fill = (text: string): string =>
    text
      .replaceAll('{queue}', () => queueName)
      .replaceAll('{minutes}', String(numbers.minutes))
      .replaceAll('{seconds}', String(numbers.seconds))
  const rendered = parts.map((part): PromptPart => {
    if ('say' in part) return { say: fill(part.say) }
    return 'number' in part ? { number: numbers[part.number] } : part
  })
  return { language, parts: rendered }
}

/**
 * A short tone to whom no phone has rung, and what the queue has to say. Never rejects.
 * @param rings whether a phone rings for it
 */
export async function whisperOf(
  { logger, prompts }: { readonly logger: Logger; readonly prompts: Prompts },
  whisper: Whisper,
  facts: WhisperFacts,
  rings: boolean,
): Promise<readonly PlayItem[]> {
  const said = whisperFor(whisper, facts)
  const [tone, words] = await Promise.allSettled([
    prompts.resolve(rings ? [] : [TONE], said.language),
    prompts.resolve(said.parts, said.language),
  ])
  return [tone, words].flatMap((part) => {
    if (part.status === 'fulfilled') return part.value
    const { queueName: queue } = facts
    logger.warn({ err: part.reason, queue }, 'the agent is not told everything of the caller')
    return []
  })
}
