/**
 * A queue with logged-in agents, on ours and on Asterisk's app_queue, each on the same CPU. Number `200 + n` is queue
 * n. Every agent is at the same SIPp, which answers for all of them.
 */
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startAsterisk } from '../support/asterisk.ts'
import { startServer } from '../support/server.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { registerAgents } from './queue-agents.ts'
import { SYSTEM_CPU, type System, type SystemName } from './systems.ts'

export interface QueueFloor {
  readonly agents: number
  /** Queues that every agent serves. */
  readonly queues: number
  /** False: they are logged in and take no calls. */
  readonly available: boolean
}

const RTP_PORTS = 6_000
/** Longer than any step. */
const OFFER_SECONDS = 60
const PASSWORD = 'everybody-knows-this'

export function startQueue(name: SystemName, floor: QueueFloor, agentPort: number): Promise<System> {
  return name === 'switchroom' ? startOurs(floor, agentPort) : startTheirs(floor, agentPort)
}

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at + 1}`)

/** As delivered: with its log, its database, a row for every call, and phones that registered. */
async function startOurs(floor: QueueFloor, agentPort: number): Promise<System> {
  const center = await centerWith(floor)
  const server = await startServer({
    center: center.path,
    launcher: SYSTEM_CPU,
    rtpPorts: RTP_PORTS,
    set: { 'limits.calls': RTP_PORTS / 2 },
  })
  const end = async (): Promise<void> => {
    await server[Symbol.asyncDispose]()
    await center.remove()
  }
  try {
    const agents = names('agent', floor.agents)
    await registerAgents(server.sip, agents, PASSWORD, agentPort)
    for (const agent of agents) await signIn(server.http, agent, floor.available)
  } catch (error) {
    await end()
    throw error
  }
  return {
    name: 'switchroom',
    version: `Node ${process.versions.node}`,
    sipPort: server.sipPort,
    pid: server.pid,
    [Symbol.asyncDispose]: end,
  }
}

async function centerWith({ agents, queues }: QueueFloor): Promise<Awaited<ReturnType<typeof tempFolder>>> {
  const folder = await tempFolder('bench-queue')
  await cp(join(import.meta.dirname, 'center'), folder.path, { recursive: true })
  const ids = names('queue', queues)
  const queue = (id: string) => ({
    name: id,
    members: { [id]: 1 },
    offerTime: `${OFFER_SECONDS}s`,
    wrapUp: '0s',
    noAnswerLimit: 0,
  })
  const skills = Object.fromEntries(ids.map((id) => [id, 1]))
  const person = (id: string) => ({ name: id, role: 'agent', skills })
  const table = <Value>(keys: readonly string[], value: (key: string) => Value): Record<string, Value> =>
    Object.fromEntries(keys.map((key) => [key, value(key)]))
  const files = {
    'config/skills.yaml': { skills: table(ids, (id) => ({ name: id })) },
    'config/queues.yaml': { queues: table(ids, queue) },
    'config/demo.yaml': { password: PASSWORD, people: table(names('agent', agents), person), customers: {} },
    'config/numbers.yaml': {
      numbers: Object.fromEntries(
        ids.map((id, at) => [`${200 + at}`, { name: id, flow: 'wait', variables: { line: id } }]),
      ),
    },
    'ivr-flows/wait.flow.yaml': {
      flow: 'wait',
      start: 'line',
      languages: ['en'],
      variables: { line: { type: 'string' } },
      nodes: {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the flow's expression
        line: { type: 'queue', queue: '${line}', next: 'bye' },
        bye: { type: 'hangup' },
      },
    },
  }
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder.path, name), JSON.stringify(content))
  }
  return folder
}

async function signIn(http: string, username: string, available: boolean): Promise<void> {
  const session = await post(`${http}/v1/session`, { username, password: PASSWORD })
  const { token } = (await session.json()) as { token: string }
  if (available) await post(`${http}/v1/agents/me/available`, {}, token)
}

async function post(url: string, body: object, token?: string): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return response
}

/**
 * In its favour: only the modules that it needs, neither call records nor events, phones that need not register, no
 * music. `autofill` is on: without it callers wait for one another.
 */
async function startTheirs(floor: QueueFloor, agentPort: number): Promise<System> {
  const agents = names('agent', floor.agents)
  const queues = names('queue', floor.queues)
  const members = agents.map((agent) => `member => PJSIP/${agent},0,${agent},PJSIP/${agent}`)
  const endpoint = (name: string): string[] => [
    `[${name}]`,
    'type=endpoint',
    'context=bench',
    'disallow=all',
    'allow=ulaw',
    'media_address=127.0.0.1',
    'direct_media=no',
  ]
  const asterisk = await startAsterisk(() => ({
    launcher: SYSTEM_CPU,
    rtpPorts: RTP_PORTS,
    modules: ['app_queue', 'res_musiconhold', 'app_stack'],
    pjsip: [
      ...endpoint('anonymous'),
      ...agents.flatMap((agent) => [
        ...endpoint(agent),
        'device_state_busy_at=1',
        `aors=${agent}`,
        `[${agent}]`,
        'type=aor',
        `contact=sip:${agent}@127.0.0.1:${agentPort}`,
      ]),
    ].join('\n'),
    extensions: [
      '[bench]',
      ...queues.flatMap((queue, at) => [
        `exten => ${200 + at},1,Answer()`,
        ` same => n,Queue(${queue})`,
        ' same => n,Hangup()',
      ]),
      '',
    ].join('\n'),
    files: {
      'musiconhold.conf': '[general]\n',
      'queues.conf': [
        '[general]',
        'autofill=yes',
        ...queues.flatMap((queue) => [
          `[${queue}]`,
          'strategy=leastrecent',
          `timeout=${OFFER_SECONDS}`,
          'retry=1',
          'wrapuptime=0',
          'ringinuse=no',
          'joinempty=yes',
          ...members,
        ]),
        '',
      ].join('\n'),
    },
  }))
  if (!floor.available) for (const agent of agents) await asterisk.cli(`queue pause member PJSIP/${agent}`)
  return {
    name: 'asterisk',
    version: /\d+(\.\d+)+/.exec(await asterisk.cli('core show version'))?.[0] ?? 'unknown',
    sipPort: asterisk.sipPort,
    pid: asterisk.pid,
    [Symbol.asyncDispose]: () => asterisk[Symbol.asyncDispose](),
  }
}
