/** Five hundred calls in a row leave nothing behind: no socket, timer, port or memory. The figures are printed. */
import { readdir, readFile, readlink } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { PhoneCall } from '../../../src/cli/phone/phone-call.ts'
import { callerPressesByInfo } from '../../sipp-harness/scenarios.ts'
import { runSipp } from '../../sipp-harness/sipp.ts'
import { tone, writeWav } from '../../support/audio.ts'
import { CallCenter } from '../../support/call-center.ts'
import { describeWith } from '../../support/describe-with.ts'
import { freePort, freePortBlock } from '../../support/ports.ts'
import { crew, quickCenter } from '../../support/quick-center.ts'
import { type RtpFarEnd, startRtpFarEnd } from '../../support/rtp-far-end.ts'
import { root } from '../../support/server.ts'
import { until } from '../../support/until.ts'

const JUNE_PARKER = '+12025550117'
const CREW = Array.from({ length: 10 }, (_, at) => `crew-${at}`)
/** Fills what is bounded and empty at first: the events kept for resuming, rested ports, compiled code. */
const WARM_UP = 300
const CALLS = 500
/** A contact that stays in memory, with its record and its explanation, costs more than this. */
const ALLOWED_BYTES_PER_CALL = 8 * 1024

describeWith(['sipp'], 'five hundred calls in a row', () => {
  it('leave nothing behind', { timeout: 240_000 }, async () => {
    const inspectorPort = await freePort()
    await using files = await quickCenter(crew(CREW, 'billing: 5, en: 5'))
    const command = [process.execPath, `--inspect=127.0.0.1:${inspectorPort}`, `${root}/src/main.ts`] as const
    await using center = await CallCenter.open({ center: files.path, command: [...command] })
    await using audio = await startRtpFarEnd(await freePortBlock(2))
    await using memory = await Memory.open(inspectorPort)
    const sound = await writeWav(center.file('tone'), tone(600, 1000))
    for (const agent of await center.agents(CREW)) {
      agent.phone.listen((call) => void talk(call, sound))
      await agent.available()
    }

    await makeCalls(center, audio, WARM_UP)
    const before = await figures(center, memory)
    await makeCalls(center, audio, CALLS)
    const after = await figures(center, memory)
    process.stdout.write(
      `before ${CALLS} calls: ${JSON.stringify(before)}\nafter: ${JSON.stringify(after)}\n`,
    )

    expect(after.alive).toEqual(before.alive)
    expect(after.sockets.udp).toBe(before.sockets.udp)
    // Those of the API that were kept open for the sign-ins close one by one.
    expect(after.sockets.tcp).toBeLessThanOrEqual(before.sockets.tcp)
    expect(after.files).toBe(before.files)
    expect(after.handled - before.handled).toBe(CALLS)
    expect((after.heapBytes - before.heapBytes) / CALLS).toBeLessThan(ALLOWED_BYTES_PER_CALL)
  })
})

/** The agent answers, speaks until it comes back from the caller, and hangs up. */
async function talk(call: PhoneCall, sound: string): Promise<void> {
  const heard = call.next('heard')
  await call.answer()
  await call.playAgainAndAgain(sound)
  await heard
  await call.hangUp()
}

async function makeCalls(center: CallCenter, { port: mediaPort }: RtpFarEnd, calls: number): Promise<void> {
  const scenario = callerPressesByInfo('1', { caller: JUNE_PARKER, beforeMs: 0 })
  const { sip } = center.server
  const options = {
    target: sip,
    user: '100',
    mediaPort,
    calls,
    rate: 25,
    limit: CREW.length,
    timeoutMs: 100_000,
  }
  const { successful, failed } = await runSipp(scenario, options)
  expect({ successful, failed }).toEqual({ successful: calls, failed: 0 })
}

interface Figures {
  /** Legs, contacts, offers, dialogs, transactions, timers, ... as the server counts them. */
  readonly alive: Readonly<Record<string, number>>
  /** Open UDP and TCP sockets of the process, media ports included. */
  readonly sockets: Readonly<Record<'udp' | 'tcp', number>>
  /** File descriptors that are no sockets of UDP or TCP. */
  readonly files: number
  readonly handled: number
  /** After a garbage collection. */
  readonly heapBytes: number
  readonly residentBytes: number
}

/** Once the transactions of the last call have run out (32 s after it) and its ports are closed. */
async function figures(center: CallCenter, memory: Memory): Promise<Figures> {
  const { pid, http } = center.server
  const alive = await until(
    'the last call to be forgotten',
    async () => {
      const now = await metrics(http, 'switchroom_alive')
      return now['transactions'] === 0 && now['dialogs'] === 0 && (await socketsOf(pid)).udp <= 1
        ? now
        : undefined
    },
    60_000,
  )
  const ended = await metrics(http, 'switchroom_contacts_ended_total')
  const sockets = await socketsOf(pid)
  const files = (await readdir(`/proc/${pid}/fd`)).length - sockets.udp - sockets.tcp
  const heapBytes = await memory.used()
  const { '': residentBytes = 0 } = await metrics(http, 'process_resident_memory_bytes')
  return { alive, sockets, files, handled: ended['handled'] ?? 0, heapBytes, residentBytes }
}

/** The samples of one metric, by the value of their label. */
async function metrics(http: string, name: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${http}/metrics`)).text()
  const samples = text.matchAll(new RegExp(`^${name}(?:\\{\\w+="(.*)"\\})? (\\S+)$`, 'gm'))
  return Object.fromEntries([...samples].map(([, label = '', value]) => [label, Number(value)]))
}

async function socketsOf(pid: number): Promise<{ udp: number; tcp: number }> {
  const links = await Promise.all(
    (await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
  )
  const inodes = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
  const count = async (protocol: string): Promise<number> => {
    const rows = (await readFile(`/proc/net/${protocol}`, 'utf8')).trim().split('\n').slice(1)
    return rows.filter((row) => inodes.has(row.trim().split(/\s+/)[9] ?? '')).length
  }
  return { udp: await count('udp'), tcp: await count('tcp') }
}

/** The heap of the server, seen through Node's inspector: what is garbage does not count. */
class Memory implements AsyncDisposable {
  readonly #socket: WebSocket
  #asked = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  static async open(port: number): Promise<Memory> {
    const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as [
      { webSocketDebuggerUrl: string },
    ]
    const socket = new WebSocket(target.webSocketDebuggerUrl)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return new Memory(socket)
  }

  async used(): Promise<number> {
    await this.#ask('HeapProfiler.collectGarbage')
    const { usedSize } = (await this.#ask('Runtime.getHeapUsage')) as { usedSize: number }
    return usedSize
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close()
  }

  #ask(method: string): Promise<unknown> {
    const id = ++this.#asked
    return new Promise((resolve) => {
      const listener = (data: Buffer): void => {
        const answer = JSON.parse(data.toString()) as { id?: number; result?: unknown }
        if (answer.id !== id) return
        this.#socket.off('message', listener)
        resolve(answer.result)
      }
      this.#socket.on('message', listener)
      this.#socket.send(JSON.stringify({ id, method }))
    })
  }
}
