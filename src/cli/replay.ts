import type { Difference, ReplayReport, SnapshotDifference } from '../replay/replay.ts'
import { replay as replayed } from '../replay/replay.ts'
import { History } from '../state/history.ts'
import type { Command } from './command.ts'
import { Progress } from './progress.ts'
import { onlyArgument, readArguments } from './user-arguments.ts'

/** How much of the effects is shown of an input that is decided otherwise. */
const SHOWN_EFFECTS = 2_000
const example = 'switchroom replay data/routing/main'

/** `switchroom replay <journal>` */
export const replay: Command = {
  name: 'replay',
  summary: 'put a journal before the routing engine again, and see that it decides the same',
  usage: `switchroom replay <journal> [--json]

  <journal>           a folder of archived segments, routing/<domain> of a server's data folder,
                      or one file of either
  --json              the report for programs

Nothing is written, and the server may run meanwhile. Exit code 0: every decision is the same;
1: one differs, or the journal is damaged, or of another version of the engine.`,
  example,
  async run(args) {
    const given = readArguments(args, { json: { type: 'boolean' } }, example)
    const history = await History.open(onlyArgument(given, 'journal', example))
    const progress = new Progress(process.stderr)
    const report = await replayed(history, { progress: (share) => progress.show(share) }).finally(() =>
      progress.clear(),
    )
    process.stdout.write(
      given.values['json'] === true ? `${JSON.stringify(report, undefined, 2)}\n` : replayText(report),
    )
    return report.difference ? 1 : 0
  },
}

/** For the terminal. */
export function replayText(report: ReplayReport): string {
  const { engine, startedFrom, first, last, inputs, effects, unproven, snapshots, gaps, difference } = report
  const lines = [
    `engine ${engine}, from ${startedFrom ?? 'the very first input'}`,
    ...gaps.map(
      ({ after, from }) => `entries ${after + 1} to ${from - 1} are not replayed: some are missing`,
    ),
    first === undefined
      ? 'no inputs'
      : `entries ${first} to ${last}: ${inputs} inputs, ${effects} effects${snapshots > 0 ? `, ${snapshots} snapshots` : ''}`,
    ...(unproven > 0 ? [`${unproven} inputs have no decision beside them to compare with`] : []),
  ]
  if (difference) lines.push('', ...differenceText(difference))
  else if (inputs > unproven) lines.push('every decision is the same')
  return `${lines.join('\n')}\n`
}

function differenceText(difference: Difference | SnapshotDifference): string[] {
  const { file, sequence } = difference
  if ('field' in difference) {
    return [`The snapshot ${file} is not what entry ${sequence} leads to: ${difference.field} differs.`]
  }
  const { at, input, journaled, replayed: mine, effects } = difference
  const text = effects.map((effect) => `  ${JSON.stringify(effect)}`).join('\n')
  return [
    `Entry ${sequence} of ${file} (${new Date(at).toISOString()}) is decided otherwise:`,
    `  journal  ${journaled}`,
    `  replay   ${mine}`,
    `  input    ${JSON.stringify(input)}`,
    'effects of the replay:',
    text.length > SHOWN_EFFECTS ? `${text.slice(0, SHOWN_EFFECTS)} ...` : text,
  ]
}
