import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Sound } from '../audio/sound.ts'
import { encodeWav } from '../audio/wav.ts'
import type { PromptTexts } from '../config/center-schema.ts'
import { beep, holdMusic } from './hold-music.ts'
import { spokenNumbers } from './numbers/languages.ts'
import { renderingKey, type Speech } from './speech.ts'

/**
 * Makes the files of a `media/` folder: prompts from their texts, digits, numbers, durations, beep, music on hold.
 * `media/rendered.json` remembers what each was made from and what came out, so that a second run makes only what
 * has changed, and a file that a person has put there is known as such and stays.
 */

/** File, relative to `media/` -> key of what it was made from, and hash of its content. */
const recordSchema = Type.Record(Type.String(), Type.Object({ from: Type.String(), content: Type.String() }))
type Rendered = Static<typeof recordSchema>

interface Wanted {
  readonly file: string
  /** Changes when the sound would. */
  readonly from: string
  readonly make: () => Promise<Uint8Array>
}

export interface RenderResult {
  readonly file: string
  /** `kept`: a person has put it there. `removed`: its text is no longer there. */
  readonly what: 'rendered' | 'unchanged' | 'kept' | 'removed' | 'failed'
  readonly error?: unknown
}

/**
 * @param mediaFolder absolute path
 * @param onResult told of each file when it is done
 */
export async function renderMedia(
  mediaFolder: string,
  texts: PromptTexts,
  speech: Speech,
  onResult: (result: RenderResult) => void,
): Promise<void> {
  const recordFile = join(mediaFolder, 'rendered.json')
  const before = await readRecord(recordFile)
  const after: Rendered = {}
  const wanted = [...spoken(texts, speech), ...played(texts)]
  for (const { file, from, make } of wanted) {
    const path = join(mediaFolder, file)
    const known = before[file]
    const content = await hashOf(path)
    if (content !== undefined && content !== known?.content) {
      onResult({ file, what: 'kept' })
    } else if (known && content !== undefined && known.from === from) {
      after[file] = known
      onResult({ file, what: 'unchanged' })
    } else {
      try {
        const bytes = await make()
        await write(path, bytes)
        after[file] = { from, content: sha256(bytes) }
        onResult({ file, what: 'rendered' })
      } catch (error) {
        if (known) after[file] = known
        onResult({ file, what: 'failed', error })
      }
    }
  }
  const names = new Set(wanted.map(({ file }) => file))
  for (const [file, { content }] of Object.entries(before)) {
    if (names.has(file) || (await hashOf(join(mediaFolder, file))) !== content) continue
    await rm(join(mediaFolder, file))
    onResult({ file, what: 'removed' })
  }
  const sorted = Object.fromEntries(Object.entries(after).sort(([a], [b]) => (a < b ? -1 : 1)))
  await write(recordFile, Buffer.from(`${JSON.stringify(sorted, undefined, 2)}\n`))
}

function* spoken({ voices, prompts }: PromptTexts, speech: Speech): Generator<Wanted> {
  for (const [name, byLanguage] of Object.entries(prompts)) {
    for (const [language, said] of Object.entries(byLanguage)) {
      const { text, voice } = typeof said === 'string' ? { text: said, voice: undefined } : said
      yield saying(`prompts/${language}/${name}.wav`, text, language, voice, speech)
    }
  }
  for (const language of Object.keys(voices)) {
    const { digits = {}, numbers = {}, durations = {} } = spokenNumbers(language) ?? {}
    for (const [folder, pieces] of Object.entries({ digits, numbers, durations })) {
      for (const [piece, text] of Object.entries(pieces)) {
        yield saying(`prompts/${language}/${folder}/${piece}.wav`, text, language, undefined, speech)
      }
    }
  }
}

function saying(
  file: string,
  text: string,
  language: string,
  voice: string | undefined,
  speech: Speech,
): Wanted {
  const from = renderingKey(text, voice ?? speech.voiceOf(language))
  return { file, from, make: async () => await readFile(await speech.say(text, language, voice)) }
}

function* played({ voices }: PromptTexts): Generator<Wanted> {
  const sound = (file: string, from: string, make: () => Sound): Wanted => ({
    file,
    from,
    make: () => Promise.resolve(encodeWav(make())),
  })
  for (const language of Object.keys(voices)) yield sound(`prompts/${language}/beep.wav`, 'beep 1', beep)
  yield sound('music/hold.wav', 'hold music 1', holdMusic)
}

/** A record that cannot be read counts as empty: then every file counts as made by a person, and none is lost. */
async function readRecord(file: string): Promise<Rendered> {
  try {
    const record: unknown = JSON.parse(await readFile(file, 'utf8'))
    return Value.Check(recordSchema, record) ? record : {}
  } catch {
    return {}
  }
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.tmp`, bytes)
  await rename(`${path}.tmp`, path)
}

async function hashOf(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(() => undefined)
  return bytes && sha256(bytes)
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32)
}
