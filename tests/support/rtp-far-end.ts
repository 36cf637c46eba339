/**
 * The far end of many calls' audio on one port, in a thread of its own: echoes every packet to where it came from
 * and measures how late each was, beside a timer loop that has nothing to do.
 */
import { createSocket } from 'node:dgram'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { emptyHeader, readRtp } from '../../src/telephony/embedded/media/rtp.ts'
import { percentile } from '../sipp-harness/statistics.ts'

/** Of the bare timer loop: as often as the media worker looks what is due. */
const TICK_MS = 5
const TICKS_PER_MS = 8
const HOST = '127.0.0.1'

export interface RtpFigures {
  /** Streams that were heard, by their source. */
  readonly streams: number
  readonly packets: number
  /** Packets missing in between, by sequence number. */
  readonly lost: number
  /** 99th percentile of lateness: arrival against the stream's own timestamps, its earliest packet being in time. */
  readonly p99Ms: number
  /** The same of the bare timer loop. */
  readonly bareP99Ms: number
}

export interface RtpFarEnd extends AsyncDisposable {
  readonly port: number
  /** Figures of the next so many packets. */
  measure(packets: number): Promise<RtpFigures>
}

export async function startRtpFarEnd(port: number): Promise<RtpFarEnd> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { port } })
  const next = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
  await next()
  return {
    port,
    measure: (packets) => {
      const figures = next<RtpFigures>()
      worker.postMessage(packets)
      return figures
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate()
    },
  }
}

interface Stream {
  /** Arrival minus due time by the timestamps, counted from the first packet. */
  readonly shifted: number[]
  readonly firstTimestamp: number
  readonly first: number
  last: number
}

function run({ port }: { port: number }): void {
  const streams = new Map<string, Stream>()
  let bare: number[] = []
  let wanted = 0
  const header = emptyHeader()
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 })
  const measure = (at: number, source: string): void => {
    const { sequence, timestamp } = header
    const name = `${source} ${header.ssrc}`
    const fresh = { shifted: [], firstTimestamp: timestamp, first: sequence, last: sequence }
    const stream = streams.get(name) ?? fresh
    streams.set(name, stream)
    stream.last = sequence
    stream.shifted.push(at - ((timestamp - stream.firstTimestamp) >>> 0) / TICKS_PER_MS)
    if (--wanted === 0) parentPort?.postMessage(figuresOf([...streams.values()], bare))
  }
  socket.on('message', (packet, { port: from, address }) => {
    const at = performance.now()
    socket.send(packet, from, address)
    if (wanted > 0 && readRtp(packet, header)) measure(at, `${address}:${from}`)
  })
  const tick = (due: number): void => {
    bare.push(performance.now() - due)
    setTimeout(tick, Math.max(0, due + TICK_MS - performance.now()), due + TICK_MS)
  }
  tick(performance.now())
  parentPort?.on('message', (packets: number) => {
    streams.clear()
    bare = []
    wanted = packets
  })
  socket.bind(port, HOST, () => parentPort?.postMessage('ready'))
}

function figuresOf(streams: readonly Stream[], bare: readonly number[]): RtpFigures {
  const late = streams.flatMap(({ shifted }) => {
    const best = Math.min(...shifted)
    return shifted.map((time) => time - best)
  })
  const packets = streams.reduce((sum, { shifted }) => sum + shifted.length, 0)
  const expected = streams.reduce((sum, { first, last }) => sum + (((last - first) & 0xffff) + 1), 0)
  const earliest = Math.min(...bare)
  return {
    streams: streams.length,
    packets,
    lost: expected - packets,
    p99Ms: p99(late),
    bareP99Ms: p99(bare.map((late) => late - earliest)),
  }
}

function p99(values: readonly number[]): number {
  return percentile(
    values.toSorted((one, other) => one - other),
    0.99,
  )
}

if (!isMainThread) run(workerData as { port: number })
