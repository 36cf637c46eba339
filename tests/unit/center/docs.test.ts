import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { centerSchemas } from '../../../src/config/center-schema.ts'
import { parseYaml } from '../../../src/config/yaml-file.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/center.md'), 'utf8')
const sections = new Map(page.split(/^## /m).map((text) => [text.split('\n')[0] ?? '', text] as const))

/** Every key that a schema allows, however deep. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const properties = 'properties' in schema && schema.properties ? Object.keys(schema.properties) : []
  return [...properties, ...Object.values(schema).flatMap(keysOf)]
}

const weekdays = ['tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

describe.each(Object.entries(centerSchemas))('docs/center.md on %s', (file, schema) => {
  const section = sections.get(file) ?? ''
  const examples = [...section.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => yaml)

  test('shows what the server accepts', () => {
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      expect(parseYaml(example, file, schema, 'CENTER_INVALID')).toBeTypeOf('object')
    }
  })

  test('explains every key', () => {
    const tables = section.replaceAll(/```.*?```/gs, '')
    for (const key of keysOf(schema)) {
      if (!weekdays.includes(key)) expect(tables).toMatch(new RegExp(`\`([a-zA-Z]+\\.)?${key}\``))
    }
  })
})
