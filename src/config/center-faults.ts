import { calendarFaults } from './calendar.ts'
import { type CenterFinding, errorAt, type Place } from './center-finding.ts'
import { among, type Check, type KnownPerson, type Source } from './known-names.ts'
import { lifeFindings } from './life-findings.ts'
import { type QueueSources, queueFindings } from './queue-findings.ts'
import { reservedWords } from './requirement-text.ts'
import type { HasAudio } from './whisper-findings.ts'

export interface CrossChecked extends QueueSources {
  readonly calendars: Source<'calendars.yaml'>
  readonly dispositions: Source<'dispositions.yaml'>
  readonly pauses: Source<'pause-reasons.yaml'>
  readonly demo: Source<'demo.yaml'> | undefined
  readonly hasAudio: HasAudio
}

/**
 * What is wrong between the files of a center, and what their schemas cannot say.
 * @param people those who work here, where they are known; else those of the demo
 */
export function crossFaults(
  { skills, teams, queues, calendars, dispositions, pauses, demo, hasAudio }: CrossChecked,
  people = demo && demoPeople(demo),
): CenterFinding[] {
  const isSkill = among(skills.value.skills, 'skill', 'skills.yaml', 'UNKNOWN_SKILL')
  const isQueue = among(queues.value.queues, 'queue', 'queues.yaml', 'UNKNOWN_QUEUE')
  return [
    ...reservedNames(skills),
    ...queueFindings({ skills, teams, queues }, people, hasAudio),
    ...lifeFindings({ queues, calendars, pauses }),
    ...calendarFaults(calendars),
    ...Object.entries(dispositions.value.dispositions).flatMap(([id, { queues: only = [] }]) =>
      only.flatMap((queue, i) => isQueue(queue, dispositions.place('dispositions', id, 'queues', String(i)))),
    ),
    ...(demo ? demoFaults(demo, { isSkill, isQueue }, dispositions) : []),
  ]
}

function demoPeople({ value }: Source<'demo.yaml'>): readonly KnownPerson[] {
  return Object.entries(value.people).map(([id, { skills = {} }]) => ({ id, skills }))
}

function reservedNames({ value, place }: Source<'skills.yaml'>): CenterFinding[] {
  return Object.keys(value.skills)
    .filter((skill) => reservedWords.includes(skill))
    .map((skill) =>
      errorAt(
        place('skills', skill),
        'RESERVED_NAME',
        `a skill is called ${skill}, which is a word of requirements and steps`,
        'Call it otherwise; its `name`, which people see, may stay.',
      ),
    )
}

function demoFaults(
  { value, place }: Source<'demo.yaml'>,
  { isSkill, isQueue }: { readonly isSkill: Check; readonly isQueue: Check },
  dispositions: Source<'dispositions.yaml'>,
): CenterFinding[] {
  const isDisposition = among(
    dispositions.value.dispositions,
    'disposition',
    'dispositions.yaml',
    'UNKNOWN_DISPOSITION',
  )
  const isPerson = among(value.people, 'person', 'demo.yaml', 'UNKNOWN_AGENT')
  const skillFaults = Object.entries(value.people).flatMap(([id, { skills = {} }]) =>
    Object.keys(skills).flatMap((skill) => isSkill(skill, place('people', id, 'skills', skill))),
  )
  const customerFaults = Object.entries(value.customers).flatMap(([id, { owner, history }]) => [
    ...(owner === undefined ? [] : isPerson(owner, place('customers', id, 'owner'))),
    ...history.flatMap(({ queue, agent, disposition }, i) => {
      const where = (key: string): Place => place('customers', id, 'history', String(i), key)
      return [
        ...(queue === undefined ? [] : isQueue(queue, where('queue'))),
        ...(agent === undefined ? [] : isPerson(agent, where('agent'))),
        ...(disposition === undefined ? [] : isDisposition(disposition, where('disposition'))),
      ]
    }),
  ])
  return [...skillFaults, ...customerFaults]
}
