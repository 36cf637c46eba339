import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Static } from 'typebox'
import type { QueueRules } from '../acd/contract.ts'
import type { OpeningHours } from '../calendars/opening-hours.ts'
import { SwitchroomError } from '../errors.ts'
import { openingHours } from './calendar.ts'
import { crossFaults } from './center-faults.ts'
import { centerSchemas, type demoSchema, queueRules } from './center-schema.ts'
import { NumberPlan, planFaults } from './number-plan.ts'
import { type CenterTrunks, centerTrunks, trunkFaults } from './trunks.ts'
import { readYamlSource, type YamlSource } from './yaml-file.ts'

/** Everything that the files of a center folder say, checked each by itself and against one another. */
export interface CenterFiles {
  /** Absolute path. */
  readonly folder: string
  readonly queues: readonly { readonly id: string; readonly name: string; readonly rules: QueueRules }[]
  readonly numbers: Readonly<Record<string, NumberEntry>>
  /** Who answers a dialled number: the exact entry, or the pattern that fits it best. */
  readonly findNumber: (number: string) => NumberEntry | undefined
  readonly trunks: CenterTrunks
  /** Where `numbers.yaml` says it: `file:line:column`. */
  readonly numberAt: (number: string, ...path: readonly string[]) => string
  readonly calendars: Readonly<Record<string, OpeningHours>>
  readonly dispositions: readonly {
    readonly id: string
    readonly name: string
    readonly queues?: readonly string[]
  }[]
  readonly pauseReasons: readonly { readonly id: string; readonly name: string }[]
  readonly mailboxes: readonly string[]
  /** Language -> voice of the speech. */
  readonly voices: Readonly<Record<string, string>>
  readonly skills: readonly string[]
  /** Absent in a center that is in earnest. */
  readonly demo?: Static<typeof demoSchema>
}

export type NumberEntry = Static<(typeof centerSchemas)['numbers.yaml']>['numbers'][string]

/**
 * Reads and checks the files of `<folder>/config`.
 * @throws SwitchroomError CENTER_MISSING or CENTER_INVALID, naming file, line and what was expected
 */
export async function loadCenter(folder: string): Promise<CenterFiles> {
  const read = <File extends keyof typeof centerSchemas>(
    file: File,
  ): Promise<YamlSource<Static<(typeof centerSchemas)[File]>>> =>
    readYamlSource(join(folder, 'config', file), centerSchemas[file], 'CENTER_INVALID')
  const [skills, queues, numbers, calendars, dispositions, pauses, mailboxes, prompts] = await Promise.all([
    read('skills.yaml'),
    read('queues.yaml'),
    read('numbers.yaml'),
    read('calendars.yaml'),
    read('dispositions.yaml'),
    read('pause-reasons.yaml'),
    read('mailboxes.yaml'),
    read('prompts.yaml'),
  ])
  const isThere = (file: string): boolean => existsSync(join(folder, 'config', file))
  const demo = isThere('demo.yaml') ? await read('demo.yaml') : undefined
  const trunks = isThere('trunks.yaml') ? await read('trunks.yaml') : undefined
  const faults = [
    ...crossFaults({ skills, queues, calendars, dispositions, demo }),
    ...planFaults(Object.keys(numbers.value.numbers), (key) => numbers.at('numbers', key)),
    ...(trunks ? trunkFaults(trunks) : []),
  ]
  if (faults.length > 0) {
    throw new SwitchroomError('CENTER_INVALID', faults.join('\n'), {
      remedy: 'Correct the files; nothing of them has been taken over.',
    })
  }
  const plan = new NumberPlan(numbers.value.numbers)
  return {
    folder,
    queues: Object.entries(queues.value.queues).map(([id, queue]) => ({
      id,
      name: queue.name,
      rules: queueRules(id, queue),
    })),
    numbers: numbers.value.numbers,
    findNumber: (number) => plan.find(number),
    trunks: centerTrunks(folder, trunks),
    numberAt: (number, ...path) => numbers.at('numbers', number, ...path),
    calendars: Object.fromEntries(
      Object.entries(calendars.value.calendars).map(([id, one]) => [id, openingHours(one)]),
    ),
    dispositions: Object.entries(dispositions.value.dispositions).map(([id, one]) => ({ id, ...one })),
    pauseReasons: Object.entries(pauses.value.reasons).map(([id, one]) => ({ id, ...one })),
    mailboxes: Object.keys(mailboxes.value.mailboxes),
    voices: prompts.value.voices,
    skills: Object.keys(skills.value.skills),
    ...(demo && { demo: demo.value }),
  }
}

/** Names of the WAV files below a folder, without the ending: `digits/1`. */
export async function audioNames(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return []
  const files = await readdir(folder, { recursive: true })
  return files.filter((file) => file.endsWith('.wav')).map((file) => file.slice(0, -4))
}

/** Languages for which the center has a folder of prompts. */
export async function promptLanguages(folder: string): Promise<readonly string[]> {
  const prompts = join(folder, 'media', 'prompts')
  if (!existsSync(prompts)) return []
  const entries = await readdir(prompts, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => basename(entry.name))
}
