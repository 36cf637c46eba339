/**
 * The composition root: the one place that names concrete parts, chooses among them by the settings and connects
 * them. Longer than most files because everything that runs is opened here, in order, and closed here.
 */
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { stateAt } from './calendars/opening-hours.ts'
import type { Clock } from './clock/clock.ts'
import { type Configuration, demoCenter } from './config/load-settings.ts'
import type { Settings } from './config/settings.ts'
import { DataFolder } from './database/data-folder.ts'
import { credentialsFinder, credentialsLister } from './database/devices.ts'
import { InteractionLog } from './database/interaction-log.ts'
import { type Database, openDatabase } from './database/open-database.ts'
import { listAgents } from './database/people.ts'
import { seedDemo } from './database/seed-demo.ts'
import { addVoicemail } from './database/voicemails.ts'
import { refuseDemoBeyondLoopback } from './demo-passwords.ts'
import { openLog } from './log-file.ts'
import { OpenParts } from './open-parts.ts'
import type { Center, CenterParts } from './runtime/center.ts'
import { PromptLibrary } from './speech/prompt-library.ts'
import { Speech } from './speech/speech.ts'
import type { AsteriskOptions } from './telephony/asterisk/options.ts'
import type { EmbeddedOptions, Sizes } from './telephony/embedded/options.ts'
import type { Telephony } from './telephony/telephony.ts'
import type { Trace } from './telephony/trace.ts'
import type { Trunk } from './telephony/trunk.ts'
import { lineMetrics, serversOf, waitMetrics, watchReadiness } from './watching.ts'
import { welcome } from './welcome.ts'

/** A server that is up. */
export interface App {
  /** Where everything is and what to try, for the terminal. */
  welcome(): string
  readonly http: string
  readonly sip: { readonly host: string; readonly port: number }
  readonly center: Center
  readonly database: Database
  readonly logger: Logger
  /** Resolves, with the reason, when another process has taken over routing: this one shall be stopped. */
  readonly deposed: Promise<string>
  /** Drains, then closes everything. */
  stop(): Promise<void>
}

/** Replaces the telephony of the settings, for tests and simulations. */
export type MakeTelephony = (parts: { clock: Clock; logger: Logger }) => AddressedTelephony

export interface AddressedTelephony extends Telephony {
  /** Where phones find it, once started. */
  address(): { readonly host: string; readonly port: number }
  /** Size of everything that could leak. */
  sizes?(): Readonly<Partial<Record<keyof Sizes, number>>>
  /** Somebody's phone has come, gone or got another password. Resolves when it can register. */
  devicesChanged?(): Promise<void>
}

export interface AppOptions {
  readonly clock: Clock
  /** Is told each step while people wait. */
  readonly progress: (step: string) => void
  readonly telephony?: MakeTelephony
  /** Resolves when this process is to end, also while it stands by for another one. */
  readonly ended?: Promise<unknown>
}

/**
 * The composition root: builds every part from the settings and connects them.
 * @throws SwitchroomError naming setting, file and line; what was opened by then is closed again
 */
export async function openApp(configuration: Configuration, options: AppOptions): Promise<App> {
  const open = new OpenParts()
  try {
    return await assemble(configuration, options, open)
  } catch (error) {
    // Why it could not start matters more than what went wrong after that.
    await open.close().catch(() => undefined)
    throw error
  }
}

/**
 * Most of the program, loaded while the database opens in its thread: on two cores that is a second less to wait for
 * at every start.
 */
async function loadProgram(backend: Settings['telephony']['backend']) {
  const [api, listening, active, texts, customers, center, makeBackend, trace, numbers, routing] =
    await Promise.all([
      import('./api/api.ts'),
      import('./api/listen.ts'),
      import('./active-center.ts'),
      import('./flow/spoken-texts.ts'),
      import('./crm/find-customers.ts'),
      import('./runtime/center.ts'),
      loadBackend(backend),
      import('./telephony/trace/open-traces.ts'),
      import('./crm/numbers.ts'),
      import('./open-routing.ts'),
    ])
  return {
    ...api,
    ...listening,
    ...active,
    ...texts,
    ...customers,
    ...center,
    ...trace,
    ...numbers,
    ...routing,
    makeBackend,
  }
}

interface BackendParts {
  readonly settings: Settings
  readonly clock: Clock
  readonly logger: Logger
  readonly database: Database
  readonly isServed: (number: string) => boolean
  readonly trunks: readonly Trunk[]
  readonly trace: Trace | undefined
}

