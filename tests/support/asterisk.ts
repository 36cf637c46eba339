/**
 * A private Asterisk 22 in its chroot (`scripts/asterisk-chroot.sh`): own configuration, run folder and ports, so
 * that several may run at once. It shares the loopback of the machine.
 */
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { asteriskRoot } from './asterisk-root.ts'
import { freePort, freePortBlock } from './ports.ts'
import { finish, launch, type RunningProgram } from './process.ts'

const RTP_PORTS = 200
const MODULE_FOLDER = '/usr/lib/x86_64-linux-gnu/asterisk/modules'

/** What a SIP endpoint that answers, plays and reads digits needs; no CDR, CEL, AMI or ARI. */
const BASIC_MODULES = `
  res_pjproject res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjsip
  res_pjsip_session res_pjsip_sdp_rtp res_pjsip_caller_id res_pjsip_rfc3326 res_pjsip_nat
  res_pjsip_endpoint_identifier_anonymous res_pjsip_endpoint_identifier_user res_pjsip_pubsub
  res_pjsip_authenticator_digest res_pjsip_registrar res_pjsip_dtmf_info res_pjsip_logger
  res_rtp_asterisk res_timing_timerfd chan_pjsip pbx_config app_dial app_playback app_echo
  app_read app_playtones app_verbose app_stack codec_ulaw codec_alaw format_wav format_pcm
  bridge_simple bridge_native_rtp func_callerid func_channel
`
  .trim()
  .split(/\s+/)

export interface AsteriskOptions {
  /** Endpoints, AORs and auths of pjsip.conf; a UDP transport named `udp` is there already. */
  readonly pjsip?: string
  /** extensions.conf. */
  readonly extensions?: string
  /** Files of the instance's folder, by name: configuration files, or sounds that the dialplan plays by path. */
  readonly files?: Readonly<Record<string, string | Buffer>>
  /** Modules beyond the basic ones. */
  readonly modules?: readonly string[]
  /** Ports for audio (default 200: a hundred legs). */
  readonly rtpPorts?: number
  /** Put before the command, for example `['taskset', '-c', '0']`. */
  readonly launcher?: readonly string[]
}

export interface Asterisk extends AsyncDisposable {
  readonly sipPort: number
  readonly pid: number
  /** The instance's folder, as Asterisk sees it. */
  readonly folder: string
  /** Runs a command of its console and returns what it wrote. */
  cli(command: string): Promise<string>
  /** What it has written to its console. */
  readonly output: string
  /** kill -9; `restart` brings it back. */
  kill(): Promise<void>
  /** Starts it again with the same configuration, ports and folder; it must not be running. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts Asterisk and waits until it has loaded everything.
 * @param describe is given the instance's folder, as Asterisk sees it, and its SIP port
 */
export async function startAsterisk(
  describe: (folder: string, sipPort: number) => AsteriskOptions,
): Promise<Asterisk> {
  await mkdir(join(asteriskRoot, 'run/switchroom'), { recursive: true })
  const outside = await mkdtemp(join(asteriskRoot, 'run/switchroom/asterisk-'))
  const folder = outside.slice(asteriskRoot.length)
  const sipPort = await freePort()
  const options = describe(folder, sipPort)
  await configure(outside, folder, sipPort, options)

  const configuration = `${folder}/asterisk.conf`
  const asterisk = [asteriskRoot, 'asterisk', '-C', configuration]
  const user = ['-U', 'asterisk', '-G', 'asterisk']
  const cli = async (line: string): Promise<string> => {
    return (await finish('chroot', [...asterisk, '-rx', line])).output
  }
  const start = async (): Promise<RunningProgram> => {
    const started = launch(options.launcher, 'chroot', [...asterisk, '-f', '-n', ...user])
    try {
      await untilBooted(started, cli)
    } catch (error) {
      await started.stop()
      throw error
    }
    return started
  }
  const remove = (): Promise<void> => rm(outside, { recursive: true, force: true })
  let program: RunningProgram
  try {
    program = await start()
  } catch (error) {
    await remove()
    throw error
  }
  const stop = async (): Promise<void> => {
    await program.stop()
    await remove()
  }
  return {
    sipPort,
    get pid() {
      return program.pid
    },
    get output() {
      return program.output
    },
    folder,
    cli,
    kill: async () => void (await program.kill()),
    restart: async () => {
      program = await start()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** The console cannot be reached for the first moments; after that, it answers when everything is loaded. */
async function untilBooted(program: RunningProgram, cli: (line: string) => Promise<string>): Promise<void> {
  await program.line(/Asterisk Ready/)
  const answer = await cli('core waitfullybooted')
  if (!answer.includes('fully booted'))
    throw new Error(`Asterisk did not start:\n${answer}\n${program.output}`)
}

async function configure(
  outside: string,
  folder: string,
  sipPort: number,
  options: AsteriskOptions,
): Promise<void> {
  // Without its own name in the hosts file, every call waits five seconds for a DNS time-out.
  await writeFile(join(asteriskRoot, 'etc/hosts'), `127.0.0.1 localhost ${hostname()}\n`)
  const rtpPorts = options.rtpPorts ?? RTP_PORTS
  const rtpStart = await freePortBlock(rtpPorts)
  const files: Record<string, string | Buffer> = {
    'asterisk.conf': asteriskConf(folder),
    'modules.conf': modulesConf([...BASIC_MODULES, ...(options.modules ?? [])]),
    'cdr.conf': '[general]\nenable=no\n',
    'logger.conf': '[general]\n[logfiles]\nconsole => notice,warning,error\n',
    'rtp.conf': `[general]\nrtpstart=${rtpStart}\nrtpend=${rtpStart + rtpPorts - 1}\nicesupport=no\n`,
    'pjsip.conf': `[udp]\ntype=transport\nprotocol=udp\nbind=127.0.0.1:${sipPort}\n\n${options.pjsip ?? ''}\n`,
    'extensions.conf': options.extensions ?? '',
    ...options.files,
  }
  const owner = await idsOf('asterisk')
  for (const [name, content] of Object.entries(files)) await writeFile(join(outside, name), content)
  // Where ARI records to, as in the spool folder of the package.
  await mkdir(join(outside, 'recording'))
  for (const name of ['.', 'recording', ...Object.keys(files)])
    await chown(join(outside, name), owner.user, owner.group)
}

function asteriskConf(folder: string): string {
  return [
    '[directories]',
    `astmoddir => ${MODULE_FOLDER}`,
    'astvarlibdir => /var/lib/asterisk',
    'astdatadir => /usr/share/asterisk',
    ...['astetcdir', 'astdbdir', 'astkeydir', 'astspooldir', 'astrundir', 'astlogdir', 'astcachedir'].map(
      (name) => `${name} => ${folder}`,
    ),
    '',
  ].join('\n')
}

function modulesConf(modules: readonly string[]): string {
  return ['[modules]', 'autoload=no', ...modules.map((name) => `load = ${name}.so`), ''].join('\n')
}

/** User and group of the chroot, whose numbers are not those of the machine. */
async function idsOf(user: string): Promise<{ user: number; group: number }> {
  const passwd = await readFile(join(asteriskRoot, 'etc/passwd'), 'utf8')
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === user)
  if (!fields) throw new Error(`the user ${user} is missing in ${asteriskRoot}/etc/passwd`)
  return { user: Number(fields[2]), group: Number(fields[3]) }
}
