import type { FlowProblem, ProblemCode } from '../problems.ts'
import type { Path, Place, YamlFile } from '../read-yaml.ts'

/** A problem and the place where it was found. */
export interface Finding {
  readonly path: Path
  readonly code: ProblemCode
  readonly message: string
  readonly remedy: string
  /** A character inside a text value, or the key in place of the value. */
  readonly at?: number | 'key'
  readonly severity?: 'error' | 'warning'
}

/** Collects the problems of one file, each with its line and column. */
export class Findings {
  readonly #file: string
  readonly #yaml: YamlFile
  readonly #problems: FlowProblem[] = []

  constructor(file: string, yaml: YamlFile) {
    this.#file = file
    this.#yaml = yaml
  }

  add(finding: Finding): void {
    const { code, message, remedy, severity = 'error' } = finding
    this.#problems.push({ file: this.#file, ...this.#place(finding), code, severity, message, remedy })
  }

  get errors(): number {
    return this.#problems.filter(({ severity }) => severity === 'error').length
  }

  /** In the order of the file. */
  list(): FlowProblem[] {
    return this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
  }

  #place({ path, at }: Finding): Place {
    if (at === 'key') return this.#yaml.keyAt(path)
    return at === undefined ? this.#yaml.valueAt(path) : this.#yaml.insideAt(path, at)
  }
}
