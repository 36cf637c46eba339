/** The agents of the queue benchmark: one SIPp registers for all of them, one answers for all of them. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scenario } from '../sipp-harness/scenario.ts'
import { phoneAnswersAndHangsUp, registers } from '../sipp-harness/scenarios.ts'
import { type RunningSipp, runSipp, startSipp } from '../sipp-harness/sipp.ts'
import { DRIVER_CPU } from './systems.ts'

const REGISTERED_SECONDS = 3_600
const REGISTRATIONS_PER_SECOND = 100

/** @throws when somebody could not register */
export async function registerAgents(
  target: string,
  agents: readonly string[],
  password: string,
  port: number,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'agents-'))
  try {
    const users = join(folder, 'agents.csv')
    await writeFile(
      users,
      [
        'SEQUENTIAL',
        ...agents.map((agent) => `${agent};[authentication username=${agent} password=${password}]`),
        '',
      ].join('\n'),
    )
    const result = await runSipp(registersEverybody(port), {
      target,
      calls: agents.length,
      rate: REGISTRATIONS_PER_SECOND,
      args: ['-inf', users],
    })
    if (result.successful < agents.length) throw new Error(`agents did not register: ${result.errors}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The scenario for one user, with the user of each call taken from the file. */
function registersEverybody(port: number): Scenario {
  const scenario = registers({ expires: REGISTERED_SECONDS, contact: `127.0.0.1:${port}` })
  const steps = scenario.steps.map((step) => {
    if (!('send' in step)) return step
    const send = step.send.map((line) =>
      line.replaceAll('[service]', '[field0]').replace('[authentication]', '[field1]'),
    )
    return { ...step, send }
  })
  return { name: 'everybody registers', steps }
}

export interface Agents extends AsyncDisposable {
  readonly port: number
  readonly sipp: RunningSipp
  /** Milliseconds from an agent's BYE to the next INVITE at the same agent, ascending; needs `logged`. */
  gaps(): Promise<readonly number[]>
}

/**
 * Answers for every agent and hangs up after a talk.
 * @param logged writes each message to a file: for small loads only
 */
export async function startAgents(port: number, talkMs: number, logged = false): Promise<Agents> {
  const folder = await mkdtemp(join(tmpdir(), 'agents-'))
  const log = join(folder, 'messages.log')
  const sipp = await startSipp(phoneAnswersAndHangsUp({ talkMs }), {
    port,
    launcher: DRIVER_CPU,
    args: logged ? ['-trace_msg', '-message_file', log] : [],
  })
  return {
    port,
    sipp,
    gaps: async () => {
      const files = await readdir(folder)
      const texts = await Promise.all(files.sort().map((file) => readFile(join(folder, file), 'utf8')))
      return gapsOf(texts.join('\n'))
    },
    [Symbol.asyncDispose]: async () => {
      await sipp.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Reads SIPp's log of messages: a line with the time, one that says which way, then the message. */
export function gapsOf(log: string): number[] {
  const idleSince = new Map<string, number>()
  const agentOf = new Map<string, string>()
  const hungUp = new Set<string>()
  const gaps: number[] = []
  for (const part of log.split(/^-{10,} /m)) {
    const [, day, second = '', micros] = /^(\S+) (\d\d:\d\d:\d\d)\.(\d{6})/.exec(part) ?? []
    const call = /^Call-ID:\s*(\S+)/im.exec(part)?.[1]
    if (day === undefined || call === undefined) continue
    const at = Date.parse(`${day}T${second}Z`) + Number(micros) / 1_000
    const invited = /^INVITE sips?:([^@;]+)@/m.exec(part)?.[1]
    if (invited !== undefined && !agentOf.has(call)) {
      agentOf.set(call, invited)
      const since = idleSince.get(invited)
      if (since !== undefined) gaps.push(at - since)
    }
    const agent = agentOf.get(call)
    if (agent !== undefined && /^BYE /m.test(part) && !hungUp.has(call)) {
      hungUp.add(call)
      idleSince.set(agent, at)
    }
  }
  return gaps.sort((one, other) => one - other)
}
