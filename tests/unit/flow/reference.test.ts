import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parseFlow } from '../../../src/flow/parse-flow.ts'
import { formatProblems, problemCodes } from '../../../src/flow/problems.ts'
import { flowSchemaText } from '../../../src/flow/schema/flow.ts'
import { nodeSchemas } from '../../../src/flow/schema/nodes.ts'

const root = join(import.meta.dirname, '../../..')
const reference = readFileSync(join(root, 'docs/flows.md'), 'utf8')
const examples = [...reference.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text)

/** A whole flow around the node of an example, with a node for every exit. */
function wrapped(node: string): string {
  const head = `flow: example
start: ${/^(\S+):/m.exec(node)?.[1]}
languages: [en, es]
variables: { account: { type: string }, tries: { type: number } }
nodes:
`
  const text = head + node.replaceAll(/^/gm, '  ')
  const missing = parseFlow('example', text).problems.flatMap(({ code, message }) =>
    code === 'UNKNOWN_NODE' ? [/"(.*)"/.exec(message)?.[1]] : [],
  )
  return `${text.trimEnd()}\n${[...new Set(missing)].map((id) => `  ${id}: { type: hangup }\n`).join('')}`
}

describe('the reference', () => {
  it.each(examples)('has examples that work: %#', (example) => {
    const text = example.includes('flow:') ? example : wrapped(example)
    const { flow, problems } = parseFlow('example', text)
    expect(flow, formatProblems(problems)).toBeDefined()
    const worth = problems.filter(({ code }) => code !== 'UNUSED_VARIABLE' && code !== 'MISSING_LANGUAGE')
    expect(formatProblems(worth)).toBe('')
  })

  it.each(Object.entries(nodeSchemas))('of %s has an example and every key', (type, schema) => {
    const section = new RegExp(`^### ${type}\n(.*?)(?=^##)`, 'ms').exec(reference)?.[1] ?? ''
    expect(section).toContain(`type: ${type}`)
    const missing = Object.keys(schema.properties).filter(
      (key) => key !== 'type' && key !== 'description' && !section.includes(`\`${key}\``),
    )
    expect(missing).toEqual([])
  })

  it('has every problem with its meaning', () => {
    const listed = [...reference.matchAll(/^\| `([A-Z_]+)` \| (.*) \|$/gm)].map(([, code, meaning]) => [
      code,
      meaning,
    ])
    expect(Object.fromEntries(listed)).toEqual(problemCodes)
  })
})

describe('the JSON Schema in ivr-flows/', () => {
  it('is the one that flows are checked with (npx switchroom flow schema > ivr-flows/flow.schema.json)', () => {
    expect(readFileSync(join(root, 'ivr-flows/flow.schema.json'), 'utf8')).toBe(flowSchemaText())
  })

  it('is valid, and describes every key', () => {
    const schema: unknown = JSON.parse(flowSchemaText())
    const ajv = new Ajv2020({ strict: false })
    expect(ajv.validateSchema(schema as object)).toBe(true)
    const bare: string[] = []
    const look = (at: string, value: unknown) => {
      if (typeof value !== 'object' || value === null) return
      for (const [key, inner] of Object.entries(value)) {
        const isKeys =
          key === 'properties' && !at.endsWith('if') && typeof inner === 'object' && inner !== null
        if (isKeys) {
          for (const [name, property] of Object.entries(inner)) {
            if (!Object.hasOwn(Object(property), 'description')) bare.push(`${at}.${name}`)
          }
        }
        look(`${at}.${key}`, inner)
      }
    }
    look('', schema)
    expect(bare).toEqual([])
  })
})
