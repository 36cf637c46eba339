import { type Static, Type } from 'typebox'
import { ruleFiles } from '../../config/rule-files.ts'
import { closed, DurationMs, Id, list, named, PersonRef, ref, Time } from './schema.ts'

const Hash = Type.String({ description: 'SHA-256 of the files, hex.' })

const inForce = {
  hash: Hash,
  source: Type.Enum(['files', 'published'], {
    description: 'files: nothing was ever published, and the files count as they were at the start.',
  }),
  since: Time,
  by: Type.Optional(Type.String({ description: 'Who put them in force: a user id, or operator.' })),
}

const StaffedQueue = Type.Object(
  {
    id: Id,
    name: Type.String(),
    strategy: Type.String(),
    strictClass: Type.Integer(),
    members: list(
      Type.Object({ agent: ref(PersonRef), preference: Type.Integer(), delayMs: DurationMs }, closed),
      { description: 'Those of the best preference first.' },
    ),
    bounds: list(
      Type.Object(
        {
          priority: Type.Integer(),
          laterMs: Type.Optional(
            Type.Integer({
              description:
                'Who joins later by more milliseconds than this never goes first. Absent: there is no bound.',
            }),
          ),
        },
        closed,
      ),
    ),
  },
  closed,
)

/** The rules in force with the people that there are. */
export const RulesInForce = named(
  'RulesInForce',
  Type.Object(
    {
      ...inForce,
      drift: list(Type.String(), {
        description: 'Files of the center folder that say something else; publishing puts them in force.',
      }),
      queues: list(StaffedQueue),
      teams: list(Type.Object({ id: Id, name: Type.String(), agents: list(ref(PersonRef)) }, closed)),
    },
    closed,
  ),
)
export type RulesInForce = Static<typeof RulesInForce>

/** Word for word what stands in the files of `config/`. */
export const NewRules = Type.Object(
  {
    files: Type.Object(Object.fromEntries(ruleFiles.map((name) => [name, Type.Optional(Type.String())])), {
      ...closed,
      description: 'Name of the file -> its text.',
    }),
  },
  closed,
)
export type NewRules = Static<typeof NewRules>

export const RuleFinding = named(
  'RuleFinding',
  Type.Object(
    {
      file: Type.String(),
      line: Type.Integer(),
      column: Type.Integer(),
      code: Type.String(),
      severity: Type.Enum(['error', 'warning']),
      message: Type.String(),
      remedy: Type.String(),
    },
    closed,
  ),
)
export type RuleFinding = Static<typeof RuleFinding>

export const PublishedRules = named(
  'PublishedRules',
  Type.Object(
    {
      ...inForce,
      unchanged: Type.Boolean({
        description: 'Whether this version was in force before: then nothing was done.',
      }),
      findings: list(ref(RuleFinding), { description: 'Warnings. What has errors is refused.' }),
    },
    closed,
  ),
)
export type PublishedRules = Static<typeof PublishedRules>

export const RulesHistory = named(
  'RulesHistory',
  Type.Object(
    {
      activations: list(Type.Object({ hash: Hash, at: Time, by: Type.String() }, closed), {
        description: 'The latest first.',
      }),
    },
    closed,
  ),
)
export type RulesHistory = Static<typeof RulesHistory>
