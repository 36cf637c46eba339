/**
 * The programs of others that suites talk to. A suite whose peer is not on the machine is skipped by name, and
 * `npm test` prints the line that installs it; the build machine has all of them, and there a skip is a failure.
 */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { asteriskRoot } from './asterisk-root.ts'
import { valkeyRoot } from './valkey-root.ts'

export interface Peer {
  /** What is tested with it. */
  readonly purpose: string
  /** Path of the program; undefined when it is not there. */
  readonly find: () => string | undefined
  /** The command that installs it, on Debian. */
  readonly install: string
  /** Whether the build machine must have it. */
  readonly required: boolean
}

const isRoot = process.getuid?.() === 0

export const peers = {
  sipp: {
    purpose: 'calls from an independent SIP stack',
    find: () => inPath('sipp'),
    install: 'apt-get install --no-install-recommends sip-tester',
    required: true,
  },
  baresip: {
    purpose: 'an unmodified softphone as caller and agent',
    find: () => inPath('baresip'),
    install: 'apt-get install --no-install-recommends baresip-core',
    required: true,
  },
  asterisk: {
    purpose: 'the asterisk backend, trunks, and the benchmark beside it, on a real Asterisk 22',
    find: () => (isRoot ? existing(join(asteriskRoot, 'usr/sbin/asterisk')) : undefined),
    install: 'as root: apt-get install --no-install-recommends mmdebstrap && scripts/asterisk-chroot.sh',
    required: true,
  },
  drachtio: {
    purpose: 'the drachtio backend on a real drachtio-server',
    find: () => process.env['SWITCHROOM_TEST_DRACHTIO'],
    install: 'start drachtio-server as docs/drachtio.md says, SWITCHROOM_TEST_DRACHTIO=secret@127.0.0.1:9022',
    required: false,
  },
  freeswitch: {
    purpose: 'the drachtio backend on a real FreeSWITCH',
    find: () => process.env['SWITCHROOM_TEST_FREESWITCH'],
    install: 'start FreeSWITCH as docs/drachtio.md says, SWITCHROOM_TEST_FREESWITCH=password@127.0.0.1:8021',
    required: false,
  },
  redis: {
    purpose: 'state in Redis',
    find: () => inPath('redis-server') ?? inPath('valkey-server'),
    install: 'apt-get install --no-install-recommends redis-server',
    required: true,
  },
  valkey: {
    purpose: 'state in Valkey',
    find: () => inPath('valkey-server') ?? existing(join(valkeyRoot, 'valkey-server')),
    install: 'as root: apt-get install --no-install-recommends mmdebstrap && scripts/valkey.sh',
    required: false,
  },
  postgres: {
    purpose: 'the database in PostgreSQL',
    find: () => newestPostgres() ?? inPath('postgres'),
    install: 'apt-get install --no-install-recommends postgresql',
    required: true,
  },
  chromium: {
    purpose: 'the agent desk in a browser',
    find: () => inPath('chromium') ?? inPath('chromium-browser') ?? inPath('google-chrome'),
    install: 'apt-get install --no-install-recommends chromium',
    required: true,
  },
  espeak: {
    purpose: 'rendering prompts of languages that the embedded voice lacks',
    find: () => inPath('espeak-ng'),
    install: 'apt-get install --no-install-recommends espeak-ng',
    required: false,
  },
  tshark: {
    purpose: 'capture files of traced calls, read by the tool that people read them with',
    find: () => inPath('tshark'),
    install: 'apt-get install --no-install-recommends tshark',
    required: true,
  },
} satisfies Record<string, Peer>

export type PeerName = keyof typeof peers

export const peerNames = Object.keys(peers) as PeerName[]

/** How the name of a suite tells what it needs. */
export function needOf(name: PeerName): string {
  return `[needs ${name}]`
}

export function missing(name: PeerName): boolean {
  return peers[name].find() === undefined
}

/** The program's path. @throws when it is missing: call it inside `describeWith` only. */
export function program(name: PeerName): string {
  const found = peers[name].find()
  if (found === undefined) throw new Error(`${name} is not installed: ${peers[name].install}`)
  return found
}

function inPath(command: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, command)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not in this folder.
    }
  }
  return undefined
}

function existing(file: string): string | undefined {
  return existsSync(file) ? file : undefined
}

/** Debian keeps the server's programs out of PATH, in a folder per major version. */
function newestPostgres(): string | undefined {
  const home = '/usr/lib/postgresql'
  if (!existsSync(home)) return undefined
  const [newest] = readdirSync(home).sort((a, b) => Number(b) - Number(a))
  return newest === undefined ? undefined : existing(join(home, newest, 'bin/postgres'))
}