/** The backend of the settings; the others and their libraries are not loaded. */
async function loadBackend(
  backend: Settings['telephony']['backend'],
): Promise<(parts: BackendParts) => AddressedTelephony> {
  if (backend === 'asterisk') {
    const { AsteriskTelephony } = await import('./telephony/asterisk/asterisk-telephony.ts')
    return (parts) => new AsteriskTelephony(asteriskOptions(parts))
  }
  if (backend === 'drachtio') {
    const [{ DrachtioTelephony }, { drachtioOptions }] = await Promise.all([
      import('./telephony/drachtio/drachtio-telephony.ts'),
      import('./telephony/drachtio/from-settings.ts'),
    ])
    return ({ settings, database, clock, logger, isServed, trunks, trace }) => {
      const findCredentials = credentialsFinder(database, settings.sip.realm, logger)
      return new DrachtioTelephony(
        drachtioOptions(settings, { clock, logger, findCredentials, isServed, trunks, trace }),
      )
    }
  }
  const { EmbeddedTelephony } = await import('./telephony/embedded/embedded-telephony.ts')
  return (parts) => new EmbeddedTelephony(embeddedOptions(parts))
}

async function assemble(
  { settings, center: folder }: Configuration,
  { clock, progress, ended, telephony: makeTelephony }: AppOptions,
  open: OpenParts,
): Promise<App> {
  const data = DataFolder.open(settings.data.dir, 'server', clock)
  open.push(() => data.release())
  const log = openLog(settings, data.path)
  const { logger } = log
  open.push(() => log.close())
  const opening = openDatabase(
    settings.database.url === ''
      ? { kind: 'pglite', folder: join(data.path, 'database') }
      : { kind: 'postgres', url: settings.database.url },
    logger,
  )
  // Owned from the first moment: it may fail while the files are still being read.
  const opened = opening.catch(() => undefined)
  open.push(async () => (await opened)?.destroy())
  const program = await loadProgram(settings.telephony.backend)
  const [fromFiles, database] = await Promise.all([program.loadFromFiles(folder), opening])
  let active = await program.ActiveCenter.open(folder, fromFiles, database, clock)
  progress(
    `center ${folder}: ${count(active.flows.all, 'flow')}, ${count(active.files.queues, 'queue')}, no faults`,
  )
  if (active.inForce.source === 'published') progress(await program.publishedProgress(active))
  if (settings.demo.enabled && active.files.demo)
    await seedDemo(database, active.files.demo, settings.sip.realm, clock)
  await refuseDemoBeyondLoopback(settings, database)
  progress(`database ${settings.database.url === '' ? `in ${data.path}` : 'connected'}`)

  const speech = new Speech({
    cacheFolder: join(data.path, 'speech'),
    logger,
    clock,
    voices: active.files.voices,
  })
  await speech.start()
  await mkdir(join(data.path, 'voicemails'), { recursive: true })
  open.push(() => speech.stop())
  const prompts = new PromptLibrary({
    mediaFolder: join(folder, 'media'),
    speech,
    logger,
    fallbackLanguage: active.flows.all[0]?.languages[0] ?? 'en',
  })
  const renderAhead = async (): Promise<void> => {
    for (const { text, error } of await prompts.prerender(active.flows.all.flatMap(program.spokenTexts))) {
      logger.error({ text, err: error }, 'prompt cannot be spoken')
    }
  }
  await renderAhead()
  progress('prompts rendered')

  const routing = await program.openRouting({
    settings: settings.state,
    folder: data,
    clock,
    logger,
    progress,
    ended,
  })
  open.push(() => routing.close())
  if (routing.stoodBy) {
    active = await program.ActiveCenter.open(folder, fromFiles, database, clock)
    await renderAhead()
  }
  const { files, flows } = active
  const records = await InteractionLog.open(data.path, database, clock, logger)
  open.push(() => records.close())
  const { traces, close } = await program.openTraces(settings.trace, clock, logger, settings.sip.port)
  open.push(close)
  const telephony =
    makeTelephony?.({ clock, logger }) ??
    program.makeBackend({
      settings,
      clock,
      logger,
      database,
      isServed: (number) => files.findNumber(number) !== undefined,
      trunks: await files.trunks.open(),
      trace: traces,
    })
  const center = new program.Center({
    clock,
    logger,
    telephony,
    prompts,
    records,
    customers: program.customerFactsFinder(database, settings.numbers.country),
    calendars: (calendar, at) => {
      const hours = active.files.calendars[calendar]
      return hours && stateAt(hours, at)
    },
    voicemails: {
      fileFor: (recording) => join(data.path, 'voicemails', `${recording}.wav`),
      keep: (voicemail) => addVoicemail(database, voicemail),
      discard: (file) => rm(file, { force: true }),
    },
    findRoute: (number) => {
      const forms = [number, program.numberKey(number, settings.numbers.country)]
      const [route] = forms.flatMap((form) => {
        const trunks = form === undefined ? undefined : files.trunks.routeOf(form)
        return form !== undefined && trunks ? [{ number: form, trunks }] : []
      })
      return route
    },
    findFlow: (number) => {
      const entry = files.findNumber(number)
      const flow = entry && flows.find(entry.flow)
      return flow && { ...entry, flow }
    },
    people: async () => {
      await telephony.devicesChanged?.()
      return listAgents(database)
    },
    get queues() {
      return active.files.queues
    },
    get teams() {
      return active.files.routing.teams
    },
    get capacity() {
      return active.files.routing.capacity
    },
    get rulesHash() {
      return active.inForce.hash
    },
    popLeadMs: settings.desk.popLead,
    standing: standingOptions(settings),
    acd: routing.acd,
    legAdded: (leg) => traces?.contactLeg(leg),
  })
  await center.open()
  active.onActivate(() => center.rulesChanged())
  await telephony.start((event) => {
    traces?.happened(event)
    center.receive(event)
  })
  open.push(() => telephony.stop())
  const sip = telephony.address()
  progress(`SIP on ${sip.host}:${sip.port}`)

  const api = await program.buildApi({
    clock,
    logger,
    floor: center.floor,
    database,
    operatorToken: () => data.operatorToken,
    center: active,
    rules: active,
    sip: { ...sip, realm: settings.sip.realm },
    country: settings.numbers.country,
    secondSignIn: settings.agents.secondSignIn,
    traces,
    deskFolder: join(programFolder, 'dist', 'desk'),
    version: await programVersion(),
    readiness: watchReadiness(database, center.lines, () => program.routingHealth(routing.journal), logger),
    metrics: () => [
      ...lineMetrics(center.lines, serversOf(settings)),
      ...waitMetrics(center.acd.waits.calibration),
      ...program.routingMetrics(routing.journal),
      {
        name: 'switchroom_alive',
        type: 'gauge',
        help: 'What is alive now: legs, contacts, offers, wrap-ups, and what the telephony holds.',
        samples: Object.entries({ ...center.sizes(), ...telephony.sizes?.() }).map(([of, value]) => ({
          labels: { of },
          value,
        })),
      },
    ],
  })
  open.push(() => api.close())
  const http = await program.listen(api, settings.http)
  data.announce(http)
  progress(`API and desk on ${http}`)
  if (settings.flows.watch) open.push(flows.watch(clock, logger, () => void renderAhead()))

  return {
    http,
    sip,
    center,
    database,
    logger,
    deposed: routing.deposed,
    welcome: () => welcome(http, sip, files),
    stop: async () => {
      await center.drain(settings.shutdown.drain * 1000)
      await open.close()
    },
  }
}

