/**
 * The demo center made short: agents' phones ring for seconds only, there is no wrap-up, and each prompt is half a
 * second of a tone of its own, so that what a caller was told can be read from what was heard.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { between, readSamples, silence, stretches, tone, toneShare, writeWav } from './audio.ts'
import { root } from './server.ts'
import { type TempFolder, tempFolder } from './temp-folder.ts'

const PROMPT_MS = 440
const PAUSE_MS = 120
const LOWEST_HZ = 700
const STEP_HZ = 70
/** Music is not made of tones that prompts have. */
const MUSIC_HZ = 500
/** Long enough to tell tones apart that are `STEP_HZ` from each other. */
const WINDOW_MS = 60

/** Changes of a text file: what is found once, and what takes its place. */
export type Edits = Readonly<Record<string, readonly (readonly [found: string | RegExp, instead: string])[]>>

export interface QuickCenter extends TempFolder {
  /** The names of the prompts that are heard in a recording, and `music`, in order. */
  heard(recording: string): Promise<string[]>
}

const SHORT: Edits = {
  'config/queues.yaml': [
    [/offerTime: \d+s/g, 'offerTime: 3s'],
    [/wrapUp: \d+s/g, 'wrapUp: 0s'],
    [/noAnswerLimit: \d+/g, 'noAnswerLimit: 1'],
  ],
  'ivr-flows/main.flow.yaml': [[/timeout: 5s/g, 'timeout: 1s']],
}

/** So many more people in the demo data, whose sign-in is quick, for `quickCenter`. */
export function crew(names: readonly string[], skills: string): Edits {
  const people = names.map((name) => `  ${name}: { name: ${name}, role: agent, skills: { ${skills} } }\n`)
  return { 'config/demo.yaml': [['people:\n', `people:\n${people.join('')}`]] }
}

/** @param edits further changes, by file in the center folder */
export async function quickCenter(edits: Edits = {}): Promise<QuickCenter> {
  const folder = await tempFolder('center')
  for (const part of ['config', 'ivr-flows', 'media']) {
    await cp(join(root, part), join(folder.path, part), { recursive: true })
  }
  for (const all of [SHORT, edits]) {
    for (const [file, changes] of Object.entries(all)) await edit(join(folder.path, file), changes)
  }
  const hertz = await toneByPrompt()
  const prompts = join(folder.path, 'media/prompts/en')
  await mkdir(prompts, { recursive: true })
  for (const [name, hz] of hertz) {
    await writeWav(join(prompts, `${name}.wav`), tone(hz, PROMPT_MS), silence(PAUSE_MS))
  }
  await writeWav(join(folder.path, 'media/music/hold.wav'), tone(MUSIC_HZ, 2000))
  return { ...folder, heard: async (recording) => namesIn(await readSamples(recording), hertz) }
}

async function edit(file: string, changes: Edits[string]): Promise<void> {
  let text = await readFile(file, 'utf8')
  for (const [found, instead] of changes) {
    const changed = text.replace(found, instead)
    if (changed === text) throw new Error(`${file} has no ${found}`)
    text = changed
  }
  await writeFile(file, text)
}

async function toneByPrompt(): Promise<Map<string, number>> {
  const text = await readFile(join(root, 'config/prompts.yaml'), 'utf8')
  const { prompts } = parse(text) as { prompts: Record<string, unknown> }
  const names = [...Object.keys(prompts), 'beep']
  return new Map(names.map((name, at) => [name, LOWEST_HZ + at * STEP_HZ]))
}

/**
 * By windows: where a key cuts a prompt, the next one may follow without a pause. What no window can be told of is
 * `?`.
 */
function namesIn(samples: Int16Array, hertz: ReadonlyMap<string, number>): string[] {
  const all: [string, number][] = [...hertz, ['music', MUSIC_HZ]]
  const nameOf = (sound: Int16Array): string => {
    const [best] = all
      .map(([name, hz]) => ({ name, share: toneShare(sound, hz) }))
      .sort((one, other) => other.share - one.share)
    return best !== undefined && best.share > 0.8 ? best.name : '?'
  }
  const names = stretches(samples, -45, PAUSE_MS / 2).flatMap(({ startMs, endMs }) => {
    const windows: string[] = []
    for (let at = startMs; at + WINDOW_MS <= endMs; at += WINDOW_MS) {
      windows.push(nameOf(between(samples, at, at + WINDOW_MS)))
    }
    // A window on the border of two tones is neither.
    const known = windows.filter((name) => name !== '?')
    return known.length > 0 ? known : ['?']
  })
  // Music, and a prompt whose packets came late, may be heard in pieces.
  return names.filter((name, at) => name !== names[at - 1])
}
