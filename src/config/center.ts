import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Static } from 'typebox'
import type { QueueRules, RoutingRules, TeamRules } from '../acd/rules.ts'
import { ONE_CALL } from '../acd/rules.ts'
import type { OpeningHours } from '../calendars/opening-hours.ts'
import { openingHours } from './calendar.ts'
import { crossFaults } from './center-faults.ts'
import { type CenterFinding, errorAt, type Place, refuseErrors } from './center-finding.ts'
import { centerSchemas, type demoSchema } from './center-schema.ts'
import {
  type CenterFileName,
  type CenterTexts,
  isMissing,
  readTexts,
  ruleHash,
  shownFile,
} from './center-texts.ts'
import type { KnownPerson } from './known-names.ts'
import { hoursOf, type QueueHours } from './life-rules.ts'
import { NumberPlan, planFaults } from './number-plan.ts'
import { queueRules, teamRules } from './queue-rules.ts'
import type { Queue } from './queue-schema.ts'
import { type CenterTrunks, centerTrunks, trunkFaults } from './trunks.ts'
import { parseSource, type ReadYaml, type YamlSource } from './yaml-file.ts'

/** What is published, and may be replaced while calls go on. */
export interface CenterRules {
  /** Names this version: SHA-256 of the files, hex. */
  readonly hash: string
  /** For the routing engine. */
  readonly routing: RoutingRules
  readonly queues: readonly {
    readonly id: string
    readonly name: string
    readonly rules: QueueRules
    readonly whisper?: NonNullable<Queue['whisper']>
    /** By which calendars callers are let in and called back; absent: always. */
    readonly hours?: QueueHours
  }[]
  readonly teams: readonly { readonly id: string; readonly name: string; readonly rules: TeamRules }[]
  readonly calendars: Readonly<Record<string, OpeningHours>>
  readonly dispositions: readonly {
    readonly id: string
    readonly name: string
    readonly queues?: readonly string[]
  }[]
  readonly pauseReasons: readonly { readonly id: string; readonly name: string }[]
  readonly skills: readonly string[]
}

/** Everything that the files of a center folder say, checked each by itself and against one another. */
export interface CenterFiles extends CenterRules {
  /** Absolute path. */
  readonly folder: string
  /** What the files say, word for word. */
  readonly texts: CenterTexts
  readonly numbers: Readonly<Record<string, NumberEntry>>
  /** Who answers a dialled number: the exact entry, or the pattern that fits it best. */
  readonly findNumber: (number: string) => NumberEntry | undefined
  readonly trunks: CenterTrunks
  /** Where `numbers.yaml` says it. */
  readonly numberPlace: (number: string, ...path: readonly string[]) => Place
  readonly mailboxes: readonly string[]
  /** Language -> voice of the speech. */
  readonly voices: Readonly<Record<string, string>>
  /** Absent in a center that is in earnest. */
  readonly demo?: Static<typeof demoSchema>
}

export type NumberEntry = Static<(typeof centerSchemas)['numbers.yaml']>['numbers'][string]

/**
 * Reads and checks the files of `<folder>/config`.
 * @throws SwitchroomError CENTER_MISSING or CENTER_INVALID, naming file, line and what was expected
 */
export async function loadCenter(folder: string): Promise<CenterFiles> {
  return acceptedCenter(checkCenter(folder, await readTexts(folder)))
}

export interface CheckedCenter {
  /** Absent where there are errors. */
  readonly files?: CenterFiles
  readonly findings: readonly CenterFinding[]
}

/** @throws SwitchroomError CENTER_MISSING or CENTER_INVALID, naming every error */
export function acceptedCenter({ files, findings }: CheckedCenter): CenterFiles {
  refuseErrors(
    findings.filter(({ code }) => code === 'MISSING_FILE'),
    'CENTER_MISSING',
    'Check the path, or make a new center folder with `switchroom init`.',
  )
  refuseErrors(findings, 'CENTER_INVALID', 'Correct the files; nothing of them has been taken over.')
  if (!files) throw new RangeError('a center without errors has files')
  return files
}

export interface CheckOptions {
  /** Those who work here, where they are known; else the people of `demo.yaml`. */
  readonly people?: readonly KnownPerson[]
  /** Whether `demo.yaml` must fit the rest; true where nothing else is said. */
  readonly demoFits?: boolean
  /** How a file is called in findings. */
  readonly shown?: (name: CenterFileName) => string
}

