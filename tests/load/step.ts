/** One measurement: a number of calls at one rate to one system, and what they cost. */
import { join } from 'node:path'
import type { Scenario } from '../sipp-harness/scenario.ts'
import { runSipp } from '../sipp-harness/sipp.ts'
import { percentile } from '../sipp-harness/statistics.ts'
import { freePortBlock } from '../support/ports.ts'
import { launch } from '../support/process.ts'
import { cpuOfEndedChildren, cpuOfTree, droppedDatagrams, memoryOfTree } from './cpu.ts'
import { DRIVER_CPU, type System, type SystemName } from './systems.ts'

export interface Load {
  readonly scenario: Scenario
  /** The number that is dialled. */
  readonly number: string
  /** Audio that each call must be sent, in packets of 20 ms. */
  readonly packets: number
}

export interface Step {
  readonly system: SystemName
  /** Calls a second that were offered. */
  readonly rate: number
  readonly calls: number
  readonly failed: number
  readonly retransmissions: number
  /** CPU seconds of the system, from the first call to the end of the last. */
  readonly cpuSeconds: number
  readonly callsPerCpuSecond: number
  /** Share of its CPU that the system used. */
  readonly cpuShare: number
  /** Share of its CPU that the driver used: above 0.8 it is the driver that was measured. */
  readonly driverShare: number
  /** INVITE to 200, milliseconds. */
  readonly answerMs: { readonly p50: number; readonly p99: number }
  readonly packetsPerCall: number
  readonly droppedDatagrams: number
  readonly memoryMiB: number
  /** Fewer than one call in a thousand failed, all audio arrived, and the driver kept up: the CPU time counts. */
  readonly complete: boolean
  /** Complete, and fewer than one message in a thousand calls was sent again. */
  readonly passed: boolean
}

/** Failed calls, and retransmissions, per call. */
const TOLERANCE = 0.001
/** Of the packets; the sink is no real-time program. */
const AUDIO_NEEDED = 0.99
const DRIVER_LIMIT = 0.8
/** Beyond it a step is stuck; the rest of its calls counts as failed. */
const PATIENCE_MS = 30_000
const MOST_CALLS_AT_ONCE = 10_000

export async function measure(system: System, load: Load, rate: number, seconds: number): Promise<Step> {
  const calls = Math.round(rate * seconds)
  const sinkPort = await freePortBlock(2)
  const sink = launch(DRIVER_CPU, process.execPath, [
    join(import.meta.dirname, 'rtp-sink.ts'),
    String(sinkPort),
  ])
  await sink.line(/^listening$/)

  const before = { cpu: cpuOfTree(system.pid), dropped: droppedDatagrams(), ended: cpuOfEndedChildren() }
  const began = performance.now()
  const result = await runSipp(load.scenario, {
    target: `127.0.0.1:${system.sipPort}`,
    user: load.number,
    calls,
    rate,
    limit: MOST_CALLS_AT_ONCE,
    mediaPort: sinkPort,
    timeoutMs: seconds * 1_000 + PATIENCE_MS,
    launcher: DRIVER_CPU,
  })
  const elapsed = (performance.now() - began) / 1_000
  const cpuSeconds = cpuOfTree(system.pid) - before.cpu
  await sink.stop()
  const driverSeconds = cpuOfEndedChildren() - before.ended

  const packets = Number(/packets (\d+)/.exec(sink.output)?.[1] ?? 0)
  const failed = calls - result.successful
  const step = {
    system: system.name,
    rate,
    calls,
    failed,
    retransmissions: result.retransmissions,
    cpuSeconds,
    callsPerCpuSecond: result.successful / cpuSeconds,
    cpuShare: cpuSeconds / elapsed,
    driverShare: driverSeconds / elapsed,
    answerMs: { p50: percentile(result.responseTimes, 0.5), p99: percentile(result.responseTimes, 0.99) },
    packetsPerCall: packets / calls,
    droppedDatagrams: droppedDatagrams() - before.dropped,
    memoryMiB: memoryOfTree(system.pid),
  }
  const complete =
    failed <= calls * TOLERANCE &&
    packets >= calls * load.packets * AUDIO_NEEDED &&
    step.driverShare < DRIVER_LIMIT
  return { ...step, complete, passed: complete && result.retransmissions <= calls * TOLERANCE }
}
