import type { Clock } from './clock/clock.ts'
import {
  acceptedCenter,
  type CenterFiles,
  type CheckedCenter,
  checkCenter,
  loadCenter,
} from './config/center.ts'
import { type CenterFinding, refuseErrors } from './config/center-finding.ts'
import {
  type CenterTexts,
  changedFiles,
  readTexts,
  ruleHash,
  ruleTexts,
  shownFile,
  withRules,
} from './config/center-texts.ts'
import { type StaffedRules, staffedRules } from './config/center-view.ts'
import { FlowLibrary } from './config/flow-library.ts'
import type { KnownPerson } from './config/known-names.ts'
import type { Actor } from './database/audit.ts'
import {
  type Activation,
  activateVersion,
  findVersion,
  listActivations,
  readActiveVersion,
  type Version,
} from './database/center-versions.ts'
import type { Database } from './database/open-database.ts'
import { listAgents } from './database/people.ts'

/** The rules that are in force: which, since when, and who put them there. */
export interface InForce {
  readonly hash: string
  /** `files`: nothing was ever published, and the files of the folder count, as they were at the start. */
  readonly source: 'files' | 'published'
  /** Milliseconds since 1970. */
  readonly since: number
  /** User id, or `operator`; absent with `files`. */
  readonly by?: string
}

export interface Published extends InForce {
  /** Whether this very version was in force before: then nothing was done. */
  readonly unchanged: boolean
  /** Warnings: what has errors is refused. */
  readonly findings: readonly CenterFinding[]
}

export interface DescribedRules extends InForce, StaffedRules {
  /** Published files that say something else in the folder now. */
  readonly drift: readonly string[]
}

interface Loaded {
  readonly files: CenterFiles
  readonly flows: FlowLibrary
}

/** Why nothing could be loaded. */
interface Failed {
  readonly error: unknown
}

/** What is to be done when other rules are put in force. */
type Activate = () => void

/**
 * The rules of the center that are in force. They are those of the folder's files until some are published; from then
 * on it is the version that was published last, also after a restart, whatever stands in the files.
 */
export class ActiveCenter {
  readonly #database: Database
  readonly #flows: FlowLibrary
  #files: CenterFiles
  #inForce: InForce
  #activate: Activate = () => undefined
  #publishing: Promise<unknown> = Promise.resolve()

  private constructor(database: Database, { files, flows }: Loaded, inForce: InForce) {
    this.#database = database
    this.#flows = flows
    this.#files = files
    this.#inForce = inForce
  }

  /**
   * @param fromFiles what `loadFromFiles` has found; its faults do not matter where a version is published
   * @param ofFiles whether the files will do where the published version has faults, to publish others
   * @throws SwitchroomError CENTER_INVALID, FLOW_INVALID or CENTER_MISSING
   */
  static async open(
    folder: string,
    fromFiles: Loaded | Failed,
    database: Database,
    clock: Clock,
    ofFiles = false,
  ): Promise<ActiveCenter> {
    const version = await readActiveVersion(database)
    if (!version) {
      if ('error' in fromFiles) throw fromFiles.error
      const inForce: InForce = { hash: fromFiles.files.hash, source: 'files', since: clock.now() }
      return new ActiveCenter(database, fromFiles, inForce)
    }
    const { hash, at: since, by } = version
    const isAsPublished = !('error' in fromFiles) && fromFiles.files.hash === hash
    const loaded =
      isAsPublished || (ofFiles && !('error' in fromFiles)) ? fromFiles : await loadVersion(folder, version)
    return new ActiveCenter(database, loaded, { hash, source: 'published', since, by })
  }

  get flows(): FlowLibrary {
    return this.#flows
  }

  /** What the files of the folder say, those that are published as they are in force. */
  get files(): CenterFiles {
    return this.#files
  }

  get inForce(): InForce {
    return this.#inForce
  }

  get queues(): CenterFiles['queues'] {
    return this.#files.queues
  }

  get dispositions(): CenterFiles['dispositions'] {
    return this.#files.dispositions
  }

  get pauseReasons(): CenterFiles['pauseReasons'] {
    return this.#files.pauseReasons
  }

  get skills(): CenterFiles['skills'] {
    return this.#files.skills
  }

