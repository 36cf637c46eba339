import type { CenterNames } from './center-names.ts'
import { isHeader, isNode, schemaFaults } from './check-schema.ts'
import { Findings } from './compile/findings.ts'
import { checkPaths, checkTarget, checkTargets } from './compile/graph.ts'
import { checkNames } from './compile/names.ts'
import { NodeCompiler } from './compile/nodes.ts'
import { ValueCompiler } from './compile/values.ts'
import { ExpressionCompiler, isReservedName } from './compile-expression.ts'
import type { Flow, FlowNode, Variable } from './flow.ts'
import type { FlowProblem } from './problems.ts'
import { YamlFile } from './read-yaml.ts'
import type { RawHeader } from './schema/flow.ts'
import type { RawNode } from './schema/nodes.ts'

export interface ParsedFlow {
  /** There when nothing is wrong but warnings. */
  readonly flow?: Flow
  /** In the order of the file. */
  readonly problems: readonly FlowProblem[]
}

/**
 * Turns the text of a flow file (YAML or JSON) into a flow that runs, or tells everything that is wrong with it,
 * each with its line and column. Never throws.
 *
 * @param file name for the problems
 * @param names what the center has; without it, names of queues, calendars, prompts and so on are not checked
 */
export function parseFlow(file: string, text: string, names?: CenterNames): ParsedFlow {
  const yaml = new YamlFile(text)
  const findings = new Findings(file, yaml)
  const { value } = yaml
  if (value === undefined) {
    return { problems: yaml.faults.map((fault) => ({ file, severity: 'error', ...fault })) }
  }
  for (const { at, ...fault } of schemaFaults(value)) findings.add({ ...fault, ...(at === 'key' && { at }) })
  const flow = isHeader(value) ? compileFlow(file, value, yaml.hash, findings, names) : undefined
  const faults = yaml.faults.map((fault) => ({ file, severity: 'error' as const, ...fault }))
  const problems = [...faults, ...findings.list()].toSorted((a, b) => a.line - b.line || a.column - b.column)
  return { ...(flow && faults.length === 0 && findings.errors === 0 && { flow }), problems }
}

function compileFlow(
  file: string,
  raw: RawHeader,
  hash: string,
  findings: Findings,
  names?: CenterNames,
): Flow | undefined {
  const ids = Object.keys(raw.nodes)
  const sound = new Map<string, RawNode>()
  for (const [id, node] of Object.entries(raw.nodes)) if (isNode(node)) sound.set(id, node)

  checkFileName(raw.flow, file, findings)
  const variables = compileVariables(raw, sound, findings)
  const values = new ValueCompiler(raw.languages, new ExpressionCompiler(variables), findings)
  const compiler = new NodeCompiler(values, variables)
  const nodes: Record<string, FlowNode> = {}
  for (const [id, node] of sound) nodes[id] = compiler.compile(['nodes', id], node)

  const whole = sound.size === ids.length
  const before = findings.errors
  checkTarget(['start'], raw.start, ids, findings)
  if (raw.failed !== undefined) checkTarget(['failed'], raw.failed, ids, findings)
  checkTargets(sound, ids, findings)
  if (whole && findings.errors === before) {
    checkPaths(sound, raw.failed === undefined ? [raw.start] : [raw.start, raw.failed], findings)
  }
  if (whole) tellUnused(Object.keys(variables), new Set([...values.read, ...compiler.written]), findings)
  if (names) checkNames(sound, raw.languages, names, findings)

  const [first, ...others] = raw.languages
  if (first === undefined) return undefined
  return {
    name: raw.flow,
    hash,
    languages: [first, ...others],
    start: raw.start,
    ...(raw.failed !== undefined && { failed: raw.failed }),
    variables,
    nodes,
  }
}

/** Files of one folder cannot share a name, and so flows cannot either. */
function checkFileName(flow: string, file: string, findings: Findings): void {
  const [, name] = /([^/\\]*)\.flow\.yaml$/.exec(file) ?? []
  if (name === undefined || name === flow) return
  const remedy = `Write flow: ${name}, or call the file ${flow}.flow.yaml.`
  findings.add({
    path: ['flow'],
    code: 'WRONG_VALUE',
    message: `the flow is called ${flow}, its file ${name}.flow.yaml`,
    remedy,
  })
}

const initials = { string: '', number: 0, boolean: false } as const

/** A variable is secret when it says so, or when a gather node that fills it does. */
function compileVariables(
  raw: RawHeader,
  nodes: ReadonlyMap<string, RawNode>,
  findings: Findings,
): Record<string, Variable> {
  const gathered = [...nodes.values()].flatMap((node) =>
    node.type === 'gather' && node.secret ? [node.variable] : [],
  )
  const variables: Record<string, Variable> = {}
  for (const [name, { type, secret = false, default: initial = initials[type] }] of Object.entries(
    raw.variables ?? {},
  )) {
    const path = ['variables', name]
    if (isReservedName(name)) {
      const remedy = 'Expressions know this name already: choose another.'
      findings.add({
        path,
        at: 'key',
        code: 'WRONG_VALUE',
        message: `a variable cannot be called ${name}`,
        remedy,
      })
      continue
    }
    if (typeof initial !== type || (type === 'number' && !Number.isSafeInteger(initial))) {
      const remedy = `Write a ${type === 'number' ? 'whole number' : type}, or another type.`
      findings.add({
        path: [...path, 'default'],
        code: 'WRONG_TYPE',
        message: `the default of ${name} is no ${type === 'number' ? 'whole number' : type}`,
        remedy,
      })
    }
    variables[name] = { type, initial, secret: secret || gathered.includes(name) }
  }
  return variables
}

function tellUnused(variables: readonly string[], used: ReadonlySet<string>, findings: Findings): void {
  for (const name of variables.filter((variable) => !used.has(variable))) {
    const remedy = 'Use it, or remove it.'
    findings.add({
      path: ['variables', name],
      at: 'key',
      severity: 'warning',
      code: 'UNUSED_VARIABLE',
      message: `nothing uses ${name}`,
      remedy,
    })
  }
}
