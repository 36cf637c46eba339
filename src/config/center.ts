import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Static } from 'typebox'
import type { QueueRules } from '../acd/contract.ts'
import type { OpeningHours, Stretch } from '../calendars/opening-hours.ts'
import { SwitchroomError } from '../errors.ts'
import { type Calendar, centerSchemas, type demoSchema, queueRules } from './center-schema.ts'
import { readYamlFile } from './yaml-file.ts'

/** Everything that the files of a center folder say, checked each by itself and against one another. */
export interface CenterFiles {
  /** Absolute path. */
  readonly folder: string
  readonly queues: readonly { readonly id: string; readonly name: string; readonly rules: QueueRules }[]
  readonly numbers: Readonly<Record<string, NumberEntry>>
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
  ): Promise<Static<(typeof centerSchemas)[File]>> =>
    readYamlFile(join(folder, 'config', file), centerSchemas[file], 'CENTER_INVALID')
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
  const demo = existsSync(join(folder, 'config', 'demo.yaml')) ? await read('demo.yaml') : undefined
  const known = Object.keys(skills.skills)
  const faults = [
    ...Object.entries(queues.queues).flatMap(([id, { members }]) =>
      unknownSkills(`queues.yaml: ${id}`, members, known),
    ),
    ...Object.entries(demo?.people ?? {}).flatMap(([id, person]) =>
      unknownSkills(`demo.yaml: ${id}`, person.skills ?? {}, known),
    ),
    ...Object.entries(calendars.calendars).flatMap(([id, { timeZone }]) =>
      isTimeZone(timeZone) ? [] : [`calendars.yaml: ${id}.timeZone: "${timeZone}" is not an IANA time zone`],
    ),
  ]
  if (faults.length > 0) {
    throw new SwitchroomError(
      'CENTER_INVALID',
      faults.map((fault) => join(folder, 'config', fault)).join('\n'),
      {
        remedy: 'Correct the files; nothing of them has been taken over.',
      },
    )
  }
  return {
    folder,
    queues: Object.entries(queues.queues).map(([id, queue]) => ({
      id,
      name: queue.name,
      rules: queueRules(id, queue),
    })),
    numbers: numbers.numbers,
    calendars: Object.fromEntries(
      Object.entries(calendars.calendars).map(([id, one]) => [id, openingHours(one)]),
    ),
    dispositions: Object.entries(dispositions.dispositions).map(([id, one]) => ({ id, ...one })),
    pauseReasons: Object.entries(pauses.reasons).map(([id, one]) => ({ id, ...one })),
    mailboxes: Object.keys(mailboxes.mailboxes),
    voices: prompts.voices,
    skills: known,
    ...(demo && { demo }),
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

function unknownSkills(where: string, skills: object, known: readonly string[]): string[] {
  return Object.keys(skills)
    .filter((skill) => !known.includes(skill))
    .map((skill) => `${where}: there is no skill ${skill} in skills.yaml`)
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function openingHours(calendar: Calendar): OpeningHours {
  const week = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
  const { open, timeZone, emergency } = calendar
  return {
    timeZone,
    emergency,
    open: typeof open === 'string' ? open : week.map((day) => stretches(open[day] ?? 'closed')),
    holidays: Object.fromEntries(
      Object.entries(calendar.holidays).map(([date, day]) => [date, stretches(day)]),
    ),
  }
}

function stretches(day: string | readonly string[]): readonly Stretch[] {
  if (day === 'closed') return []
  return (typeof day === 'string' ? [day] : day).map((text) => {
    const [from = '', to = ''] = text.split('-')
    return { from: minutes(from), to: minutes(to) }
  })
}

function minutes(clock: string): number {
  const [hour = '0', minute = '0'] = clock.split(':')
  return Number(hour) * 60 + Number(minute)
}
