import { type Static, type TSchema, Type } from 'typebox'
import { nodeSchemas, type RawNode } from './nodes.ts'
import { anyValue, closed, definitions, exit, flag, language, name, optionalExit } from './values.ts'

const nodeTypes = Object.keys(nodeSchemas)

/** Which schema holds is decided by `type`, so that a fault is told of that type alone. */
const node = {
  type: 'object',
  title: 'a node',
  required: ['type'],
  properties: {
    type: {
      type: 'string',
      enum: nodeTypes,
      title: `one of ${nodeTypes.join(', ')}`,
      description: 'What the node does.',
    },
  },
  allOf: nodeTypes.map((type) => ({
    if: { type: 'object', required: ['type'], properties: { type: { const: type } } },
    // oxlint-disable-next-line unicorn/no-thenable -- the word of JSON Schema
    then: { $ref: `#/$defs/${type}` },
  })),
}

const variable = Type.Object(
  {
    type: Type.Union([Type.Literal('string'), Type.Literal('number'), Type.Literal('boolean')], {
      title: 'string, number or boolean',
      description: 'string, number (a whole one) or boolean.',
    }),
    default: Type.Optional(anyValue('The first value; else empty, 0 or false.')),
    secret: flag('Never logged, shown, spoken or sent anywhere.', false),
    description: Type.Optional(Type.String({ description: 'A note for people.' })),
  },
  { ...closed, title: 'a variable such as { type: string }' },
)

const nodeId = '^[a-z][A-Za-z0-9_-]{0,59}$'

const header = {
  flow: name('The name of the flow, which is also the name of its file: <name>.flow.yaml.'),
  description: Type.Optional(Type.String({ description: 'A note for people.' })),
  start: exit('The node that a call begins with.'),
  languages: Type.Array(language('A language that the flow speaks.'), {
    minItems: 1,
    uniqueItems: true,
    title: 'a list of languages such as [en, es]',
    description: 'The languages that the flow speaks; the first one unless the number plan says otherwise.',
  }),
  failed: optionalExit('Where a call goes on after a fault without an exit of its own; once per call.'),
  variables: Type.Optional(
    Type.Record(Type.String({ pattern: '^[a-z][A-Za-z0-9_]*$' }), variable, {
      ...closed,
      title: 'variables by name: a lower-case letter, then letters, digits and _',
      description: 'What the flow remembers about a call; agents see it, except what is secret.',
    }),
  ),
}

const nodeTable = <Value extends TSchema>(value: Value) =>
  Type.Record(Type.String({ pattern: nodeId }), value, {
    ...closed,
    minProperties: 1,
    title: 'nodes by id: a lower-case letter, then letters, digits, - and _, at most 60',
    description: 'The nodes of the graph by their ids.',
  })

/** A flow file as it is written, every key in its place. */
export type RawFlow = Static<typeof rawFlow>
const rawFlow = Type.Object({ ...header, nodes: nodeTable(Type.Unsafe<RawNode>(node)) })

/** The top of a flow file; its nodes may have faults. */
export type RawHeader = Static<typeof headerSchema>
export const headerSchema = Type.Object({ ...header, nodes: nodeTable(Type.Unknown()) }, closed)

/** One node with its definitions. */
export const nodeSchema = { ...node, $defs: { ...definitions, ...nodeSchemas } }

/** The JSON Schema (2020-12) of flow files, for editors and for checking. */
export const flowSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Switchroom flow',
  description: 'An IVR flow: a directed graph of nodes that a call goes through.',
  ...Type.Object({ ...header, nodes: nodeTable(Type.Unsafe<RawNode>({ $ref: '#/$defs/node' })) }, closed),
  $defs: { ...definitions, ...nodeSchemas, node },
}

/** The same as the text of `flow.schema.json`. */
export function flowSchemaText(): string {
  return `${JSON.stringify(flowSchema, null, 2)}\n`
}