  /** The rules in force with those who work here now. */
  async describe(): Promise<DescribedRules> {
    const [people, drift] = await Promise.all([listAgents(this.#database), this.drift()])
    return { ...this.#inForce, drift, ...staffedRules(this.#files, people) }
  }

  onActivate(activate: Activate): void {
    this.#activate = activate
  }

  /** The published files that say something else in the folder, which may not be fit to be published. */
  async drift(): Promise<readonly string[]> {
    return changedFiles(this.#files.texts, await readTexts(this.#files.folder))
  }

  /** The latest first. */
  history(): Promise<readonly Activation[]> {
    return listActivations(this.#database)
  }

  /**
   * Checks new rules, stores them and puts them in force. Nobody who waits loses place or time.
   * @throws SwitchroomError CENTER_INVALID or FLOW_INVALID, and nothing has changed
   */
  publish(texts: CenterTexts, by: Actor): Promise<Published> {
    return this.#inTurn(async () => {
      const files = ruleTexts(texts)
      return this.#putInForce({ hash: ruleHash(files), files }, by)
    })
  }

  /**
   * Puts a version in force that was published before.
   * @param prefix the first characters of its hash
   * @throws SwitchroomError NOT_FOUND, CONFLICT, INPUT_INVALID, CENTER_INVALID or FLOW_INVALID
   */
  rollback(prefix: string, by: Actor): Promise<Published> {
    return this.#inTurn(async () => {
      return this.#putInForce(await findVersion(this.#database, prefix), by)
    })
  }

  /** One after the other, so that what the database has last is what runs. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#publishing.then(work)
    this.#publishing = done.catch(() => undefined)
    return done
  }

  async #putInForce(version: Version, by: Actor): Promise<Published> {
    const people = await listAgents(this.#database)
    const checked = checkVersion(this.#files, version, people)
    const files = acceptedCenter(checked)
    const { findings } = checked
    await this.#flows.check(files)
    const unchanged = this.#inForce.source === 'published' && this.#inForce.hash === version.hash
    if (unchanged) return { ...this.#inForce, unchanged, findings }
    await activateVersion(this.#database, version, by)
    this.#files = files
    this.#inForce = { hash: version.hash, source: 'published', since: by.at, by: by.who }
    this.#flows.use(files)
    this.#activate()
    return { ...this.#inForce, unchanged, findings }
  }
}

/** A center as its files have it. */
export async function loadFromFiles(folder: string): Promise<Loaded | Failed> {
  try {
    const files = await loadCenter(folder)
    return { files, flows: await FlowLibrary.load(files) }
  } catch (error) {
    return { error }
  }
}

async function loadVersion(folder: string, version: Version): Promise<Loaded> {
  const { files, findings } = checkVersion({ folder, texts: await readTexts(folder) }, version)
  refuseErrors(
    findings,
    'CENTER_INVALID',
    'The published version has faults in this version of the program: `switchroom center publish` puts the files of the folder in its place, also while no server runs.',
  )
  if (!files) throw new RangeError('a version without errors has files')
  return { files, flows: await FlowLibrary.load(files) }
}

/**
 * A center with published rules in place of those in its files. The demo is not held against them: it was put in
 * long ago.
 */
export function checkVersion(
  { folder, texts }: { readonly folder: string; readonly texts: CenterTexts },
  { hash, files }: { readonly hash: string; readonly files: CenterTexts },
  people?: readonly KnownPerson[],
): CheckedCenter {
  const checked = checkCenter(folder, withRules(texts, files), {
    ...(people && { people }),
    demoFits: false,
    shown: (name) => (files[name] === undefined ? shownFile(folder, name) : `${name}@${hash.slice(0, 8)}`),
  })
  return checked.files ? { ...checked, files: { ...checked.files, hash } } : checked
}

/** What is in force, for whoever starts the server. */
export async function publishedProgress(active: ActiveCenter): Promise<string> {
  const { hash, since, by } = active.inForce
  const drift = await active.drift()
  const differs =
    drift.length === 0 ? '' : `; ${drift.join(', ')} say otherwise: \`switchroom center publish\``
  return `rules: version ${hash.slice(0, 8)} of ${new Date(since).toISOString()}, published by ${by}${differs}`
}