/** Checks the texts of a center's files, each by itself, and then against one another. */
export function checkCenter(
  folder: string,
  texts: CenterTexts,
  { people, demoFits = true, shown = (name) => shownFile(folder, name) }: CheckOptions = {},
): CheckedCenter {
  const faults: CenterFinding[] = []
  const read = <File extends CenterFileName>(
    file: File,
  ): YamlSource<Static<(typeof centerSchemas)[File]>> | undefined => {
    if (isMissing(texts, file)) {
      const place = { file: shown(file), line: 1, column: 1 }
      faults.push(
        errorAt(
          place,
          'MISSING_FILE',
          'there is no such file',
          '`switchroom init` makes a center that has all.',
        ),
      )
      return undefined
    }
    const parsed: ReadYaml<Static<(typeof centerSchemas)[File]>> = parseSource(
      texts[file] ?? '',
      shown(file),
      centerSchemas[file],
    )
    faults.push(...(parsed.findings ?? []))
    return parsed.source
  }
  const readIfThere = <File extends CenterFileName>(file: File) =>
    texts[file] === undefined ? undefined : read(file)
  const skills = read('skills.yaml')
  const teams = read('teams.yaml')
  const queues = read('queues.yaml')
  const numbers = read('numbers.yaml')
  const calendars = read('calendars.yaml')
  const dispositions = read('dispositions.yaml')
  const pauses = read('pause-reasons.yaml')
  const mailboxes = read('mailboxes.yaml')
  const prompts = read('prompts.yaml')
  const demo = readIfThere('demo.yaml')
  const trunks = readIfThere('trunks.yaml')
  if (!skills || !teams || !queues || !calendars || !dispositions || !numbers) return { findings: faults }
  if (!pauses || !mailboxes || !prompts || faults.length > 0) return { findings: faults }
  const hasAudio = (language: string, audio: string): boolean =>
    [language, language.split('-')[0] ?? ''].some((one) =>
      existsSync(join(folder, 'media', 'prompts', one, `${audio}.wav`)),
    )
  const findings = [
    ...crossFaults(
      { skills, teams, queues, calendars, dispositions, pauses, demo: demoFits ? demo : undefined, hasAudio },
      people,
    ),
    ...planFaults(Object.keys(numbers.value.numbers), (key) => numbers.place('numbers', key)),
    ...(trunks ? trunkFaults(trunks) : []),
  ]
  if (findings.some(({ severity }) => severity === 'error')) return { findings }
  const queueList = Object.entries(queues.value.queues).map(([id, queue]) => {
    const hours = hoursOf(queue)
    return {
      id,
      name: queue.name,
      rules: queueRules(id, queue),
      ...(queue.whisper && { whisper: queue.whisper }),
      ...(hours && { hours }),
    }
  })
  const teamList = Object.entries(teams.value.teams).map(([id, team]) => ({
    id,
    name: team.name,
    rules: teamRules(id, team),
  }))
  const plan = new NumberPlan(numbers.value.numbers)
  const files: CenterFiles = {
    hash: ruleHash(texts),
    routing: {
      queues: queueList.map(({ rules }) => rules),
      teams: teamList.map(({ rules }) => rules),
      capacity: ONE_CALL,
    },
    queues: queueList,
    teams: teamList,
    calendars: Object.fromEntries(
      Object.entries(calendars.value.calendars).map(([id, one]) => [id, openingHours(one)]),
    ),
    dispositions: Object.entries(dispositions.value.dispositions).map(([id, one]) => ({ id, ...one })),
    pauseReasons: Object.entries(pauses.value.reasons).map(([id, one]) => ({ id, ...one })),
    skills: Object.keys(skills.value.skills),
    folder,
    texts,
    numbers: numbers.value.numbers,
    findNumber: (number) => plan.find(number),
    trunks: centerTrunks(folder, trunks),
    numberPlace: (number, ...path) => numbers.place('numbers', number, ...path),
    mailboxes: Object.keys(mailboxes.value.mailboxes),
    voices: prompts.value.voices,
    ...(demo && { demo: demo.value }),
  }
  return { files, findings }
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