const programFolder = demoCenter

function standingOptions({ agents }: Settings): CenterParts['standing'] {
  const { standingNumber, standingMusic, acceptKey, endKey, secondSignIn } = agents
  return {
    number: standingNumber === '' ? undefined : standingNumber,
    music: standingMusic === '' ? undefined : standingMusic,
    acceptKey,
    endKey,
    // A phone has one standing call, whoever allows several desks.
    second: secondSignIn === 'refuse' ? 'refuse' : 'take-over',
  }
}

function embeddedOptions({ settings, database, ...parts }: BackendParts): EmbeddedOptions {
  const { sip, rtp, limits } = settings
  return {
    ...parts,
    host: sip.host,
    port: sip.port,
    tcp: sip.tcp,
    realm: sip.realm,
    digest: sip.digest,
    ports: { min: rtp.minPort, max: rtp.maxPort },
    mediaTimeoutMs: sip.mediaTimeout * 1000,
    findCredentials: credentialsFinder(database, sip.realm, parts.logger),
    allowedUris: sip.allowedUris,
    maxCalls: limits.calls,
  }
}

function asteriskOptions({ settings, database, ...parts }: BackendParts): AsteriskOptions {
  const { asterisk, sip, limits } = settings
  const { mediaHost: host, mediaPort: port, mediaUrl: publicUrl } = asterisk
  return {
    ...parts,
    ...asterisk,
    allowedUris: sip.allowedUris,
    media: { host, port, ...(publicUrl !== '' && { publicUrl }) },
    address: { host: sip.host, port: sip.port },
    realm: sip.realm,
    digest: sip.digest,
    mediaTimeoutMs: sip.mediaTimeout * 1000,
    listDevices: credentialsLister(database, sip.realm),
    maxCalls: limits.calls,
    lostAfterMs: asterisk.lostAfter * 1000,
  }
}

async function programVersion(): Promise<string> {
  const text = await readFile(join(programFolder, 'package.json'), 'utf8')
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? 'unknown'
}

function count(things: readonly unknown[], name: string): string {
  return `${things.length} ${name}${things.length === 1 ? '' : 's'}`
}
