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
/** What collectors keep for later moves by some MiB from one moment to the next. */
const ALLOWED_RESIDENT_BYTES = 12 << 20

describeWith(['sipp'], 'five hundred calls in a row', () => {
  it('leave nothing behind', { timeout: 240_000 }, async () => {
    const inspectorPort = await freePort()
    await using files = await quickCenter(crew(CREW, 'billing: 5, en: 5'))
    const command = [process.execPath, `--inspect=127.0.0.1:${inspectorPort}`, `${root}/src/main.ts`] as const
    // The traces of the latest calls are kept in a space of fixed size: here one that is full after the warm-up.
    const set = { 'trace.memory': 1 }
    await using center = await CallCenter.open({ center: files.path, command: [...command], set })
    await using audio = await startRtpFarEnd(await freePortBlock(2))
    await using heaps = await Heaps.open(inspectorPort)
    const sound = await writeWav(center.file('tone'), tone(600, 1000))
    for (const agent of await center.agents(CREW)) {
      agent.phone.listen((call) => void talk(call, sound))
      await agent.available()
    }

    await makeCalls(center, audio, WARM_UP)
    const before = await figures(center, heaps)
    await makeCalls(center, audio, CALLS)
    const after = await figures(center, heaps)
    process.stdout.write(
      `before ${CALLS} calls: ${JSON.stringify(before)}\nafter: ${JSON.stringify(after)}\n`,
    )

    expect(after.alive).toEqual(before.alive)
    expect(after.sockets.udp).toBe(before.sockets.udp)
    // Those of the API that were kept open for the sign-ins close one by one.
    expect(after.sockets.tcp).toBeLessThanOrEqual(before.sockets.tcp)
    expect(after.files).toBe(before.files)
    expect(after.handled - before.handled).toBe(CALLS)
    expect(Object.keys(after.heapBytes).sort()).toEqual(['database', 'main', 'media'])
    for (const [thread, bytes] of Object.entries(after.heapBytes)) {
      const perCall = (bytes - (before.heapBytes[thread] ?? 0)) / CALLS
      expect(perCall, `bytes per call in the heap of ${thread}`).toBeLessThan(ALLOWED_BYTES_PER_CALL)
    }
    expect(after.residentBytes - before.residentBytes).toBeLessThan(ALLOWED_RESIDENT_BYTES)
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
  /** By thread, after a garbage collection. */
  readonly heapBytes: Readonly<Record<string, number>>
  readonly residentBytes: number
}

/** Once the transactions of the last call have run out (32 s after it) and its ports are closed. */
async function figures(center: CallCenter, heaps: Heaps): Promise<Figures> {
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
  const heapBytes = await heaps.used()
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

interface InspectorMessage {
  readonly id?: number
  readonly result?: unknown
  readonly method?: string
  readonly params?: unknown
}

/** The heaps of the server's threads, seen through Node's inspector: what is garbage does not count. */
class Heaps implements AsyncDisposable {
  readonly #socket: WebSocket
  /** Inspector sessions of the worker threads, by their names. */
  readonly #workers = new Map<string, string>()
  #asked = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    this.#listen((message) => {
      if (message.method !== 'NodeWorker.attachedToWorker') return
      const { sessionId, workerInfo } = message.params as { sessionId: string; workerInfo: { title: string } }
      this.#workers.set(workerInfo.title.replace(/^.*\] /, ''), sessionId)
    })
  }

  static async open(port: number): Promise<Heaps> {
    const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as [
      { webSocketDebuggerUrl: string },
    ]
    const socket = new WebSocket(target.webSocketDebuggerUrl)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    const heaps = new Heaps(socket)
    await heaps.#ask('NodeWorker.enable', { waitForDebuggerOnStart: false })
    return heaps
  }

  /** Bytes in use after a garbage collection, by thread. */
  async used(): Promise<Record<string, number>> {
    const used: Record<string, number> = { main: await usedAfterCollection(this.#ask) }
    for (const [name, session] of this.#workers) {
      used[name] = await usedAfterCollection((method) => this.#askWorker(session, method))
    }
    return used
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close()
  }

  readonly #ask = (method: string, params: object = {}): Promise<unknown> => {
    const id = ++this.#asked
    const answer = this.#answer(id, (message) => message)
    this.#socket.send(JSON.stringify({ id, method, params }))
    return answer
  }

  #askWorker(sessionId: string, method: string): Promise<unknown> {
    const id = ++this.#asked
    const answer = this.#answer(id, ({ method: said, params }) => {
      if (said !== 'NodeWorker.receivedMessageFromWorker') return undefined
      const { sessionId: from, message } = params as { sessionId: string; message: string }
      return from === sessionId ? (JSON.parse(message) as InspectorMessage) : undefined
    })
    const message = JSON.stringify({ id, method })
    void this.#ask('NodeWorker.sendMessageToWorker', { sessionId, message })
    return answer
  }

  #answer(id: number, open: (message: InspectorMessage) => InspectorMessage | undefined): Promise<unknown> {
    return new Promise((resolve) => {
      const stop = this.#listen((outer) => {
        const message = open(outer)
        if (message?.id !== id) return
        stop()
        resolve(message.result)
      })
    })
  }

  #listen(listener: (message: InspectorMessage) => void): () => void {
    const hear = (data: Buffer): void => listener(JSON.parse(data.toString()) as InspectorMessage)
    this.#socket.on('message', hear)
    return () => this.#socket.off('message', hear)
  }
}

async function usedAfterCollection(ask: (method: string) => Promise<unknown>): Promise<number> {
  await ask('HeapProfiler.collectGarbage')
  const { usedSize } = (await ask('Runtime.getHeapUsage')) as { usedSize: number }
  return usedSize
}
