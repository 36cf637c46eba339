import { suggest } from '../problems.ts'
import type { RawNode } from '../schema/nodes.ts'
import type { Findings } from './findings.ts'

type Nodes = ReadonlyMap<string, RawNode>

interface Edge {
  /** The way from the node to the key that names the target. */
  readonly path: readonly (string | number)[]
  readonly to: string
}

/** Tells of exits that lead to no node. `ids`: every node of the file, also those that have faults of their own. */
export function checkTargets(nodes: Nodes, ids: readonly string[], findings: Findings): void {
  for (const [id, node] of nodes) {
    for (const { path, to } of exits(node)) checkTarget(['nodes', id, ...path], to, ids, findings)
  }
}

export function checkTarget(
  path: readonly (string | number)[],
  to: string,
  ids: readonly string[],
  findings: Findings,
): void {
  if (ids.includes(to)) return
  const remedy = suggest(to, ids, 'Add the node.')
  findings.add({ path, code: 'UNKNOWN_NODE', message: `there is no node "${to}"`, remedy })
}

/** Tells of nodes that no call can come to, and of circles that a call cannot leave. */
export function checkPaths(nodes: Nodes, start: readonly string[], findings: Findings): void {
  const reached = reachable(nodes, start, exits)
  for (const id of nodes.keys()) {
    if (!reached.has(id)) {
      const remedy = 'Lead an exit to it, or remove it.'
      findings.add({
        path: ['nodes', id],
        at: 'key',
        severity: 'warning',
        code: 'UNREACHABLE_NODE',
        message: `no path from the start leads to ${id}`,
        remedy,
      })
    }
  }
  const endless = cycles(nodes, instantExits)
  for (const cycle of endless) {
    findings.add({
      path: ['nodes', cycle[0] ?? ''],
      at: 'key',
      code: 'ENDLESS_CYCLE',
      message: `${round(cycle)} never waits for anything`,
      remedy: 'Put a node between them that plays, asks or waits.',
    })
  }
  const known = new Set(endless.flat())
  for (const cycle of cycles(nodes, silentExits)) {
    if (cycle.every((id) => known.has(id))) continue
    findings.add({
      path: ['nodes', cycle[0] ?? ''],
      at: 'key',
      severity: 'warning',
      code: 'SILENT_CYCLE',
      message: `a caller who presses nothing goes round for ever: ${round(cycle)}`,
      remedy: 'Lead one of their no-input exits to a queue, a voicemail or the end.',
    })
  }
}

const exitKeys = new Set(
  `next failed noInput noMatch otherwise open closed emergency found none several timedOut unserved empty busy
   noAnswer nobodyLoggedIn tooMany tooLong overflowed calledBack`.split(/\s+/),
)

/** Every way out of a node, as it is written. */
export function exits(node: RawNode): Edge[] {
  return Object.entries(node).flatMap(([key, value]): Edge[] => {
    if (typeof value === 'string') return exitKeys.has(key) ? [{ path: [key], to: value }] : []
    if (key === 'choices' || key === 'keys') {
      return Object.entries(Object(value)).map(([digit, to]) => ({ path: [key, digit], to: String(to) }))
    }
    if (node.type === 'switch' && key === 'cases') {
      return node.cases.map(({ next }, index) => ({ path: ['cases', index, 'next'], to: next }))
    }
    return []
  })
}

/** Nodes that are over at once, without the caller or anybody else taking their time. */
const instant: ReadonlySet<RawNode['type']> = new Set(['set', 'switch', 'schedule', 'customer'])

/** A queue that does not take the caller is over at once as well. */
function instantExits(node: RawNode): Edge[] {
  if (instant.has(node.type)) return exits(node)
  if (node.type !== 'queue') return []
  return exits(node).filter(({ path: [key = ''] }) => turnsAway.has(String(key)))
}

const turnsAway: ReadonlySet<string> = new Set([
  'unserved',
  'closed',
  'nobodyLoggedIn',
  'tooMany',
  'tooLong',
  'overflowed',
  'failed',
])

/**
 * The ways that a call goes while its caller presses nothing. A switch is left out: it may count the rounds. So
 * are queue and transfer: who waits there wants to.
 */
function silentExits(node: RawNode): Edge[] {
  if (node.type === 'switch' || node.type === 'queue' || node.type === 'transfer') return []
  if (node.type !== 'menu' && node.type !== 'gather')
    return exits(node).filter(({ path }) => path[0] !== 'failed')
  const to = node.noInput ?? node.otherwise
  return to === undefined ? [] : [{ path: [], to }]
}

function reachable(nodes: Nodes, start: readonly string[], ways: (node: RawNode) => Edge[]): Set<string> {
  const reached = new Set<string>()
  const open = [...start]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = nodes.get(id)
    if (!node || reached.has(id)) continue
    reached.add(id)
    open.push(...ways(node).map(({ to }) => to))
  }
  return reached
}

/** Circles in the graph of these ways, each once, from its first node in the file on. */
function cycles(nodes: Nodes, ways: (node: RawNode) => Edge[]): string[][] {
  const found: string[][] = []
  const told = new Set<string>()
  for (const id of nodes.keys()) {
    if (told.has(id)) continue
    const cycle = shortestWay(nodes, id, ways)
    if (!cycle) continue
    found.push(cycle)
    for (const member of cycle) told.add(member)
  }
  return found
}

/** The shortest way from a node back to itself. */
function shortestWay(nodes: Nodes, id: string, ways: (node: RawNode) => Edge[]): string[] | undefined {
  const seen = new Set<string>()
  const open: string[][] = [[id]]
  for (let way = open.shift(); way; way = open.shift()) {
    const node = nodes.get(way.at(-1) ?? '')
    for (const { to } of node ? ways(node) : []) {
      if (to === id) return way
      if (!seen.has(to)) open.push([...way, to])
      seen.add(to)
    }
  }
  return undefined
}

function round(cycle: readonly string[]): string {
  return [...cycle, cycle[0]].join(' -> ')
}
