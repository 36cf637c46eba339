import type { RulesInForce } from '../api/contract/index.ts'
import { withRules } from './center-access.ts'
import { versionText } from './center-text.ts'
import type { Command } from './command.ts'
import { commonUsage, readArguments } from './user-arguments.ts'

const example = 'switchroom center show'

/** `switchroom center show` */
export const centerShow: Command = {
  name: 'center show',
  summary: 'show the rules in force, who serves each queue, and what the files say otherwise',
  usage: `switchroom center show [--json]

  --json              what the API says, for programs
${commonUsage}`,
  example,
  async run(args) {
    const given = readArguments(args, { json: { type: 'boolean' } }, example)
    const rules = await withRules(given, 'center show', (access) => access.show())
    process.stdout.write(
      given.values['json'] === true ? `${JSON.stringify(rules, undefined, 2)}\n` : rulesText(rules),
    )
    return 0
  },
}

/** For the terminal. */
export function rulesText(rules: RulesInForce): string {
  const { drift, queues, teams } = rules
  const lines = [versionText(rules)]
  if (drift.length > 0) {
    lines.push(
      `The files say otherwise in ${drift.join(', ')}: \`switchroom center publish\` takes them over.`,
    )
  }
  for (const { id, name, strategy, strictClass, members, bounds } of queues) {
    lines.push(
      '',
      `queue ${id}: ${name}; ${strategy}${strictClass === 5 ? '' : `, strict class ${strictClass}`}`,
    )
    const groups = Map.groupBy(members, ({ preference, delayMs }) => {
      const after = delayMs === 0 ? '' : ` after ${shown(delayMs)}`
      return `${preference === 1 ? '' : ` ${preference}`}${after}`
    })
    for (const [which, group] of groups) {
      lines.push(`  members${which}: ${group.map(({ agent }) => agent.id).join(', ')}`)
    }
    if (members.length === 0) lines.push('  members: nobody')
    lines.push(`  ${boundsText(bounds)}`)
  }
  for (const { id, name, agents } of teams) {
    lines.push('', `team ${id}: ${name}`, `  ${agents.map((agent) => agent.id).join(', ') || 'nobody'}`)
  }
  return `${lines.join('\n')}\n`
}

/** By how much later somebody may come and still go first: priorities that are alike together. */
function boundsText(bounds: RulesInForce['queues'][number]['bounds']): string {
  const alike = Map.groupBy(bounds, ({ laterMs }) => laterMs)
  if (alike.has(undefined)) return 'overtaken without bound: nobody serves this queue before all others'
  const texts = [...alike].map(([laterMs = 0, group]) => {
    const priorities = group.map(({ priority }) => priority)
    return `${ranges(priorities)} by ${laterMs === 0 ? 'nobody who comes later' : `those who come up to ${shown(laterMs)} later`}`
  })
  return `overtaken: priority ${texts.join('; ')}`
}

/** 1, 2 and 4 to 10 as `1-2, 4-10`. */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = []
  for (const number of numbers) {
    const last = runs.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else runs.push([number, number])
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

/** As the files write it. */
function shown(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`
  if (ms % 60_000 === 0) return `${ms / 60_000}m`
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}
