import { watch } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Logger } from 'pino'
import type { Cancel, Clock } from '../clock/clock.ts'
import { messageOf, SwitchroomError } from '../errors.ts'
import type { CenterNames } from '../flow/center-names.ts'
import type { Flow } from '../flow/flow.ts'
import { parseFlow } from '../flow/parse-flow.ts'
import { type FlowProblem, formatProblems, suggest } from '../flow/problems.ts'
import { audioNames, type CenterFiles, promptLanguages } from './center.ts'
import { type CenterFinding, errorAt, type FindingCode, placeText } from './center-finding.ts'

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

async function parseFlows(center: CenterFiles, running: FlowTexts): Promise<ReadonlyMap<string, Flow>> {
  const { flows, problems, faults } = await checkFlows(center, running)
  const lines = faults.map(({ message, ...place }) => `${placeText(place)} ${message}`)
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length === 0 && lines.length === 0) return flows
  const texts = [...(errors.length > 0 ? [formatProblems(errors)] : []), ...lines]
  throw new SwitchroomError('FLOW_INVALID', texts.join('\n'), {
    remedy: '`switchroom flow check` says the same without starting anything.',
  })
}

/** Flows of a center, what is wrong with each, and with the number plan that names them. */
export interface CheckedFlows {
  readonly flows: ReadonlyMap<string, Flow>
  readonly problems: readonly FlowProblem[]
  /** Empty as long as a flow has errors: what it says of itself cannot be relied on. */
  readonly faults: readonly CenterFinding[]
}

/** @throws SwitchroomError CENTER_MISSING */
export async function checkFlows(center: CenterFiles, texts?: FlowTexts): Promise<CheckedFlows> {
  const names = await centerNames(center)
  const flows = new Map<string, Flow>()
  const problems: FlowProblem[] = []
  for (const [file, text] of texts ?? (await readFlowTexts(center))) {
    const parsed = parseFlow(file, text, names)
    if (parsed.flow) flows.set(parsed.flow.name, parsed.flow)
    problems.push(...parsed.problems)
  }
  const broken = problems.some(({ severity }) => severity === 'error')
  const numbers = broken ? [] : Object.entries(center.numbers)
  const faults = numbers.flatMap(([number, entry]) =>
    faultsOfNumber(center, number, entry, flows.get(entry.flow)),
  )
  return { flows, problems, faults }
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
): CenterFinding[] {
  const fault = (
    path: readonly string[],
    code: FindingCode,
    message: string,
    remedy: string,
  ): CenterFinding => errorAt(center.numberPlace(number, ...path), code, message, remedy)
  if (!flow) {
    const message = `there is no flow ${name} in ivr-flows/`
    return [fault(['flow'], 'UNKNOWN_FLOW', message, `Name another, or write ivr-flows/${name}${ENDING}.`)]
  }
  const faults = Object.entries(variables).flatMap(([variable, value]) => {
    const declared = flow.variables[variable]
    const path = ['variables', variable]
    if (!declared) {
      const known = Object.keys(flow.variables)
      const remedy = suggest(variable, known, 'Remove it: the flow has no variables.')
      return [fault(path, 'UNKNOWN_VARIABLE', `flow ${name} has no variable ${variable}`, remedy)]
    }
    const message = `${variable} is ${declared.type} in flow ${name}, found ${typeof value}`
    return typeof value === declared.type
      ? []
      : [fault(path, 'UNKNOWN_VARIABLE', message, `Write a ${declared.type}.`)]
  })
  if (language !== undefined && !flow.languages.includes(language)) {
    const message = `flow ${name} does not list the language ${language}`
    const remedy = suggest(language, flow.languages, 'Add it to the flow.')
    faults.push(fault(['language'], 'UNKNOWN_LANGUAGE', message, remedy))
  }
  return faults
}
