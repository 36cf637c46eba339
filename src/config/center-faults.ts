import type { Static } from 'typebox'
import { calendarFaults } from './calendar.ts'
import type { centerSchemas } from './center-schema.ts'
import type { YamlSource } from './yaml-file.ts'

type Source<File extends keyof typeof centerSchemas> = YamlSource<Static<(typeof centerSchemas)[File]>>

export interface CrossChecked {
  readonly skills: Source<'skills.yaml'>
  readonly queues: Source<'queues.yaml'>
  readonly calendars: Source<'calendars.yaml'>
  readonly dispositions: Source<'dispositions.yaml'>
  readonly demo: Source<'demo.yaml'> | undefined
}

/** What is wrong between the files of a center, each fault as `file:line:column` and a sentence. */
export function crossFaults({ skills, queues, calendars, dispositions, demo }: CrossChecked): string[] {
  const isSkill = among(skills.value.skills, 'skill', 'skills.yaml')
  const isQueue = among(queues.value.queues, 'queue', 'queues.yaml')
  return [
    ...Object.entries(queues.value.queues).flatMap(([id, { members }]) =>
      Object.keys(members).flatMap((skill) => isSkill(skill, queues.at('queues', id, 'members', skill))),
    ),
    ...calendarFaults(calendars),
    ...Object.entries(dispositions.value.dispositions).flatMap(([id, { queues: only = [] }]) =>
      only.flatMap((queue, i) => isQueue(queue, dispositions.at('dispositions', id, 'queues', String(i)))),
    ),
    ...(demo ? demoFaults(demo, { isSkill, isQueue }, dispositions) : []),
  ]
}

/** Finds the fault of a name that is not in its table. */
type Check = (name: string, where: string) => string[]

function among(table: object, kind: string, file: string): Check {
  return (name, where) =>
    Object.hasOwn(table, name) ? [] : [`${where} there is no ${kind} ${name} in ${file}`]
}

function demoFaults(
  { value, at }: Source<'demo.yaml'>,
  { isSkill, isQueue }: { readonly isSkill: Check; readonly isQueue: Check },
  dispositions: Source<'dispositions.yaml'>,
): string[] {
  const isDisposition = among(dispositions.value.dispositions, 'disposition', 'dispositions.yaml')
  const isPerson = among(value.people, 'person', 'demo.yaml')
  const skillFaults = Object.entries(value.people).flatMap(([id, { skills = {} }]) =>
    Object.keys(skills).flatMap((skill) => isSkill(skill, at('people', id, 'skills', skill))),
  )
  const customerFaults = Object.entries(value.customers).flatMap(([id, { owner, history }]) => [
    ...(owner === undefined ? [] : isPerson(owner, at('customers', id, 'owner'))),
    ...history.flatMap(({ queue, agent, disposition }, i) => {
      const where = (key: string): string => at('customers', id, 'history', String(i), key)
      return [
        ...(queue === undefined ? [] : isQueue(queue, where('queue'))),
        ...(agent === undefined ? [] : isPerson(agent, where('agent'))),
        ...(disposition === undefined ? [] : isDisposition(disposition, where('disposition'))),
      ]
    }),
  ])
  return [...skillFaults, ...customerFaults]
}
