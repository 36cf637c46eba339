import { expect, it } from 'vitest'
import { splitTemplate } from '../../../src/flow/template.ts'

it.each([
  ['', []],
  ['plain', ['plain']],
  ['${a}', [{ source: 'a', index: 2 }]],
  ['x ${a}${b} y', ['x ', { source: 'a', index: 4 }, { source: 'b', index: 8 }, ' y']],
  ['$${a} ${b}', ['${a} ', { source: 'b', index: 8 }]],
  ['${ {"k": "v"}.k }!', [{ source: ' {"k": "v"}.k ', index: 2 }, '!']],
  ['${"}" + \'}\'}', [{ source: '"}" + \'}\'', index: 2 }]],
  ['${"\\"}" + a}', [{ source: '"\\"}" + a', index: 2 }]],
  ['$ { } $', ['$ { } $']],
])('%s is cut into its pieces', (text, pieces) => {
  expect(splitTemplate(text)).toEqual({ pieces })
})

it.each([
  ['${', 0],
  ['x ${a', 2],
  ['x ${"a}', 2],
  ['${a} ${ {b} ', 5],
])('%s has no end', (text, unclosed) => {
  expect(splitTemplate(text)).toEqual({ unclosed })
})
