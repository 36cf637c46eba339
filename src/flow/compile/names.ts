import type { CenterNames } from '../center-names.ts'
import { closest, type ProblemCode, suggest } from '../problems.ts'
import type { Path } from '../read-yaml.ts'
import type { RawNode } from '../schema/nodes.ts'
import type { RawPromptItem } from '../schema/values.ts'
import { isSipUri, isTransferTarget } from '../transfer-target.ts'
import type { Findings } from './findings.ts'

/** Tells of names that the center does not have. A name that is worked out during the call is not checked. */
export function checkNames(
  nodes: ReadonlyMap<string, RawNode>,
  languages: readonly string[],
  center: CenterNames,
  findings: Findings,
): void {
  const known = (
    path: Path,
    name: string | undefined,
    names: ReadonlySet<string>,
    code: ProblemCode,
    what: string,
    at?: 'key',
  ) => {
    if (name === undefined || name.includes('${') || names.has(name)) return
    const remedy = suggest(name, [...names], `The center has no ${what} at all.`)
    findings.add({ path, ...(at && { at }), code, message: `the center has no ${what} "${name}"`, remedy })
  }

  const audio = (path: Path, name: string, spoken: readonly string[]) => {
    const missing = spoken.filter((language) => !center.prompts.get(language)?.has(name))
    if (missing.length === 0) return
    const meant = closest(
      name,
      spoken.flatMap((language) => [...(center.prompts.get(language) ?? [])]),
    )
    findings.add({
      path,
      code: 'UNKNOWN_PROMPT',
      message: `there is no audio "${name}" in ${missing.join(' and ')}`,
      remedy: `Add ${missing.map((language) => `media/prompts/${language}/${name}.wav`).join(' and ')}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
    })
  }

  const prompt = (path: Path, raw: RawPromptItem | RawPromptItem[] | undefined) => {
    if (raw === undefined) return
    if (Array.isArray(raw)) return raw.forEach((item, index) => prompt([...path, index], item))
    if (raw.audio !== undefined)
      audio([...path, 'audio'], raw.audio, raw.language === undefined ? languages : [raw.language])
  }

  const routed = (path: Path, to: string) => {
    if (to.includes('${') || isSipUri(to) || !isTransferTarget(to) || center.isRouted(to)) return
    findings.add({
      path,
      code: 'UNKNOWN_ROUTE',
      message: `no route of the center carries ${to}`,
      remedy: 'Add one to config/trunks.yaml: under routes, the number or a pattern, and its trunks.',
    })
  }

  for (const [id, node] of nodes) {
    const path = ['nodes', id]
    for (const [at, raw] of promptsOf(node)) prompt([...path, ...at], raw)
    if ('music' in node) known([...path, 'music'], node.music, center.music, 'UNKNOWN_MUSIC', 'music')
    if (node.type === 'schedule') {
      known([...path, 'calendar'], node.calendar, center.calendars, 'UNKNOWN_CALENDAR', 'calendar')
    }
    if (node.type === 'voicemail') {
      known([...path, 'mailbox'], node.mailbox, center.mailboxes, 'UNKNOWN_MAILBOX', 'mailbox')
      if (node.beep !== false) audio(path, 'beep', languages)
    }
    if (node.type === 'transfer') routed([...path, 'to'], node.to)
    if (node.type === 'queue') {
      known([...path, 'queue'], node.queue, center.queues, 'UNKNOWN_QUEUE', 'queue')
      if (center.agents) known([...path, 'agent'], node.agent, center.agents, 'UNKNOWN_AGENT', 'agent')
      for (const skill of Object.keys(node.skills ?? {})) {
        known([...path, 'skills', skill], skill, center.skills, 'UNKNOWN_SKILL', 'skill', 'key')
      }
    }
  }
}

type RawPrompt = RawPromptItem | RawPromptItem[] | undefined

/** Every prompt of a node, with the way to it. */
function promptsOf(node: RawNode): (readonly [Path, RawPrompt])[] {
  const prompts: (readonly [Path, RawPrompt])[] = []
  if ('prompt' in node) prompts.push([['prompt'], node.prompt])
  if ('noInputPrompt' in node) prompts.push([['noInputPrompt'], node.noInputPrompt])
  if ('noMatchPrompt' in node) prompts.push([['noMatchPrompt'], node.noMatchPrompt])
  if (node.type !== 'queue') return prompts
  const { announce: { position, wait } = {}, comfort, callback } = node
  prompts.push(
    ...(['prompt', 'front', 'beyond'] as const).map(
      (key) => [['announce', 'position', key], position?.[key]] as const,
    ),
    ...(['prompt', 'between', 'longer', 'beyond'] as const).map(
      (key) => [['announce', 'wait', key], wait?.[key]] as const,
    ),
    ...(comfort?.prompts ?? []).map((raw, index) => [['comfort', 'prompts', index], raw] as const),
    ...(['offer', 'confirm', 'ask', 'refused'] as const).map(
      (key) => [['callback', key], callback?.[key]] as const,
    ),
  )
  return prompts
}
