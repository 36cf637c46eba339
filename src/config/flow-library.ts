import { watch } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Logger } from 'pino'
import type { Cancel, Clock } from '../clock/clock.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import type { CenterNames } from '../flow/center-names.ts'
import type { Flow } from '../flow/flow.ts'
import { parseFlow } from '../flow/parse-flow.ts'
import { formatProblems } from '../flow/problems.ts'
import { audioNames, type CenterFiles, promptLanguages } from './center.ts'

const ENDING = '.flow.yaml'
/** Editors write a file in several steps; one look after the last of them is enough. */
const SETTLE_MS = 150

/**
 * The flows of a center, by name. New calls take the version that is here when they come; calls that are going
 * on keep theirs.
 */
export class FlowLibrary {
  #center: CenterFiles
  #flows: ReadonlyMap<string, Flow>
  #texts: FlowTexts

  private constructor(center: CenterFiles, texts: FlowTexts, flows: ReadonlyMap<string, Flow>) {
    this.#center = center
    this.#texts = texts
    this.#flows = flows
  }

  /** @throws SwitchroomError FLOW_INVALID, listing every fault with file, line, column and remedy */
  static async load(center: CenterFiles): Promise<FlowLibrary> {
    const texts = await readFlowTexts(center)
    return new FlowLibrary(center, texts, await parseFlows(center, texts))
  }

  /**
   * Whether the flows as they run would fit other rules.
   * @throws SwitchroomError FLOW_INVALID, naming every queue, skill or calendar that they would miss
   */
  async check(center: CenterFiles): Promise<void> {
    await parseFlows(center, this.#texts)
  }

  /** From now on changed files are held against these rules. */
  use(center: CenterFiles): void {
    this.#center = center
  }

  get all(): readonly Flow[] {
    return [...this.#flows.values()]
  }

  find(name: string): Flow | undefined {
    return this.#flows.get(name)
  }

  /**
   * Takes over changed files as soon as all flows are free of faults; a broken file never replaces a good one.
   * @param changed is told after each take-over
   */
  watch(clock: Clock, logger: Logger, changed: () => void): Cancel {
    let cancel: Cancel = () => undefined
    const reload = (): void => {
      FlowLibrary.load(this.#center).then(
        (loaded) => {
          this.#flows = loaded.#flows
          this.#texts = loaded.#texts
          logger.info({ flows: [...this.#flows.keys()] }, 'flows taken over')
          changed()
        },
        (error: unknown) =>
          logger.error({ reason: messageOf(error) }, 'changed flows have faults: the old ones go on'),
      )
    }
    const watcher = new AbortController()
    const unwatched = (err: unknown): void => logger.warn({ err }, 'flow files are not watched')
    try {
      watch(join(this.#center.folder, 'ivr-flows'), { signal: watcher.signal }, () => {
        cancel()
        cancel = clock.after(SETTLE_MS, reload)
      }).on('error', unwatched)
    } catch (error) {
      // The system watches only so many files at a time.
      unwatched(error)
    }
    return () => {
      cancel()
      watcher.abort()
    }
  }
}

/** Everything of the center that flows may point to. */
export async function centerNames(center: CenterFiles): Promise<CenterNames> {
  const media = join(center.folder, 'media')
  const languages = await promptLanguages(center.folder)
  const prompts = await Promise.all(
    languages.map(
      async (language) => [language, new Set(await audioNames(join(media, 'prompts', language)))] as const,
    ),
  )
  return {
    queues: new Set(center.queues.map(({ id }) => id)),
    skills: new Set(center.skills),
    calendars: new Set(Object.keys(center.calendars)),
    mailboxes: new Set(center.mailboxes),
    // A long number without + is national and read by a setting, which the files do not know.
    isRouted: (number) => /^[0-9]{7,}$/.test(number) || center.trunks.routeOf(number) !== undefined,
    music: new Set(await audioNames(join(media, 'music'))),
    prompts: new Map(prompts),
  }
}

/** File of a flow -> its text. */
type FlowTexts = ReadonlyMap<string, string>

async function readFlowTexts({ folder }: CenterFiles): Promise<FlowTexts> {
  const flows = join(folder, 'ivr-flows')
  const files = (await listed(flows)).filter((file) => file.endsWith(ENDING)).toSorted()
  const paths = files.map((file) => join(flows, file))
  return new Map(
    await Promise.all(
      paths.map(async (path) => [relative(process.cwd(), path), await readFile(path, 'utf8')] as const),
    ),
  )
}

async function parseFlows(center: CenterFiles, texts: FlowTexts): Promise<ReadonlyMap<string, Flow>> {
  const names = await centerNames(center)
  const flows = new Map<string, Flow>()
  const faults: string[] = []
  for (const [file, text] of texts) {
    const parsed = parseFlow(file, text, names)
    if (parsed.flow) flows.set(parsed.flow.name, parsed.flow)
    else faults.push(formatProblems(parsed.problems))
  }
  for (const [number, entry] of Object.entries(center.numbers)) {
    if (faults.length === 0) faults.push(...faultsOfNumber(center, number, entry, flows.get(entry.flow)))
  }
  if (faults.length > 0) {
    throw new SwitchroomError('FLOW_INVALID', faults.join('\n'), {
      remedy: '`switchroom flow check` says the same without starting anything.',
    })
  }
  return flows
}

async function listed(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    throw new SwitchroomError('CENTER_MISSING', `${folder}: cannot be read (${messageOf(cause)})`, {
      remedy: 'The flows of a center are in this folder: see `switchroom init`.',
      cause,
    })
  }
}

function faultsOfNumber(
  center: CenterFiles,
  number: string,
  { flow: name, variables = {}, language }: CenterFiles['numbers'][string],
  flow: Flow | undefined,
): string[] {
  const at = (...path: readonly string[]): string => center.numberAt(number, ...path)
  if (!flow) return [`${at('flow')} there is no flow ${name} in ivr-flows/`]
  const faults = Object.entries(variables).flatMap(([variable, value]) => {
    const declared = flow.variables[variable]
    const where = at('variables', variable)
    if (!declared) return [`${where} flow ${name} has no variable ${variable}`]
    return typeof value === declared.type
      ? []
      : [`${where} ${variable} is ${declared.type} in flow ${name}, found ${typeof value}`]
  })
  if (language !== undefined && !flow.languages.includes(language)) {
    faults.push(`${at('language')} flow ${name} does not list the language ${language}`)
  }
  return faults
}
