import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { describe, expect, test } from 'vitest'
import { centerSchemas } from '../../../src/config/center-schema.ts'
import { parseYaml } from '../../../src/config/yaml-file.ts'
import { parseFlow } from '../../../src/flow/parse-flow.ts'

const center = join(import.meta.dirname, '../../..')
const languages = ['en', 'es']

function load<File extends keyof typeof centerSchemas>(file: File) {
  const text = readFileSync(join(center, 'config', file), 'utf8')
  return parseYaml(text, file, centerSchemas[file], 'CENTER_INVALID')
}

/** Names of WAV files under a folder of `media/`, without `.wav`. */
function wavNames(...folder: string[]): Set<string> {
  const root = join(center, 'media', ...folder)
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
  return new Set(files.filter((file) => file.endsWith('.wav')).map((file) => file.slice(0, -4)))
}

const names = {
  queues: new Set(Object.keys(load('queues.yaml').queues)),
  skills: new Set(Object.keys(load('skills.yaml').skills)),
  calendars: new Set(Object.keys(load('calendars.yaml').calendars)),
  mailboxes: new Set(Object.keys(load('mailboxes.yaml').mailboxes)),
  agents: new Set(Object.keys(load('demo.yaml').people)),
  isRouted: () => false,
  music: wavNames('music'),
  prompts: new Map(languages.map((language) => [language, wavNames('prompts', language)])),
}

const flowFiles = readdirSync(join(center, 'ivr-flows')).filter((file) => file.endsWith('.flow.yaml'))
const parsed = new Map(
  flowFiles.map((file) => {
    const text = readFileSync(join(center, 'ivr-flows', file), 'utf8')
    return [basename(file, '.flow.yaml'), parseFlow(file, text, names)]
  }),
)

describe('the flows of the demo center', () => {
  test.each([...parsed])('%s has no problem, nor a warning', (name, { flow, problems }) => {
    expect(problems).toEqual([])
    expect(flow?.name).toBe(name)
  })

  test.each(Object.entries(load('numbers.yaml').numbers))(
    '%s leads to a flow that takes its values',
    (_, entry) => {
      const flow = parsed.get(entry.flow)?.flow
      expect(flow, entry.flow).toBeDefined()
      if (entry.language) expect(flow?.languages).toContain(entry.language)
      for (const [variable, value] of Object.entries(entry.variables ?? {})) {
        expect(flow?.variables[variable]?.type, variable).toBe(typeof value)
      }
    },
  )

  test('every prompt in prompts.yaml has its audio, in every language', () => {
    for (const [name, texts] of Object.entries(load('prompts.yaml').prompts)) {
      expect(Object.keys(texts).toSorted(), name).toEqual(languages)
      for (const language of languages) expect(names.prompts.get(language)).toContain(name)
    }
  })

  test('what the server says by itself has its audio, in every language', () => {
    for (const name of ['beep', 'shutdown']) {
      for (const language of languages) expect(names.prompts.get(language)).toContain(name)
    }
  })
})
