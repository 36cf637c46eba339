import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { errorCodes, errorText, SwitchroomError } from '../../src/errors.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8')
const sections = [...page.matchAll(/^### (.+)\n([^#]*)/gm)].map(([, code = '', text = '']) => ({
  code,
  text,
}))

describe('docs/errors.md', () => {
  test('has a section for every code, and for nothing else', () => {
    expect(sections.map(({ code }) => code).toSorted()).toEqual(Object.keys(errorCodes).toSorted())
  })

  test.each(sections)('$code says what it means and what to do', ({ text }) => {
    expect(text.trim().split('\n\n').length).toBeGreaterThanOrEqual(2)
  })
})

describe('an error as people see it', () => {
  test('has message, remedy and code, and no stack', () => {
    const error = new SwitchroomError('PORT_TAKEN', 'it is taken', { remedy: 'take another' })
    expect(errorText(error)).toBe('it is taken\n  take another\n  (PORT_TAKEN)')
  })

  test('that was not raised on purpose has its message only', () => {
    expect(errorText(new TypeError('odd'))).toBe('odd')
    expect(errorText('odd')).toBe('odd')
  })
})
