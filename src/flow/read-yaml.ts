import { createHash } from 'node:crypto'
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Scalar,
} from 'yaml'

/** Where something stands in a file; both begin at 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** The way to a value from the top of a document: keys of maps and indices of lists. */
export type Path = readonly (string | number)[]

export interface YamlFault extends Place {
  readonly code: 'YAML_SYNTAX' | 'DUPLICATE_KEY'
  readonly message: string
  readonly remedy: string
}

/** Maps nest no deeper than this in a flow; beyond it a file is refused before it costs time. */
const maxDepth = 20
const maxLength = 1_000_000

/** A YAML (or JSON) file as plain values, with the place of each. */
export class YamlFile {
  /** SHA-256 of the text, hex. */
  readonly hash: string
  readonly faults: readonly YamlFault[]
  /** Plain JSON values; undefined when the file has syntax faults. */
  readonly value: unknown
  readonly #text: string
  readonly #lines = new LineCounter()
  readonly #document: Document.Parsed

  constructor(text: string) {
    this.#text = text
    this.hash = createHash('sha256').update(text).digest('hex')
    const tooLong = text.length > maxLength
    this.#document = parseDocument(tooLong ? '' : text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      uniqueKeys: false,
    })
    const faults = tooLong
      ? [this.#fault('YAML_SYNTAX', 0, `the file has more than ${maxLength} characters`, 'Split the flow.')]
      : this.#syntaxFaults()
    this.faults = faults
    this.value = faults.some(({ code }) => code === 'YAML_SYNTAX') ? undefined : this.#document.toJS()
  }

  /** Where a value begins; the nearest one around it that is there, when it is not. */
  valueAt(path: Path): Place {
    return this.#place(this.#find(path).value)
  }

  /** Where the key of a value begins. */
  keyAt(path: Path): Place {
    const { key, value } = this.#find(path)
    return this.#place(key ?? value)
  }

  /** The place of the character at `index` of a string value, through quotes, escapes and folded lines. */
  insideAt(path: Path, index: number): Place {
    const { value } = this.#find(path)
    if (!isScalar(value) || typeof value.value !== 'string') return this.#place(value)
    return this.#placeAt(offsetInside(this.#text, value, index))
  }

  #syntaxFaults(): YamlFault[] {
    const { errors, warnings } = this.#document
    const faults: YamlFault[] = []
    for (const { code, message, pos } of [...errors, ...warnings].toSorted((a, b) => a.pos[0] - b.pos[0])) {
      const [offset] = pos
      const star = code === 'BAD_ALIAS' && this.#text[offset - 1] === '*'
      const fault = star
        ? this.#fault(
            'YAML_SYNTAX',
            offset - 1,
            'a * without quotes',
            'Write "*": YAML takes it for an alias.',
          )
        : this.#fault(
            'YAML_SYNTAX',
            offset,
            lowerFirst(message),
            'Check the indentation, the colons and the quotes.',
          )
      // What follows in the same line is mostly a consequence.
      if (faults.at(-1)?.line !== fault.line) faults.push(fault)
    }
    if (faults.length === 0) this.#checkStructure(this.#document.contents, 0, faults)
    return faults
  }

  /** What YAML allows and flows do not: a key twice ("1" and 1 are the same key to us), aliases, maps as keys. */
  #checkStructure(node: unknown, depth: number, faults: YamlFault[]): void {
    if (depth > maxDepth) {
      faults.push(
        this.#fault(
          'YAML_SYNTAX',
          startOf(node),
          `more than ${maxDepth} levels inside each other`,
          'A flow needs no more than seven.',
        ),
      )
    } else if (isAlias(node)) {
      const remedy = 'Write it out; a * that is meant as such needs quotes.'
      faults.push(this.#fault('YAML_SYNTAX', startOf(node), 'aliases are not used in flows', remedy))
    } else if (isSeq(node)) {
      for (const item of node.items) this.#checkStructure(item, depth + 1, faults)
    } else if (isMap(node)) {
      const seen = new Map<string, number>()
      for (const { key, value } of node.items) {
        const name = keyOf(key)
        const before = seen.get(name)
        if (before !== undefined) {
          const { line } = this.#placeAt(before)
          faults.push(
            this.#fault(
              'DUPLICATE_KEY',
              startOf(key),
              `"${name}" is there already, in line ${line}`,
              'Remove one of the two.',
            ),
          )
        }
        seen.set(name, startOf(key))
        if (isAlias(key)) this.#checkStructure(key, depth + 1, faults)
        else if (!isScalar(key)) {
          const remedy = 'Write a name before the colon.'
          faults.push(this.#fault('YAML_SYNTAX', startOf(key), 'a map or a list is no key', remedy))
        }
        this.#checkStructure(value, depth + 1, faults)
      }
    }
  }

  #find(path: Path): { key?: unknown; value: unknown } {
    let found: { key?: unknown; value: unknown } = { value: this.#document.contents }
    for (const step of path) {
      const inside = found.value
      if (isSeq(inside)) {
        const item: unknown = inside.items[Number(step)]
        if (item === undefined) return found
        found = { value: item }
      } else if (isMap(inside)) {
        const pair: Pair | undefined = inside.items.find(({ key }) => keyOf(key) === String(step))
        if (!pair) return found
        found = { key: pair.key, value: hasPlace(pair.value) ? pair.value : pair.key }
      } else return found
    }
    return found
  }

  #place(node: unknown): Place {
    return this.#placeAt(startOf(node))
  }

  #placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }

  #fault(code: YamlFault['code'], offset: number, message: string, remedy: string): YamlFault {
    return { code, ...this.#placeAt(offset), message, remedy }
  }
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key)
}

/** An empty value (`key:` and nothing) has a place of no length behind the colon: the key says more. */
function hasPlace(node: unknown): boolean {
  return isNode(node) && !!node.range && node.range[1] > node.range[0]
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}

/** Walks value and source side by side: they differ by quotes, escapes, indentation and folded line ends only. */
export function offsetInside(text: string, { range, type, value }: Scalar, index: number): number {
  const start = range?.[0] ?? 0
  const end = range?.[1] ?? start
  const content = String(value)
  let at = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? start + 1 : start
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') at = text.indexOf('\n', start) + 1
  for (let character = 0; character < content.length; character++) {
    const wanted = content[character]
    while (at < end && text[at] !== wanted && isBlank(text[at]) && !isBlank(wanted)) at++
    if (character === index) return at
    if (isBlank(wanted) && text[at] !== wanted) {
      while (at < end && isBlank(text[at])) at++
    } else at += sourceLength(text, at, type)
  }
  return Math.min(at, end)
}

/** How many characters of the source one character of the value takes. */
function sourceLength(text: string, at: number, type: Scalar['type']): number {
  if (type === 'QUOTE_SINGLE' && text.startsWith("''", at)) return 2
  if (type !== 'QUOTE_DOUBLE' || text[at] !== '\\') return 1
  const escapes: Record<string, number> = { x: 4, u: 6, U: 10 }
  return escapes[text[at + 1] ?? ''] ?? 2
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t'
}
