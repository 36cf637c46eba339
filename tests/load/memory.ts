/**
 * Resident memory of the server, all its threads and the embedded database included: at its start, after calls in
 * a row, and with calls that are up.
 */
import { callerHangsUp, serverHangsUp } from '../sipp-harness/scenarios.ts'
import { runSipp, startSipp } from '../sipp-harness/sipp.ts'
import { until } from '../support/until.ts'
import { memoryOfTree } from './cpu.ts'
import { DRIVER_CPU, type System } from './systems.ts'

export interface MemoryReport {
  readonly startMiB: number
  /** After so many calls in all, which answer and hang up at `CALLS_PER_SECOND`. */
  readonly after: readonly { readonly calls: number; readonly mib: number }[]
  /** While so many calls hear a prompt. */
  readonly established: { readonly calls: number; readonly mib: number; readonly kibPerCall: number }
}

const CALLS_PER_SECOND = 200
const STAGES = [500, 5_000]
const PATIENCE_MS = 60_000
const HELD = { calls: 400, perSecond: 100, talkMs: 10_000 }

/** @param system just started */
export async function measureMemory(system: System): Promise<MemoryReport> {
  const target = `127.0.0.1:${system.sipPort}`
  const startMiB = memoryOfTree(system.pid)
  const after: { calls: number; mib: number }[] = []
  let done = 0
  for (const calls of STAGES) {
    const count = { calls: calls - done, rate: CALLS_PER_SECOND, limit: calls }
    await runSipp(serverHangsUp(), { target, user: '100', ...count, launcher: DRIVER_CPU })
    done = calls
    after.push({ calls, mib: memoryOfTree(system.pid) })
  }
  return { startMiB, after, established: await hold(system, target) }
}

/** The calls are answered one after the other, so all of them are up for the rest of what the first one talks. */
async function hold(system: System, target: string): Promise<MemoryReport['established']> {
  const before = memoryOfTree(system.pid)
  const { calls, perSecond, talkMs } = HELD
  await using sipp = await startSipp(callerHangsUp({ talkMs }), {
    target,
    user: '102',
    calls,
    rate: perSecond,
    limit: calls,
    launcher: DRIVER_CPU,
  })
  let highest = before
  let over = false
  const result = sipp.result.finally(() => {
    over = true
  })
  const sample = (): boolean => {
    highest = Math.max(highest, memoryOfTree(system.pid))
    return over
  }
  await until('the calls are over', sample, PATIENCE_MS)
  const { successful } = await result
  return { calls: successful, mib: highest, kibPerCall: ((highest - before) * 1_024) / successful }
}
